"""How SQL calls objects of kinds that the IR does not model: `FUNCTION s.f(integer)`, `TRIGGER x ON s.t`."""

from typing import Final

from pgkit.sql.text import Ident, Sql, quote, sql

# By where the name of an object of the kind stands. Facts about relations have no name, and are not here.
_OF_DATABASE: Final = {
    "access_method": "ACCESS METHOD",
    "event_trigger": "EVENT TRIGGER",
    "foreign_data_wrapper": "FOREIGN DATA WRAPPER",
    "language": "LANGUAGE",
    "publication": "PUBLICATION",
    "server": "SERVER",
    "subscription": "SUBSCRIPTION",
}
_IN_SCHEMA: Final = {
    "base_type": "TYPE",
    "collation": "COLLATION",
    "conversion": "CONVERSION",
    "foreign_table": "FOREIGN TABLE",
    "statistics": "STATISTICS",
    "text_search_configuration": "TEXT SEARCH CONFIGURATION",
    "text_search_dictionary": "TEXT SEARCH DICTIONARY",
    "text_search_parser": "TEXT SEARCH PARSER",
    "text_search_template": "TEXT SEARCH TEMPLATE",
}
# ROUTINE takes the arguments of an ordered-set aggregate as one list; AGGREGATE wants its ORDER BY.
_WITH_TYPES: Final = {
    "aggregate": "ROUTINE",
    "function": "FUNCTION",
    "operator": "OPERATOR",
    "procedure": "PROCEDURE",
}
_ON_RELATION: Final = {
    "exclude": "CONSTRAINT",
    "not_null": "CONSTRAINT",
    "rule": "RULE",
    "temporal_constraint": "CONSTRAINT",
    "trigger": "TRIGGER",
}
_FOR_METHOD: Final = {"operator_class": "OPERATOR CLASS", "operator_family": "OPERATOR FAMILY"}


def object_name(kind: str, schema: str, name: str, member: str = "") -> Sql | None:
    """What DROP and COMMENT ON call the object; None for a fact, which neither of them takes."""
    own = sql("{s}.{n}", s=Ident(schema), n=Ident(name))
    if kind in _OF_DATABASE:
        return Sql(f"{_OF_DATABASE[kind]} {quote(name)}")
    if kind in _IN_SCHEMA:
        return Sql(f"{_IN_SCHEMA[kind]} {own}")
    if kind in _WITH_TYPES:
        return Sql(f"{_WITH_TYPES[kind]} {_with_types(kind, schema, name)}")
    if kind in _ON_RELATION:
        return Sql(f"{_ON_RELATION[kind]} {quote(member)} ON {own}")
    if kind in _FOR_METHOD:
        return Sql(f"{_FOR_METHOD[kind]} {own} USING {quote(member)}")
    return _other(kind, name, member)


def _other(kind: str, name: str, member: str) -> Sql | None:
    match kind:
        case "cast":
            return Sql(f"CAST ({name})")
        case "transform":
            return Sql(f"TRANSFORM FOR {name} LANGUAGE {quote(member)}")
        case "user_mapping":
            role = "PUBLIC" if member == "public" else quote(member)
            return Sql(f"USER MAPPING FOR {role} SERVER {quote(name)}")
        case _:
            return None


def _with_types(kind: str, schema: str, signature: str) -> str:
    """A routine or an operator: its name stands as it is, the types behind it are SQL already."""
    at = opening(signature)
    name, types = signature[:at], signature[at:]
    return f"{quote(schema)}.{name if kind == 'operator' else quote(name)}{types}"


def opening(signature: str) -> int:
    """Where the types of `f(integer, "odd (type)")` begin; a function's own name may hold parentheses too."""
    quoted = False
    for at in range(len(signature) - 1, -1, -1):
        if signature[at] == '"':
            quoted = not quoted
        elif signature[at] == "(" and not quoted:
            return at
    return len(signature)
