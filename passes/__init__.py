"""Passes take and give IR: bind, normalize, compare, order.

Invariant: pure functions of values; no I/O, no SQL text, no kind of object by name where a mark will do.
"""
