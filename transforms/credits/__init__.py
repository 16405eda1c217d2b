"""How agencies and people are named: the parts of `transforms.agencies` and `transforms.bylines`.

`rules` reads the table of agencies, `slots` and `lines` know where a credit stands and what it looks
like, `roles` and `names` take job titles off people and put their names in order.
"""
