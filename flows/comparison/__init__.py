"""The steps of a comparison, each a function of what the tables hold: matches, clusters, furniture,
passages. `flows/compare.py` takes them in turn.
"""
