"""Reading calls nothing of anyone's, depends on no setting, asks a fixed number of times, and is never torn."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import postgast
import pytest
from attrs import define, field

from pgkit.diag import PgkitError
from pgkit.executor import Executor
from pgkit.frontends.live import lower, read, read_catalog
from pgkit.frontends.live.snapshot import DIGEST, VERSION, statement
from pgkit.ir.catalog import Catalog
from pgkit.ir.expr import opaque
from pgkit.runtime.connect import SqlError, open_, running
from pgkit.runtime.embedded import Server
from pgkit.runtime.scratch import scratch
from tests.live.reading import columns, indexes, on_database, run, table

VERSIONS = (140000, 150018, 160000, 170000, 180004)
STATEMENTS = [*map(statement, VERSIONS), f"{VERSION} UNION ALL {DIGEST}"]


def nodes(message: Any) -> Iterator[tuple[str, Any]]:
    """Every node of a parse tree, with the name of its kind."""
    yield type(message).__name__, message
    for _, value in message.ListFields():
        for item in [value] if hasattr(value, "ListFields") else value if isinstance(value, Sequence) else []:
            if hasattr(item, "ListFields"):
                yield from nodes(item)


def found(kind: str) -> list[Any]:
    return [node for sql in STATEMENTS for name, node in nodes(postgast.parse(sql)) if name == kind]


def words(names: Any) -> list[str]:
    return [name.string.sval for name in names]


def test_every_name_is_qualified() -> None:
    """Functions, types and catalogs are named in full: what is found by name may be another's."""
    assert {words(call.funcname)[0] for call in found("FuncCall")} == {"pg_catalog"}
    assert {words(type.names)[0] for type in found("TypeName")} == {"pg_catalog"}
    tables = (
        {node.relname for node in found("CommonTableExpr")} if False else {"ext", "ns", "rel", "att", "idx"}
    )
    assert {node.ctename for node in found("CommonTableExpr")} == tables
    assert {node.relname for node in found("RangeVar") if node.schemaname != "pg_catalog"} == tables
    assert len(found("FuncCall")) > 500


FUNCTIONS = sorted({words(call.funcname)[1] for call in found("FuncCall")})
OPERATORS = sorted({words(operator.name)[-1] for operator in found("A_Expr")} | {"=", "<>", "~~", "||"})

# A twin of everything that our statements call, found first on the path, each of which says that it was called.
TRAPS = """
    CREATE FUNCTION public.trap() RETURNS void LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''trapped''; END';
    DO $do$ DECLARE f record; BEGIN
        FOR f IN SELECT p.proname, p.prorettype::regtype AS result, p.proretset,
                pg_get_function_identity_arguments(p.oid) AS arguments FROM pg_proc p
                WHERE p.proname = ANY ({functions}) AND p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
        LOOP BEGIN
            EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s %s LANGUAGE plpgsql AS %L', f.proname, f.arguments,
                CASE WHEN f.proretset THEN 'SETOF' ELSE '' END, f.result,
                'BEGIN PERFORM public.trap(); RETURN ' || CASE WHEN f.proretset THEN '' ELSE 'NULL' END || '; END');
        EXCEPTION WHEN others THEN NULL; END; END LOOP;
        FOR f IN SELECT o.oprname, o.oprleft::regtype AS l, o.oprright::regtype AS r, o.oprresult::regtype AS result
                FROM pg_operator o WHERE o.oprname = ANY ({operators}) AND o.oprleft <> 0
        LOOP BEGIN
            EXECUTE format('CREATE FUNCTION public.%I(%s, %s) RETURNS %s LANGUAGE plpgsql AS %L',
                'op_' || f.oprname, f.l, f.r, f.result, 'BEGIN PERFORM public.trap(); RETURN NULL; END');
            EXECUTE format('CREATE OPERATOR public.%s (FUNCTION = public.%I, LEFTARG = %s, RIGHTARG = %s)',
                f.oprname, 'op_' || f.oprname, f.l, f.r);
        EXCEPTION WHEN others THEN NULL; END; END LOOP;
    END $do$;
    CREATE FUNCTION public.step(text, name, text) RETURNS text LANGUAGE plpgsql AS 'BEGIN PERFORM public.trap(); END';
    CREATE AGGREGATE public.string_agg(name, text) (SFUNC = public.step, STYPE = text);
    CREATE FUNCTION public.step(text, text, text) RETURNS text LANGUAGE plpgsql AS 'BEGIN PERFORM public.trap(); END';
    CREATE AGGREGATE public.string_agg(text, text) (SFUNC = public.step, STYPE = text);
    CREATE FUNCTION public.step(text, anyelement) RETURNS text LANGUAGE plpgsql AS 'BEGIN PERFORM public.trap(); END';
    CREATE AGGREGATE public.json_agg(anyelement) (SFUNC = public.step, STYPE = text);
    CREATE AGGREGATE public.array_agg(anyelement) (SFUNC = public.step, STYPE = text);
    CREATE AGGREGATE public.sum(anyelement) (SFUNC = public.step, STYPE = text);
    CREATE TABLE public.pg_class (oid int); CREATE TABLE public.pg_attribute (oid int); CREATE TABLE public.rel (a int);
    CREATE DOMAIN public.text AS pg_catalog.int4; CREATE DOMAIN public.oid AS pg_catalog.text;
    CREATE TABLE public.t (a pg_catalog.int4 DEFAULT 1, b pg_catalog.text, CHECK (a OPERATOR(pg_catalog.>) 0));
    CREATE INDEX i ON public.t (pg_catalog.lower(b));
"""


def quoted_array(names: Sequence[str]) -> str:
    return "ARRAY[" + ", ".join("'" + name.replace("'", "''") + "'" for name in names) + "]"


async def on_hostile_path(server: Server, use: Callable[[Executor], Awaitable[Any]]) -> Any:
    """What `use` makes of a session in whose database everyone's `public` comes before pg_catalog."""
    sql = TRAPS.replace("{functions}", quoted_array(FUNCTIONS)).replace(
        "{operators}", quoted_array(OPERATORS)
    )
    async with scratch(server, purpose="test") as url:
        name = url.partition("?")[0].rpartition("/")[2]
        async with open_(url, settings=running()) as session:
            await session.execute(sql)
            await session.execute(f'ALTER DATABASE "{name}" SET search_path = public, pg_catalog')
        async with open_(url, settings={}) as session:
            return await use(session)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT string_agg(relname, ',') FROM pg_catalog.pg_class",
        "SELECT format_type(23::pg_catalog.oid, 1)",
        "SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'pg_class'",
        "SELECT to_json(reloptions) FROM pg_catalog.pg_class",
    ],
)
def test_the_traps_work(contrib: Server, query: str) -> None:
    """Without care, a query on the catalogs runs what anyone made, with the rights of who asks."""

    async def careless(session: Executor) -> None:
        await session.fetch(query)

    with pytest.raises(SqlError, match="trapped"):
        run(on_hostile_path(contrib, careless))


def test_no_trap_is_called(contrib: Server) -> None:
    """Reading is an escalation in no database: nothing of the user's runs, whatever it is called."""

    async def catalog(session: Executor) -> Catalog:
        return (await read_catalog(session)).catalog

    catalog_read = run(on_hostile_path(contrib, catalog))
    names = [u.name for u in catalog_read.unmodelled]
    assert "format_type(oid, integer)" in names
    assert "string_agg(name, text)" in names
    assert sum(u.kind == "operator" for u in catalog_read.unmodelled) > 50
    t = table(catalog_read, "t")
    assert (columns(t)["a"].default, t.checks[0].expr) == (opaque("1"), opaque("(a > 0)"))
    assert indexes(t)["i"].keys[0].expr == opaque("lower(b)")


SETTINGS = {
    "search_path": "app, public",
    "TimeZone": "Asia/Kathmandu",
    "DateStyle": "German, DMY",
    "IntervalStyle": "sql_standard",
    "extra_float_digits": "0",
    "bytea_output": "escape",
    "quote_all_identifiers": "on",
    "standard_conforming_strings": "off",
    "xmloption": "document",
    "enable_hashjoin": "off",
    "enable_nestloop": "on",
    "jit": "on",
    "jit_above_cost": "0",
    "default_transaction_deferrable": "on",
    "row_security": "on",
}
SENSITIVE = r"""
    CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('ok');
    CREATE TABLE app.t (
        at timestamptz DEFAULT '2024-02-03 04:05:06+00', day date DEFAULT '2024-02-03',
        span interval DEFAULT '1 day 02:00', f float8 DEFAULT 0.30000000000000004, raw bytea DEFAULT '\x00ff',
        mood app.mood DEFAULT 'ok', back text DEFAULT 'a\b', price money DEFAULT 12.34, "user" int
    );
    CREATE INDEX i ON app.t ("user") WHERE at > '2024-02-03 04:05:06+00'::timestamptz;
    CREATE VIEW app.v AS SELECT at, mood FROM app.t WHERE mood = 'ok';
"""


def test_no_setting_matters(contrib: Server) -> None:
    """Whatever the owner of a database set for it, the catalog read is the same, by any session."""

    async def both() -> tuple[Catalog, Catalog]:
        async with scratch(contrib, purpose="test") as url:
            name = url.partition("?")[0].rpartition("/")[2]
            async with open_(url, settings=running()) as session:
                await session.execute(SENSITIVE)
                plain = (await read_catalog(session)).catalog
                for setting, value in SETTINGS.items():
                    path = value if setting == "search_path" else f"'{value}'"
                    await session.execute(f'ALTER DATABASE "{name}" SET {setting} = {path}')
            async with open_(url, settings={}) as session:
                return plain, (await read_catalog(session)).catalog

    plain, contrary = run(both())
    assert plain == contrary
    texts = {name: column.default for name, column in columns(table(plain, "t", "app")).items()}
    assert texts == {
        "at": opaque("'2024-02-03 04:05:06+00'::timestamp with time zone"),
        "day": opaque("'2024-02-03'::date"),
        "span": opaque("'1 day 02:00:00'::interval"),
        "f": opaque("0.30000000000000004"),
        "raw": opaque(r"'\x00ff'::bytea"),
        "mood": opaque("'ok'::app.mood"),
        "back": opaque(r"'a\b'::text"),
        "price": opaque("12.34"),
        "user": None,
    }


@define
class Watched:
    """An executor that keeps what it was asked, and runs something else first."""

    inner: Executor
    before_reading: Callable[[int], Awaitable[None]] | None = None
    asked: list[str] = field(factory=list)

    async def fetch(self, query: str, *args: object) -> Sequence[Sequence[Any]]:
        if self.before_reading and _reads_all(query):
            await self.before_reading(self.reads())
        self.asked.append(query)
        return await self.inner.fetch(query, *args)

    async def execute(self, script: str) -> None:
        self.asked.append(script)
        await self.inner.execute(script)

    def transaction(self) -> AbstractAsyncContextManager[object]:
        return self.inner.transaction()

    def reads(self) -> int:
        """How often everything was asked for."""
        return sum(map(_reads_all, self.asked))


def _reads_all(query: str) -> bool:
    return query.startswith(STATEMENTS[0][:40])


def test_the_number_of_statements_is_fixed(contrib: Server) -> None:
    """Three tables or two hundred: the very same statements, one that reads and two that watch over it."""

    async def asked(session: Executor) -> list[str]:
        watched = Watched(session)
        await read_catalog(watched)
        return watched.asked

    make = "CREATE TABLE t{0} (a serial PRIMARY KEY, b text DEFAULT 'x', c int REFERENCES t{0}); CREATE INDEX ON t{0} (b);"
    few, many = (
        on_database(contrib, "".join(make.format(number) for number in range(count)), asked)
        for count in (3, 200)
    )
    assert few == many
    assert len(few) == 5


async def torn(server: Server, sql: str, change: Callable[[int], str]) -> tuple[Catalog, int]:
    """The catalog that is read while another session runs `change` inside each attempt, and the attempts."""
    async with scratch(server, purpose="test") as url, open_(url, settings=running()) as other:
        await other.execute(sql)

        async def alter(attempt: int) -> None:
            if script := change(attempt):
                await other.execute(script)

        async with open_(url) as session:
            watched = Watched(session, alter)
            return lower(await read(watched)).catalog, watched.reads()


TORN = "CREATE TABLE t (old int CHECK (old > 0)); CREATE INDEX i ON t (old) WHERE old > 1; CREATE VIEW v AS SELECT old FROM t"


def test_a_torn_read_is_read_again(contrib: Server) -> None:
    """Of a column that is renamed while we read, no text has one name and no catalog the other."""
    rename = "ALTER TABLE t RENAME old TO new"
    catalog, reads = run(torn(contrib, TORN, lambda attempt: "" if attempt else rename))
    found = table(catalog, "t")
    assert reads == 2
    assert [column.name for column in found.columns] == ["new"]
    assert (found.checks[0].expr, found.indexes[0].where) == (opaque("(new > 0)"), opaque("(new > 1)"))


def test_what_is_dropped_meanwhile(contrib: Server) -> None:
    """A view that goes while we read is not there: Postgres cannot print it, which is no error of ours."""
    catalog, reads = run(torn(contrib, TORN, lambda attempt: "" if attempt else "DROP VIEW v"))
    assert (catalog.views, reads) == ((), 2)


def test_a_database_that_always_changes(contrib: Server) -> None:
    """Three torn reads are enough to say that this is no time to read."""
    with pytest.raises(PgkitError) as raised:
        run(torn(contrib, TORN, lambda attempt: f"ALTER TABLE t ADD COLUMN c{attempt} int"))
    assert [d.code for d in raised.value.diagnostics] == ["catalog-changing"]


def test_changes_that_do_not_concern_us(contrib: Server) -> None:
    """Temporary tables come and go in any busy database: two reads that agree are as good as a quiet one."""
    catalog, reads = run(torn(contrib, TORN, lambda attempt: f"CREATE TEMP TABLE x{attempt} (a int)"))
    assert [t.name for t in catalog.tables] == ["t"]
    assert reads == 2


def test_an_error_leaves_no_transaction(contrib: Server) -> None:
    """What the server says is passed on, and the session can go on."""

    async def refused(session: Executor) -> object:
        async def cancel(_: int) -> None:
            await session.execute("SET LOCAL statement_timeout = '1ms'")

        with pytest.raises(SqlError, match="timeout"):
            await read(Watched(session, cancel))
        return (await session.fetch("SELECT 1"))[0][0]

    assert on_database(contrib, "".join(f"CREATE TABLE t{n} (a serial);" for n in range(50)), refused) == 1


def test_no_rights_are_needed(contrib: Server) -> None:
    """A role that may do nothing reads the same catalog."""

    async def both(session: Executor) -> tuple[Catalog, Catalog]:
        own = (await read_catalog(session)).catalog
        await session.execute("SET SESSION AUTHORIZATION pg_monitor")
        return own, (await read_catalog(session)).catalog

    sql = (
        SENSITIVE
        + """
        REVOKE ALL ON SCHEMA app, public FROM PUBLIC; ALTER TABLE app.t ENABLE ROW LEVEL SECURITY;
        CREATE MATERIALIZED VIEW app.m AS SELECT 1 AS a; CREATE SEQUENCE app.s;
        CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE POLICY p ON app.t USING (true);
    """
    )
    own, others = on_database(contrib, sql, both)
    assert own == others
    assert len(own.unmodelled) == 1
