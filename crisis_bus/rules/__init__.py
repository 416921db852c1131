"""The rules: one file per chapter of the rule book, pure functions over a case.

A chapter changes the office only through its `Case`, and calls other chapters only by their public
functions. Nothing here reads a clock, an environment, a random number or a network.
"""
