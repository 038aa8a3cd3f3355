"""What belongs to no table: enums, sequences, roles and views."""

import re

from pgkit.frontends.drizzle.node import Node
from pgkit.frontends.drizzle.sqltext import text_of
from pgkit.frontends.drizzle.types import Enums, TypeText, column_type
from pgkit.ir.expr import opaque
from pgkit.ir.kinds import Enum, Role
from pgkit.ir.relations import (
    Column,
    MaterializedView,
    Sequence,
    SequenceOptions,
    View,
    sequence_options,
)
from pgkit.ir.types import Scalar


def schema_of(node: Node) -> str:
    """The schema of an object; none is public."""
    return node.name("schema", "") or "public"


def enum(node: Node) -> Enum:
    """An enum. Version 5 keeps its values in an object."""
    node.keys("schema", "name", "values", "entityType")
    values = node.at("values")
    each = (value for _, value in values.members()) if isinstance(values.value, dict) else values.each()
    return Enum(schema=schema_of(node), name=node.name("name"), labels=tuple(v.as_text() for v in each))


def sequence(node: Node) -> Sequence:
    """A sequence; Drizzle writes no type, so it is a bigint."""
    node.keys("schema", "name", "cycle", "entityType", *_NUMBERS)
    return Sequence(
        schema=schema_of(node), name=node.name("name"), type=Scalar("bigint"), options=options(node, "bigint")
    )


_NUMBERS = ("increment", "incrementBy", "minValue", "maxValue", "startWith", "cache", "cacheSize")


def options(node: Node, type: str) -> SequenceOptions:
    """The numbers of a sequence or an identity; what is not written is what Postgres takes for `type`."""
    increment = node.integer("incrementBy" if node.find("incrementBy") else "increment")
    cache = node.integer("cacheSize" if node.find("cacheSize") else "cache")
    return sequence_options(
        type,
        increment=1 if increment is None else increment,
        start=node.integer("startWith"),
        min_value=node.integer("minValue"),
        max_value=node.integer("maxValue"),
        cache=1 if cache is None else cache,
        cycle=node.flag("cycle", False),
    )


def role(node: Node) -> Role:
    """A role; up to version 7 with three attributes, later with all, its password left out."""
    node.keys("name", "entityType", *_ROLE)
    limit = node.integer("connLimit")
    return Role(
        name=node.name("name"),
        superuser=node.flag("superuser", False),
        create_db=node.flag("createDb", False),
        create_role=node.flag("createRole", False),
        inherit=node.flag("inherit", True),
        login=node.flag("canLogin", False),
        replication=node.flag("replication", False),
        bypass_rls=node.flag("bypassRls", False),
        connection_limit=-1 if limit is None else limit,
    )


_ROLE = (
    *("superuser", "createDb", "createRole", "inherit", "canLogin", "replication", "bypassRls"),
    *("connLimit", "password", "validUntil"),
)


def view(node: Node, enums: Enums) -> View | MaterializedView:
    """A view or a materialized view."""
    node.keys("schema", "name", "columns", "definition", "isExisting", "entityType", *_VIEW)
    definition = node.filled("definition")
    schema, name, query = schema_of(node), node.name("name"), opaque(definition)
    columns = _all_of(definition, tuple(_view_column(c, schema, enums) for c in _columns(node)))
    if not node.flag("materialized"):
        return View(schema=schema, name=name, query=query, options=_options(node), columns=columns)
    return MaterializedView(
        schema=schema,
        name=name,
        query=query,
        method=node.name("using", "") or "heap",
        storage=_options(node),
        columns=columns,
        populated=not node.flag("withNoData", False),
    )


_VIEW = ("materialized", "with", "withNoData", "using", "tablespace")


def _columns(node: Node) -> list[Node]:
    columns = node.find("columns")
    return [column for _, column in columns.members()] if columns else []


def _all_of(definition: str, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns, if they are surely all that the view has; else none, and Postgres has to say.

    drizzle-kit leaves out what is computed, and of a declared view it writes types that nobody has checked.
    """
    if not columns:
        return ()
    from pgkit.grammar.targets import plain_columns  # loads Postgres's parser, which few snapshots need

    return columns if plain_columns(definition) == tuple(c.name for c in columns) else ()


def _view_column(node: Node, schema: str, enums: Enums) -> Column:
    # the rest is copied from the column it shows: Postgres keeps none of it, and outer joins break NOT NULL
    written = TypeText(node.filled("type"), node.name("typeSchema", ""))
    return Column(name=node.name("name"), type=column_type(written, schema, enums))


def _options(node: Node) -> tuple[tuple[str, str], ...]:
    """The options of a view under Postgres's names: `checkOption` is `check_option`."""
    found = node.find("with")
    members = found.members() if found else ()
    pairs = ((_snake(key), text_of(value)) for key, value in members if value.value is not None)
    return tuple(sorted(pairs))


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: "_" + match[0].lower(), name)
