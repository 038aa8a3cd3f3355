"""What Postgres would call an expression, and the columns that one mentions, as its parser sees them."""

from collections.abc import Collection, Iterator
from typing import Any, Final

from pgkit.grammar.tree import inside, parsed_expression, strings
from pgkit.ir.expr import Call, Expr

_SURE: Final = 2  # a weak name, of a type or of CASE, gives way to one that is inside
_NAMED: Final = {
    "case_expr": "case",
    "a_array_expr": "array",
    "row_expr": "row",
    "coalesce_expr": "coalesce",
    "xml_serialize": "xmlserialize",
    "grouping_func": "grouping",
    "json_parse_expr": "json",
    "json_scalar_expr": "json_scalar",
    "json_serialize_expr": "json_serialize",
    "json_object_constructor": "json_object",
    "json_array_constructor": "json_array",
    "json_array_query_constructor": "json_array",
    "json_object_agg": "json_objectagg",
    "json_array_agg": "json_arrayagg",
}
_BY_OPERATION: Final = {
    "IS_GREATEST": "greatest",
    "IS_LEAST": "least",
    "IS_XMLCONCAT": "xmlconcat",
    "IS_XMLELEMENT": "xmlelement",
    "IS_XMLFOREST": "xmlforest",
    "IS_XMLPARSE": "xmlparse",
    "IS_XMLPI": "xmlpi",
    "IS_XMLROOT": "xmlroot",
    "JSON_EXISTS_OP": "json_exists",
    "JSON_QUERY_OP": "json_query",
    "JSON_VALUE_OP": "json_value",
}


def figured_name(expr: Expr) -> str | None:
    """The name that Postgres would give a column of this expression (FigureIndexColname), if any.

    lower(email)   =>   lower
    a + 1          =>   None
    """
    if isinstance(expr, Call):
        return expr.function.name
    node = parsed_expression(expr)
    return _figured(node)[1] if node is not None else None


def name_of(node: Any) -> str | None:
    """The name that Postgres would give a column of this expression, read already, if any."""
    return _figured(node)[1]


def columns_mentioned(expr: Expr, table: str, columns: Collection[str]) -> frozenset[str]:
    """The columns that an expression over one table mentions; "" stands for its whole row.

    a > 0 or t.b   =>   a, b
    t is null      =>   "", unless a column is called t
    """
    node = parsed_expression(expr)
    if node is None:
        return frozenset()
    return frozenset(_columns(node, table, columns))


def _columns(node: Any, table: str, columns: Collection[str]) -> Iterator[str]:
    if type(node).__name__ == "ColumnRef":
        yield _column(node, table, columns)
        return
    found = [name for inner in inside(node) for name in _columns(inner, table, columns)]
    if type(node).__name__ == "A_Indirection" and found == [""]:
        found = [strings(node.indirection)[0] if strings(node.indirection) else ""]  # (t).a is t.a
    yield from found


def _column(node: Any, table: str, columns: Collection[str]) -> str:
    names = strings(node.fields)
    whole = len(names) < len(node.fields) or (len(names) == 1 and names[0] == table and table not in columns)
    return "" if whole else names[-1]


def _figured(node: Any) -> tuple[int, str | None]:
    """How sure the name of a node is, and the name."""
    kind = node.WhichOneof("node")
    inner = getattr(node, kind)
    match kind:
        case "column_ref":
            return _last(strings(inner.fields))
        case "a_indirection":
            found = _last(strings(inner.indirection))
            return found if found[1] else _figured(inner.arg)
        case "func_call":
            return _last(strings(inner.funcname))
        case "type_cast":
            found = _figured(inner.arg)
            return found if found[0] == _SURE else (1, strings(inner.type_name.names)[-1])
        case "collate_clause":
            return _figured(inner.arg)
        case "case_expr":
            found = _figured(inner.defresult) if inner.HasField("defresult") else (0, None)
            return found if found[0] == _SURE else (1, "case")
        case _:
            return _by_kind(kind, inner)


def _by_kind(kind: str, inner: Any) -> tuple[int, str | None]:
    if kind == "a_expr":
        return (_SURE, "nullif") if _operation(inner, "kind") == "AEXPR_NULLIF" else (0, None)
    if kind in ("min_max_expr", "xml_expr", "json_func_expr"):
        return _last((_BY_OPERATION.get(_operation(inner, "op"), ""),))
    if kind == "sub_link":
        return _of_subquery(inner)
    if kind == "sqlvalue_function":
        return _SURE, _operation(inner, "op").removeprefix("SVFOP_").removesuffix("_N").lower()
    return _last((_NAMED.get(kind, ""),))


def _of_subquery(inner: Any) -> tuple[int, str | None]:
    match _operation(inner, "sub_link_type"):
        case "EXISTS_SUBLINK":
            return _SURE, "exists"
        case "ARRAY_SUBLINK":
            return _SURE, "array"
        case "EXPR_SUBLINK":
            target = inner.subselect.select_stmt.target_list[0].res_target
            return (_SURE, target.name) if target.name else _figured(target.val)
        case _:
            return 0, None


def _operation(message: Any, field: str) -> str:
    described = message.DESCRIPTOR.fields_by_name[field]
    return str(described.enum_type.values_by_number[getattr(message, field)].name)


def _last(names: tuple[str, ...]) -> tuple[int, str | None]:
    return (_SURE, names[-1]) if names and names[-1] else (0, None)
