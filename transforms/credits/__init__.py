"""How agencies and people are named: the parts of `transforms.agencies` and `transforms.bylines`.

`rules` reads the table of agencies, `slots` and `lines` know where a credit stands and what it looks
like, `signatures` reads lines that are nothing but a credit, `printed` finds such lines on a page,
`overlap` credits copies by what they run; `roles` and `names` take job titles off people and put
their names in order.
"""
