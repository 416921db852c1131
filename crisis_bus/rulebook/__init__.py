"""The rule book's index: from the id of a rule to its text, its code and its tests.

The texts are data; where a rule is kept is read from the docstrings, and how it is proven from the marks of the tests.
"""
