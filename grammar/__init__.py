"""Grammars: Postgres's own parser for SQL text.

Invariant: text in, IR values out; nothing here knows where the text came from or what is printed from it.
"""
