"""What each line of a text is: prose, caption, credit, sub-heading, promotion, link.

`judge` decides, from the `shapes` of lines and the `words` promotions are made of; `wrapping` joins
lines that were wrapped at a column, `restated` finds what a text says twice.
`transforms.plaintext` uses them.
"""
