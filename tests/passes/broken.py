"""Broken catalogs, one for each thing that the checks find: the smallest that shows it."""
# fmt: off

from typing import Any

from attrs import frozen

from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import Action, Check, Deferral, Index, IndexKey
from pgkit.ir.expr import opaque
from pgkit.ir.kinds import Attribute, Composite, Domain, Enum, Extension, Multirange, Range, Role, Schema
from pgkit.ir.names import Ref
from pgkit.ir.relations import Identity, Table, sequence_options
from pgkit.ir.type_text import parse_type
from pgkit.ir.types import Array, Named
from tests.passes.builders import (
    E_TYPE,
    ENUM,
    LONG,
    PARENT,
    SECURED,
    P,
    T,
    at,
    catalog,
    check,
    column,
    foreign,
    identity,
    index,
    key,
    materialized,
    policy,
    sequence,
    table,
    unique,
    view,
    virtual,
)


@frozen(kw_only=True)
class Broken:
    """A catalog with one mistake: its code, its place, and the SQL of it where DDL cannot show it."""

    name: str
    code: str
    where: str
    catalog: Catalog
    sql: str | None = None
    also: str | None = None  # another code that the mistake has
    otherwise: bool = False  # Postgres accepts it, and makes something else
    warning: bool = False  # Postgres accepts it
    version: int = 18


CASES: list[Broken] = []


def broken(name: str, code: str, where: str, *objects: Any, **rest: Any) -> None:
    """A case whose catalog holds these objects."""
    CASES.append(Broken(name=name, code=code, where=where, catalog=catalog(*objects), **rest))



# Names
broken("no name", "empty-name", "public", table("a", name=""))
broken("long table", "long-name", f"public.{LONG}y", table("a", name=LONG + "y"), otherwise=True)
broken("long column", "long-name", f"public.t.{'é' * 32}", table("é" * 32), otherwise=True)
broken("cut to one", "truncated-clash", f"public.t.{LONG}2", table(LONG + "1", LONG + "2"), also="long-name")
broken("schema pg_x", "reserved-name", "pg_x", Schema(name="pg_x"))
broken("schema public", "reserved-name", "public", Schema(name="public"))
broken("role pg_x", "reserved-name", "pg_x", Role(name="pg_x"))
broken("role none", "reserved-name", "none", Role(name="none"))
broken("system column", "reserved-name", "public.t.ctid", table("ctid"))
broken("1601 columns", "too-many-columns", "public.t", table(*(f"c{i}" for i in range(1601))))
broken("table and view", "duplicate-name", "public.x", table("a", name="x"), view("select 1 as a", "x"))
broken("table and materialized view", "duplicate-name", "public.x", table("a", name="x"), materialized("select 1 as a", "x"))
broken("two tables", "duplicate-name", "public.x", table("a", name="x"), table("a", name="x"))
broken("two views", "duplicate-name", "public.x", view("select 1 as a", "x"), view("select 2 as a", "x"))
broken("two materialized views", "duplicate-name", "public.x", materialized("select 1 as a", "x"), materialized("select 2 as a", "x"))
broken("table and sequence", "duplicate-name", "public.x", table("a", name="x"), sequence("x"))
broken("table and composite", "duplicate-name", "public.x", table("a", name="x"), Composite(name="x"))
broken("table and index", "duplicate-name", "public.t.t", table("a", indexes=(index("a", name="t"),)))
broken("key named as a table", "duplicate-name", "public.t.p", PARENT, table(column(nullable=False), primary_keys=(key("a", name="p"),)))
broken("indexes of two tables", "duplicate-name", "public.t.i", table("a", name="p", indexes=(index("a", table=P),)), table("a", indexes=(index("a"),)))
broken("table and identity sequence", "duplicate-name", "public.t.a", sequence("x"), table(column(nullable=False, identity=Identity(options=sequence_options("integer"), sequence=Ref("sequence", "public", "x")))))
broken("enum and table", "duplicate-name", "public.e", ENUM, table("a", name="e"))
broken("enum and sequence", "duplicate-name", "public.e", ENUM, sequence("e"))
broken("enum and identity sequence", "duplicate-name", "public.t.a", Enum(name="t_a_seq", labels=("a",)), table(column(nullable=False, identity=identity())))
broken("enum and domain", "duplicate-name", "public.e", ENUM, Domain(name="e", type=parse_type("text")))
broken("two enums", "duplicate-name", "public.e", ENUM, ENUM)
broken("multirange and enum", "duplicate-name", "public.r.e", ENUM, Range(name="r", subtype=parse_type("real"), multiranges=(Multirange(name="e"),)))
broken("two checks", "duplicate-name", "public.t.c", table("a", checks=(check("a > 0"), check("a < 9"))))
broken("check and foreign key", "duplicate-name", "public.t.c", PARENT, table("a", checks=(check("a > 0"),), foreign_keys=(foreign("a", name="c"),)))
broken("two checks of a domain", "duplicate-name", "public.d.c", Domain(name="d", type=parse_type("integer"), checks=(check("value > 0"), check("value < 9"))))
broken("not null has it", "duplicate-name", "public.t.t_a_not_null", table(column(nullable=False), uniques=(unique("a", name="t_a_not_null"),)))
broken("not null of a domain has it", "duplicate-name", "public.d.d_not_null", Domain(name="d", type=parse_type("integer"), nullable=False, checks=(check("value > 0", "d_not_null"),)))
broken("two columns", "duplicate-name", "public.t.a", table("a", column("a", "text")))
broken("two attributes", "duplicate-name", "public.c.a", Composite(name="c", attributes=(Attribute(name="a", type=parse_type("text")),) * 2))
broken("two policies", "duplicate-name", "public.t.p", table("a", policies=(policy("true"), policy("false")), **SECURED))
broken("two schemas", "duplicate-name", "app", Schema(name="app"), Schema(name="app"))
broken("two roles", "duplicate-name", "r_", Role(name="r_"), Role(name="r_"))
broken("label twice", "duplicate-label", "public.e", Enum(name="e", labels=("a", "b", "a")))
broken("long label", "long-label", "public.e", Enum(name="e", labels=("x" * 64,)))

# Types
broken("misspelt type", "unknown-type", "public.t.a", table(column("a", "emial")))
broken("unknown type of a domain", "unknown-type", "public.d", Domain(name="d", type=parse_type("nosuch")))
broken("unknown type of an attribute", "unknown-type", "public.c.a", Composite(name="c", attributes=(Attribute(name="a", type=parse_type("nosuch")),)))
broken("unknown type in a cast", "unknown-type", "public.t.a", table(column(default="'x'::nosuch")))
broken("unknown enum", "unknown-type", "public.t.a", table(column(type=E_TYPE)))
broken("pseudo-type", "pseudo-type", "public.t.a", table(column(type="anyelement")))
broken("missing extension", "missing-extension", "public.t.a", Extension(name="citext"), table(column(type="hstore")), sql="create table t (a hstore)")
for written in (
    "numeric(2000)", "numeric(0)", "numeric(10,1001)", "varchar(0)", "varchar(10485761)", "char(0)", "bit(0)",
    "bit varying(83886081)", "text(4)", "uuid(4)", "numeric(1,2,3)",
):  # fmt: skip
    broken(written, "type-modifier", "public.t.a", table(column(type=written)))
for written in ("timestamp(9)", "time(7)", "timestamptz(10)", "interval(7)"):
    broken(written, "type-modifier", "public.t.a", table(column(type=written)), otherwise=True)
COLLATION = Ref("collation", "pg_catalog", "C")
broken("collation of a number", "collation", "public.t.a", table(column(collation=COLLATION)))
broken("collation of an enum", "collation", "public.t.a", ENUM, table(column(type=E_TYPE, collation=COLLATION)))
broken("type of itself", "type-cycle", "public.c", Composite(name="c", attributes=(Attribute(name="a", type=Named(Ref("composite", "public", "c"))),)))
broken("table of itself", "type-cycle", "public.t", table(column(type=Named(T))), sql="create table t (a t)")
broken("domain of itself", "type-cycle", "public.d", Domain(name="d", type=Named(Ref("domain", "public", "d"))))
broken("no such label", "unknown-label", "public.t.a", ENUM, table(column(type=E_TYPE, default="'shout'")))
broken("no such label, cast", "unknown-label", "public.t.a", ENUM, table(column(type=E_TYPE, default="'shout'::e")))

# Columns
broken("generated default", "two-values", "public.t.a", table(column(generated="1", default="2")), sql="create table t (a integer default 2 generated always as (1) stored)")
broken("identity default", "two-values", "public.t.a", table(column(nullable=False, identity=identity(), default="2")), sql="create table t (a integer default 2 generated always as identity)")
broken("text identity", "identity-type", "public.t.a", table(column(type="text", nullable=False, identity=identity())))
broken("nullable identity", "identity-nullable", "public.t.a", table(column(identity=identity())), otherwise=True)
broken("identity increment", "sequence-increment", "public.t.a", table(column(nullable=False, identity=identity(increment=0))))
broken("increment", "sequence-increment", "public.s", sequence(increment=0))
broken("bounds", "sequence-bounds", "public.s", sequence(min_value=5, max_value=4, start=4))
broken("bounds of a type", "sequence-bounds", "public.s", sequence(type="smallint", max_value=40000))
broken("start", "sequence-start", "public.s", sequence(min_value=5, start=4))
broken("cache", "sequence-cache", "public.s", sequence(cache=0))
broken("numeric sequence", "sequence-type", "public.s", sequence(type="numeric"))
broken("owner elsewhere", "sequence-owner", "app.s", Schema(name="app"), table("a"), sequence(schema="app", owned_by=at("a")[0]))
broken("unknown owner", "unknown-column", "public.s", table("a"), sequence(owned_by=at("b")[0]))
broken("two keys", "two-primary-keys", "public.t.k2", table(column("a", nullable=False), column("b", nullable=False), primary_keys=(key("a"), key("b", name="k2"))))
broken("nullable key", "nullable-key", "public.t.a", table("a", primary_keys=(key("a"),)), otherwise=True)
broken("virtual key", "virtual-key", "public.t.u", table("b", column("a", generated=virtual("b + 1")), uniques=(unique("a"),)))
broken("virtual index", "virtual-key", "public.t.i", table("b", column("a", generated=virtual("b + 1")), indexes=(index("a"),)))
broken("virtual enum", "virtual-type", "public.t.a", ENUM, table("b", column("a", E_TYPE, generated=virtual("'open'"))))
broken("virtual from an enum", "virtual-type", "public.t.a", ENUM, table(column("b", E_TYPE), column("a", "boolean", generated=virtual("b = 'open'"))))
broken("virtual before 18", "needs-version", "public.t.a", table("b", column("a", generated=virtual("b + 1"))), version=15)
broken("not enforced before 18", "needs-version", "public.t.c", table("a", checks=(Check(name="c", expr=opaque("a > 0"), enforced=False),)), version=15)

# Keys
broken("key of nothing there", "unknown-column", "public.t.k", table(column(nullable=False), primary_keys=(key("b"),)))
broken("unique of nothing there", "unknown-column", "public.t.u", table("name", uniques=(unique("nmae"),)))
broken("index of nothing there", "unknown-column", "public.t.i", table("a", indexes=(index("b"),)))
broken("included nothing there", "unknown-column", "public.t.i", table("a", indexes=(index("a", include=at("b")),)))
broken("foreign key of nothing there", "unknown-column", "public.t.f", PARENT, table("a", foreign_keys=(foreign("b"),)))
broken("foreign key to nothing there", "unknown-column", "public.t.f", PARENT, table("a", foreign_keys=(foreign("a", to=at("b", table=P)),)))
broken("column twice", "repeated-column", "public.t.u", table("a", uniques=(unique("a", "a"),)))
broken("reference twice", "repeated-column", "public.t.f", PARENT, table("a", "b", foreign_keys=(foreign("a", "b", to=at("a", "a", table=P)),)))
broken("no columns", "no-columns", "public.t.u", table("a", uniques=(unique(),)))
broken("33 columns", "too-many-keys", "public.t.i", table(*(f"c{i}" for i in range(33)), indexes=(index(*(f"c{i}" for i in range(33))),)))
broken("two to one", "foreign-key-count", "public.t.f", PARENT, table("a", "b", foreign_keys=(foreign("a", "b"),)))
broken("to nothing", "unknown-table", "public.t.f", table("a", foreign_keys=(foreign("a"),)))
broken("to a view", "foreign-key-table", "public.t.f", view("select 1 as a", "p"), table("a", foreign_keys=(foreign("a"),)))
broken("to what is not unique", "foreign-key-target", "public.t.f", table("a", name="p"), table("a", foreign_keys=(foreign("a"),)))
broken("to part of a key", "foreign-key-target", "public.t.f", table("a", "b", name="p", uniques=(unique("a", "b", table=P),)), table("a", foreign_keys=(foreign("a"),)))
broken("to a partial index", "foreign-key-target", "public.t.f", table("a", name="p", indexes=(index("a", table=P, unique=True, where=opaque("a > 0")),)), table("a", foreign_keys=(foreign("a"),)))
broken("to a deferrable key", "foreign-key-deferrable", "public.t.f", table("a", name="p", uniques=(unique("a", table=P, deferral=Deferral.IMMEDIATE),)), table("a", foreign_keys=(foreign("a"),)))
broken("to an unlogged table", "foreign-key-unlogged", "public.t.f", table("a", name="p", unlogged=True, uniques=(unique("a", table=P),)), table("a", foreign_keys=(foreign("a"),)))
broken("text to integer", "foreign-key-type", "public.t.f", PARENT, table(column(type="text"), foreign_keys=(foreign("a"),)))
broken("enum to enum", "foreign-key-type", "public.t.f", ENUM, Enum(name="e2", labels=("open",)), table(column(type=E_TYPE), name="p", uniques=(unique("a", table=P),)), table(column(type=Named(Ref("enum", "public", "e2"))), foreign_keys=(foreign("a"),)))
broken("array to array", "foreign-key-type", "public.t.f", table(column(type=Array(parse_type("integer"))), name="p", uniques=(unique("a", table=P),)), table(column(type=Array(parse_type("bigint"))), foreign_keys=(foreign("a"),)))
broken("generated cascade", "foreign-key-action", "public.t.f", PARENT, table("b", column("a", generated="b + 1"), foreign_keys=(foreign("a", on_update=Action.CASCADE),)))
broken("sets another", "set-columns", "public.t.f", PARENT, table("a", "b", foreign_keys=(foreign("a", on_delete=Action.SET_NULL, set_columns=at("b")),)))
broken("set null", "set-null", "public.t.f", PARENT, table(column(nullable=False), foreign_keys=(foreign("a", on_delete=Action.SET_NULL),)), warning=True)
broken("set default", "set-default", "public.t.f", PARENT, table("a", foreign_keys=(foreign("a", on_delete=Action.SET_DEFAULT),)), warning=True)
broken("outside", "foreign-key-outside", "public.t.f", table(column(type="uuid"), foreign_keys=(foreign("a", to=(Ref("column", "auth", "users", "id"),)),)), warning=True, sql="create schema auth; create table auth.users (id uuid primary key); create table t (a uuid references auth.users (id))")

# Indexes
broken("misspelt method", "unknown-method", "public.t.i", table("a", indexes=(index("a", method="btre"),)))
broken("method of an extension", "missing-extension", "public.t.i", Extension(name="citext"), table(column(type="text"), indexes=(index("a", method="bloom"),)), sql="create table t (a text); create index on t using bloom (a)")
broken("unique hash", "index-unique", "public.t.i", table("a", indexes=(index("a", method="hash", unique=True),)))
broken("including hash", "index-include", "public.t.i", table("a", "b", indexes=(index("a", method="hash", include=at("b")),)))
broken("two columns of hash", "index-columns", "public.t.i", table("a", "b", indexes=(index("a", "b", method="hash"),)))
broken("descending hash", "index-order", "public.t.i", table("a", indexes=(Index(name="i", method="hash", keys=(IndexKey(column=at("a")[0], descending=True, nulls_first=True),)),)))
broken("json index", "operator-class", "public.t.i", table(column(type="json"), indexes=(index("a"),)))
broken("json unique", "operator-class", "public.t.u", table(column(type="json"), uniques=(unique("a"),)))
broken("point key", "operator-class", "public.t.k", table(column(type="point", nullable=False), primary_keys=(key("a"),)))
broken("gin of text", "operator-class", "public.t.i", Extension(name="citext"), table(column(type="text"), indexes=(index("a", method="gin"),)),
       sql="create table t (a text); create index on t using gin (a)")
broken("gin of point", "operator-class", "public.t.i", table(column(type="point"), indexes=(index("a", method="gin"),)))
broken("brin of an array", "operator-class", "public.t.i", table(column(type=Array(parse_type("text"))), indexes=(index("a", method="brin"),)))
broken("domain of json", "operator-class", "public.t.i", Domain(name="d", type=parse_type("json")), table(column(type=Named(Ref("domain", "public", "d"))), indexes=(index("a"),)))
broken("range of json", "operator-class", "public.r", Range(name="r", subtype=parse_type("json")))
broken("nulls not distinct", "nulls-not-distinct", "public.t.i", table("a", indexes=(index("a", nulls_not_distinct=True),)), warning=True)

# Expressions
for what, where, made in (
    ("check", "public.t.c", lambda e: table("a", checks=(check(f"{e} > 0"),))),
    ("default", "public.t.b", lambda e: table("a", column("b", default=f"({e})"))),
    ("generated column", "public.t.b", lambda e: table("a", column("b", generated=f"{e}"))),
    ("index", "public.t.i", lambda e: table("a", indexes=(Index(name="i", keys=(IndexKey(expr=opaque(f"({e})")),)),))),
    ("predicate", "public.t.i", lambda e: table("a", indexes=(index("a", where=opaque(f"{e} > 0")),))),
):  # fmt: skip
    broken(f"subquery in a {what}", "subquery", where, made("(SELECT 1)"))
    broken(f"aggregate in a {what}", "aggregate-function", where, made("max(1)"))
    broken(f"count(*) in a {what}", "aggregate-function", where, made("count(*)"))
    broken(f"window in a {what}", "window-function", where, made("row_number() OVER ()"))
    broken(f"rows in a {what}", "set-returning-function", where, made("generate_series(1, 2)"))
    broken(f"no expression in a {what}", "syntax", where, made("1 +"))
    if what != "default":
        broken(f"unknown column in a {what}", "unknown-column", where, made("nosuch"))
    if what not in ("default", "check"):
        broken(f"random in a {what}", "not-immutable", where, made("random()::integer"))
        broken(f"user in a {what}", "not-immutable", where, made("length(current_user)"))
broken("check of a domain", "unknown-column", "public.d.c", Domain(name="d", type=parse_type("integer"), checks=(check("a > 0"),)))
broken("subquery of a domain", "subquery", "public.d.c", Domain(name="d", type=parse_type("integer"), checks=(check("value > (select 1)"),)))
broken("default of a column", "column-in-default", "public.t.b", table("a", column("b", default="a + 1")))
broken("default unquoted", "column-in-default", "public.t.b", table("a", column("b", "text", default="draft")))
broken("aggregate in a policy", "aggregate-function", "public.t.p", table("a", policies=(policy("count(*) > 1"),), **SECURED))
broken("unknown column in a policy", "unknown-column", "public.t.p", table("a", policies=(policy("b > 1"),), **SECURED))
broken("generated from generated", "generated-from-generated", "public.t.c", table("a", column("b", generated="a + 1"), column("c", generated="b + 1")))
broken("generated from itself", "generated-from-generated", "public.t.b", table("a", column("b", generated="b + 1")))
broken("generated in a circle", "generated-from-generated", "public.t.a", table(column("a", generated="b + 1"), column("b", generated="a + 1")))
broken("generated from its row", "generated-from-row", "public.t.b", table("a", column("b", "boolean", generated="t IS NULL")))

# Policies
broken("using on insert", "policy-using", "public.t.p", table("a", policies=(policy("true", command="insert"),), **SECURED))
broken("check on select", "policy-check", "public.t.p", table("a", policies=(policy(check="true", command="select"),), **SECURED))
broken("check on delete", "policy-check", "public.t.p", table("a", policies=(policy("true", "true", command="delete"),), **SECURED))
broken("misspelt command", "policy-command", "public.t.p", table("a", policies=(policy("true", command="udpate"),), **SECURED), sql="create table t (a int); create policy p on t for udpate using (true)")
broken("no row security", "no-row-security", "public.t.p", table("a", policies=(policy("true"),)), warning=True)
broken("unknown role", "unknown-role", "public.t.p", Role(name="app_"), table("a", policies=(policy("true", roles=(Ref("role", "", "ap_"),)),), **SECURED), warning=True, sql="create role ap_; create table t (a integer); create policy p on t to ap_ using (true)")

# Relations
broken("unknown schema", "unknown-schema", "app.t", Table(schema="app", name="t", columns=(column(),)))
broken("unknown sequence", "unknown-sequence", "public.t.a", table(column(default="nextval('s'::regclass)")))
broken("sequence elsewhere", "unknown-sequence", "public.t.a", Schema(name="app"), sequence(), table(column(default="nextval('app.s'::regclass)")))
broken("view of nothing there", "unknown-relation", "public.v", view("select a from nosuch"))
broken("materialized view of nothing there", "unknown-relation", "public.m", materialized("select a from public.nosuch"))
broken("view without a query", "syntax", "public.v", view("select from where"))
broken("view of a column not there", "unknown-column", "public.v", table("name"), view("select nmae from t"))
broken("view of a column not there, by alias", "unknown-column", "public.v", table("a"), view("select x.b from t x"))
broken("views in a circle", "view-cycle", "public.v", view("select a from w"), view("select a from v", "w"), sql="create view v as select a from w; create view w as select a from v")
broken("view parameter", "storage-parameter", "public.v", view("select 1 as a", options=(("security_barier", "true"),)), warning=True, sql="create view v with (security_barrier = true) as select 1 as a")
broken("table parameter", "storage-parameter", "public.t", table("a", storage=(("filfactor", "50"),)), warning=True, sql="create table t (a integer) with (fillfactor = 50)")
broken("index parameter", "storage-parameter", "public.t.i", table("a", indexes=(index("a", method="hash", storage=(("deduplicate_items", "on"),)),)), warning=True, sql="create table t (a integer); create index i on t using hash (a)")
