"""The forms in which a client of JavaScript's hands a value over, and those in which it takes it."""

from functools import lru_cache

from attrs import evolve

from pgkit.backends.values import (
    ArrayValue,
    CompositeValue,
    EnumValue,
    Own,
    ScalarValue,
    TextValue,
    Value,
    own_of,
    owned,
)
from pgkit.ir.types import Named, Scalar
from pgkit.ir.wire import DRIVERS, Client, Wire, element_form, sent, sent_as_text, wire

_KNOWN = 1 << 14
_TEXT = (Wire.INT64, Wire.NUMERIC, Wire.STRING, Wire.GUID, Wire.BITS, Wire.TIME)  # as Postgres writes them


def formed(value: Value, client: Client) -> Value:
    """A value as a client hands it over."""
    if client in DRIVERS:
        return _driven(value, client)
    match value:
        case ScalarValue(type) if client == "drizzle":
            return evolve(value, form=wire(type.row, client))
        case ArrayValue(of):
            return evolve(value, of=formed(of, client))
        case _:
            return value


def reformed(value: Value, own: Own, client: Client) -> Value:
    """A value that has its form, with this said of it, too."""
    said = owned(value, own)
    return _driven(said, client) if client in DRIVERS else said


@lru_cache(_KNOWN)
def given(value: Value, client: Client) -> Value:
    """What a client takes as a parameter for a value that it hands over like this."""
    value = _closed(value)
    if client not in DRIVERS:
        return value
    match value:
        case ScalarValue(form=form):
            untyped = client == "postgres" and value.through_domain and form is Wire.PARSED_JSON
            return evolve(value, form=Wire.STRING if untyped else sent(form, client))
        case ArrayValue(of):
            return evolve(value, of=given(of, client), raw=_is_given_raw(value, of, client))
        case _:
            return value


def _closed(value: Value) -> Value:
    """Without labels that are not listed, which may be read and not written."""
    match value:
        case EnumValue(open=True):
            return evolve(value, open=False)
        case ArrayValue(of) if (closed := _closed(of)) is not of:
            return evolve(value, of=closed)
        case _:
            return value


def _is_given_raw(value: ArrayValue, of: Value, client: Client) -> bool:
    """Whether an array is given as text: postgres.js does not see through a domain."""
    if client == "postgres" and value.through_domain:
        return True
    return isinstance(of, ScalarValue) and sent_as_text(of.type.row, of.form, client)


def _driven(value: Value, client: Client) -> Value:
    match value:
        case ScalarValue(type):
            return _infinite(evolve(value, form=wire(type.row, client)))
        case TextValue(Scalar() as type, own=own) if own.infinity == "text":
            return _driven(ScalarValue(type, value.through_domain, own=own), client)
        case ArrayValue(of):
            return _array(value, of, client)
        case CompositeValue(composite) if not value.own.replaces:
            return TextValue(Named(composite.ref), value.through_domain, value.own)
        case _:
            return value


def _infinite(value: ScalarValue) -> ScalarValue:
    """A Date alone, where the project says that there is no infinity."""
    if value.own.infinity == "error" and value.form is Wire.MOMENT_OR_INFINITY:
        return evolve(value, form=Wire.FINITE_MOMENT)
    return value


def _array(value: ArrayValue, of: Value, client: Client) -> ArrayValue:
    """An array; node-postgres has most as text, unless the project says what the elements are."""
    element = _driven(of, client)
    match element:
        case ScalarValue(type, through_domain=False):
            form = element_form(type.row, client)
            known = element if form is None else _infinite(evolve(element, form=form))
            return evolve(value, of=known, raw=form is None and not own_of(of).replaces)
        case _ if client == "pg":
            return evolve(value, of=element, raw=not own_of(of).replaces)
        case ScalarValue(form=form):  # through a domain, postgres.js has the text of elements
            return evolve(value, of=evolve(element, form=form if form in _TEXT else Wire.STRING))
        case _:
            return evolve(value, of=element)
