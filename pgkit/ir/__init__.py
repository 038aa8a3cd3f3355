"""The typed IR: immutable values for everything a Postgres schema declares.

Invariant: no I/O, no target language, no SQL is made here; every mention of another object is a Ref.
"""
