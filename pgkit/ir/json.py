"""The IR as JSON: pgkit's snapshots.

    {"pgkit": 1, "postgres": 18, "tables": [{"name": "t", "columns": [{"name": "a", "type": "integer"}]}]}

Sorted, defaults left out; a Ref is ["column", "s", "t", "c"], a type its SQL text or the Ref of its
declaration, an expression is tagged `is`, numbers are strings.
"""

import hashlib
import re
from typing import Any, Final

import attrs
import orjson
from cattrs import Converter, ForbiddenExtraKeysError
from cattrs.errors import BaseValidationError
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from pgkit.diag import fail
from pgkit.ir.catalog import KINDS, Catalog
from pgkit.ir.constraints import IndexKey
from pgkit.ir.expr import Call, Cast, Expr, Hole, Lit, Opaque
from pgkit.ir.fields import Mark, fields_marked
from pgkit.ir.kinds import Unmodelled
from pgkit.ir.names import Ref
from pgkit.ir.relations import Generated, Identity, SequenceOptions
from pgkit.ir.type_text import parse_type, type_text
from pgkit.ir.types import Array, Named, PgType, Scalar

VERSION: Final = 1
_EXPRS: Final = {cls.__name__.lower(): cls for cls in (Lit, Call, Cast, Opaque)}
_PARTS: Final = (Hole, SequenceOptions, Identity, Generated, IndexKey, Unmodelled)
_PLAIN: Final = re.compile(r'[a-z0-9_ ]+|"char"')


def dumps(catalog: Catalog) -> str:
    """A catalog as a snapshot: the same text for equal catalogs."""
    body = {"pgkit": VERSION, **_CONVERTER.unstructure(sort(catalog))}
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode() + "\n"


def loads(text: str | bytes, name: str = "snapshot") -> Catalog:
    """The catalog of a snapshot. Raises PgkitError for what is no snapshot or of a later version."""
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError as e:
        raise fail("bad-snapshot", f"not JSON: {e.msg}", where=f"{name}:{e.lineno}:{e.colno}") from None
    version = body.pop("pgkit", None) if isinstance(body, dict) else None
    if version != VERSION:
        raise fail(
            "snapshot-version",
            f"not a pgkit snapshot of version {VERSION}"
            if version is None
            else f"snapshot version {version}",
            where=name,
            help=f"this pgkit reads version {VERSION}; write the snapshot again with `pgkit show --as json`",
        )
    try:
        return _CONVERTER.structure(body, Catalog)
    except (BaseValidationError, ForbiddenExtraKeysError, KeyError, TypeError, ValueError) as e:
        raise fail("bad-snapshot", f"not a catalog: {_first_problem(e)}", where=name) from None


def fingerprint(catalog: Catalog) -> str:
    """The sha256, in hex, of the catalog's snapshot."""
    return hashlib.sha256(dumps(catalog).encode()).hexdigest()


def sort(catalog: Catalog) -> Catalog:
    """The catalog with its objects by schema and name, code point by code point."""

    def key(obj: Any) -> tuple[str, ...]:
        return (getattr(obj, "schema", None) or "", obj.name, obj.kind, getattr(obj, "member", ""))

    ordered: dict[str, Any] = {
        name: tuple(sorted(getattr(catalog, name), key=key)) for name in fields_marked(Catalog, Mark.MEMBERS)
    }
    return attrs.evolve(catalog, **ordered)


def _dump_type(type: PgType) -> Any:
    match type:
        case Scalar(name, _, ""):
            text = type_text(type)
            if _PLAIN.fullmatch(name) and parse_type(text) == type:
                return text
            return ["scalar", "", name, *type.mods]
        case Scalar(name, mods, schema):
            return ["scalar", schema, name, *mods]
        case Array(of, dims):
            return ["array", str(dims), _dump_type(of)]
        case Named(ref):
            return _dump_ref(ref)


def _load_type(value: Any, _: Any = None) -> PgType:
    match value:
        case str():
            return parse_type(value)
        case ["scalar", str(schema), str(name), *mods] if all(isinstance(m, str) for m in mods):
            return Scalar(name, tuple(mods), schema)
        case ["array", str(dims), of] if dims.isdigit():
            return Array(_load_type(of), int(dims))
        case list():
            return Named(_load_ref(value))
    raise ValueError(f"expected a type, found {value!r}")


def _dump_ref(ref: Ref) -> list[str]:
    parts = [ref.kind, ref.schema, ref.name]
    if ref.member:
        parts.append(ref.member)
    return [*parts, ref.within] if ref.within != "table" else parts


def _load_ref(value: Any, _: Any = None) -> Ref:
    if isinstance(value, list) and 3 <= len(value) <= 5 and all(isinstance(v, str) for v in value):
        return Ref(*value)
    raise ValueError(f"expected a reference, found {value!r}")


def _dump_expr(expr: Any) -> Any:
    return {"is": type(expr).__name__.lower(), **_CONVERTER.unstructure(expr)}


def _load_expr(value: Any, _: Any = None) -> Any:
    if not isinstance(value, dict) or value.get("is") not in _EXPRS:
        raise ValueError(f"expected an expression, found {value!r}")
    rest = {k: v for k, v in value.items() if k != "is"}
    return _CONVERTER.structure(rest, _EXPRS[value["is"]])


def _optional(load: Any) -> Any:
    return lambda value, _=None: None if value is None else load(value)


def _load_int(value: Any, _: Any = None) -> int:
    if not isinstance(value, str):
        raise ValueError(f"expected a number as a string, found {value!r}")
    return int(value)


def _first_problem(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _register(made: Converter, cls: type) -> None:
    """Hooks for one class: notes stay out, numbers that may pass 2^53 are strings."""
    special: dict[str, Any] = {}
    for f in attrs.fields(cls):
        if f.metadata.get(Mark) is Mark.NOTE:
            special[f.name] = override(omit=True)
        elif cls is SequenceOptions and f.type is int:
            special[f.name] = override(unstruct_hook=str, struct_hook=_load_int)
    dump: Any = make_dict_unstructure_fn(cls, made, _cattrs_omit_if_default=True, **special)
    made.register_unstructure_hook(cls, dump)
    load: Any = make_dict_structure_fn(cls, made, _cattrs_forbid_extra_keys=True, **special)
    made.register_structure_hook(cls, load)


def _converter() -> Converter:
    made = Converter(omit_if_default=True, forbid_extra_keys=True, detailed_validation=False)
    for union, dump, load in ((PgType, _dump_type, _load_type), (Expr, _dump_expr, _load_expr)):
        _hook(made, union, dump, load)
        _hook(made, union | None, _optional(dump), _optional(load))
    _hook(made, Ref, _dump_ref, _load_ref)
    _hook(made, Ref | None, _optional(_dump_ref), _optional(_load_ref))
    for cls in (*_EXPRS.values(), *_PARTS, *KINDS.values(), Catalog):
        attrs.resolve_types(cls)
    # A hook holds those of the classes inside its own as they were when it was made: members before owners.
    for cls in 2 * (*_EXPRS.values(), *_PARTS, *KINDS.values(), Catalog):
        _register(made, cls)
    return made


def _hook(made: Converter, of: Any, dump: Any, load: Any) -> None:
    made.register_unstructure_hook_func(lambda t: t == of, dump)
    made.register_structure_hook_func(lambda t: t == of, load)


_CONVERTER: Final = _converter()
