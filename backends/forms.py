"""The form that a client of JavaScript's gives each value: arrays and composites of some come as raw text."""

from attrs import evolve

from pgkit.backends.values import ArrayValue, ScalarValue, Value
from pgkit.ir.wire import Client, wire


def formed(value: Value, client: Client) -> Value:
    """A value as a client hands it over."""
    match value:
        case _ if client == "json":
            return value
        case ScalarValue(type):
            return evolve(value, form=wire(type.row, client))
        case ArrayValue(of):
            return evolve(value, of=formed(of, client))
        case _:
            return value
