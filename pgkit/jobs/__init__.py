"""The jobs, each a straight line: gen, show, drift, replay.

Invariant: a job joins frontends, passes, backends and the runtime; it knows no arguments and prints nothing.
"""
