"""Settling on a server that cannot hold everything: each cause is said once, and all else is settled."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import attrs
import pytest
from attrs import evolve

from pgkit.backends.ddl import emit
from pgkit.ir.catalog import Catalog
from pgkit.ir.change import Change
from pgkit.ir.expr import Expr, opaque
from pgkit.ir.names import Ref
from pgkit.ir.relations import Generated
from pgkit.ir.walk import Declared, map_members
from pgkit.jobs.drift import Drift, DriftOptions, drift
from pgkit.jobs.singly import singly
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from pgkit.passes.plan import creation
from pgkit.runtime.embedded import Server, local_server
from tests.live.reading import catalog_of, run
from tests.live.sql_sources import made
from tests.toolchains.servers import contrib_server


@pytest.fixture(scope="module")
def old() -> Iterator[Server]:
    """A server of version 15, which does not know what is newer."""
    with local_server(contrib_server(15)) as server:
        yield server


def in_other_words(catalog: Catalog, words: Mapping[str, str]) -> Catalog:
    """The catalog with the text of these objects, by their own name, as a person would write it."""
    fields: dict[str, Callable[[Expr], dict[str, object]]] = {
        "check": lambda e: {"expr": e},
        "view": lambda e: {"query": e},
        "index": lambda e: {"where": e},
        "policy": lambda e: {"using": e},
        "column": lambda e: {"default": e},
    }

    def rewritten(ref: Ref, obj: Declared) -> Declared:
        obj = map_members(obj, rewritten, ref)
        text = words.get(ref.member or ref.name)
        if text is None:
            return obj
        if isinstance(getattr(obj, "generated", None), Generated):
            return attrs.evolve(obj, generated=Generated(expr=opaque(text), stored=False))
        return attrs.evolve(obj, **fields[ref.kind](opaque(text)))

    return map_members(catalog, rewritten)


def settled(catalog: Catalog, words: Mapping[str, str], server: Server) -> Drift:
    """How a catalog differs from itself in other words, with this server to ask."""
    return run(drift(in_other_words(catalog, words), catalog, lambda: server, DriftOptions()))


def told(found: Drift) -> tuple[set[str], list[str]]:
    """What differs, by its own name, and the findings."""
    assert {d.code for d in found.findings} <= {"unsettled"}
    return {d.ref.member or d.ref.name for d in found.differences}, [d.message for d in found.findings]


WITH_EXTENSIONS = """
CREATE EXTENSION citext; CREATE EXTENSION hstore;
CREATE TABLE a (
  id int, mail citext PRIMARY KEY, tags hstore, n int DEFAULT 1 + 1,
  CONSTRAINT few CHECK (n IN (1, 2)), CONSTRAINT full CHECK (mail <> '')
);
CREATE INDEX tagged ON a USING gin (tags) WHERE n IN (1, 2);
CREATE INDEX small ON a (id) WHERE n IN (1, 2);
CREATE VIEW mails AS SELECT mail FROM a;
CREATE VIEW numbers AS SELECT n FROM a;
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON a USING (mail = current_user);
CREATE POLICY few_of_them ON a USING (n IN (1, 2));
""".replace("full", "filled")


def test_extensions_that_the_server_lacks(contrib18: Server, test_server: Server) -> None:
    """What needs one is compared as text; the rest of the same table is settled, its columns left out."""
    catalog = catalog_of(contrib18, WITH_EXTENSIONS)
    words = {
        "few": "n in (1,2)",
        "small": "n in (1,2)",
        "numbers": "select n from a",
        "few_of_them": "n in (1,2)",
        "n": "1+1",
    }
    assert told(settled(catalog, words, test_server)) == (set(), [])
    words |= {
        "filled": "mail <> ''",
        "mails": "select mail from a",
        "mine": "mail = current_user",
        "tagged": "n in (1,2)",
    }
    differing, messages = told(settled(catalog, words, test_server))
    assert differing == {"filled", "mails", "mine", "tagged"}
    assert sorted(messages) == [
        "the scratch server has no extension citext; 3 objects need it",
        "the scratch server has no extension hstore; 1 object needs it",
    ]
    assert told(settled(catalog, words, contrib18)) == (set(), [])


NEWER = """
CREATE TABLE a (
  n int, twice int GENERATED ALWAYS AS (n * 2) VIRTUAL,
  CONSTRAINT few CHECK (n IN (1, 2)), CONSTRAINT even CHECK (twice IN (2, 4))
);
CREATE VIEW v AS SELECT n FROM a;
"""


def test_what_is_newer_than_the_server(contrib18: Server, old: Server) -> None:
    """A virtual column cannot be held by 15: it is said once, and nothing else of its table is lost."""
    catalog = catalog_of(contrib18, NEWER)
    plain = {"few": "n in (1,2)", "even": "twice in (2,4)", "v": "select n from a"}
    assert told(settled(catalog, plain, old)) == (set(), [])
    differing, (message,) = told(settled(catalog, plain | {"twice": "n*2"}, old))
    assert differing == {"twice", "even"}
    assert message.startswith("the scratch server cannot hold column public.a.twice: syntax error")
    assert message.endswith("; 1 more object needs it")


def test_two_versions(contrib18: Server, old: Server) -> None:
    """What 15 and 18 write in different ways is no difference, if the server that is asked can hold both."""
    samples = Path(__file__).with_name("samples")
    sql = [(samples / name).read_text() for name in ("modelled.sql", "unmodelled.sql")]
    new, former = (made(server, *sql).catalog for server in (contrib18, old))
    assert diff(normalize(former), normalize(new)) != ()
    for one, other in ((new, former), (former, new)):
        assert told(run(drift(one, other, lambda: contrib18, DriftOptions()))) == (set(), [])
        differing, (message,) = told(run(drift(one, other, lambda: old, DriftOptions())))
        assert differing == {"news"}
        assert message.startswith(
            "the scratch server cannot hold publication news: unrecognized publication parameter"
        )


def test_one_bad_member_takes_no_other_with_it(contrib18: Server) -> None:
    """Checks, defaults, keys and domains are made one by one when they cannot be made together."""
    sql = """
    CREATE DOMAIN d AS int CONSTRAINT low CHECK (VALUE IN (1, 2)) CONSTRAINT high CHECK (VALUE IN (3, 4));
    CREATE TABLE a (n int DEFAULT 1 + 1, m int DEFAULT 2 + 2, g int GENERATED ALWAYS AS (n + m) STORED, UNIQUE (n),
      CONSTRAINT few CHECK (n IN (1, 2)), CONSTRAINT other CHECK (m IN (1, 2)));
    CREATE INDEX i ON a (n) WHERE m IN (1, 2);
    """
    catalog = catalog_of(contrib18, sql)
    words = {"low": "value in (1,2)", "few": "n in (1,2)", "n": "1+1", "i": "m in (1,2)"}
    bad = {"high": "nowhere(value)", "other": "nowhere(m)", "m": "nowhere()"}
    differing, messages = told(settled(catalog, words | bad, contrib18))
    assert differing == bad.keys()
    assert {message.partition(": function nowhere(")[0] for message in messages} == {
        f"the scratch server cannot hold {what}"
        for what in ("column public.a.m", "check public.a.other", "check public.d.high")
    }


def test_what_is_inherited_is_settled_alone(contrib18: Server) -> None:
    """A partition's own check, and a child's: what they come from is not asked about."""
    sql = """
    CREATE TABLE parent (a int); CREATE TABLE child (b int, CONSTRAINT few CHECK (a IN (1, 2))) INHERITS (parent);
    CREATE TABLE parted (a int, b int) PARTITION BY LIST (b);
    CREATE TABLE part PARTITION OF parted (CONSTRAINT own CHECK (a IN (3, 4))) FOR VALUES IN (1);
    """
    catalog = catalog_of(contrib18, sql)
    assert told(settled(catalog, {"few": "a in (1,2)", "own": "a in (3,4)"}, contrib18)) == (set(), [])


def test_creations_one_by_one(contrib: Server) -> None:
    """Taken apart, creations make the same."""
    sql = """
    CREATE DOMAIN d AS int CHECK (VALUE > 0);
    CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n d DEFAULT 2, g int GENERATED ALWAYS AS (id + 1) STORED,
      s serial, CHECK (g > 0), UNIQUE (g), CHECK (n > 1));
    CREATE TABLE b (g int GENERATED ALWAYS AS (1) STORED PRIMARY KEY, a int REFERENCES a (g));
    CREATE VIEW v AS SELECT g FROM a;
    """
    # The roles are those of the whole server, on which other tests are at work
    catalog = evolve(catalog_of(contrib, sql), roles=())
    together = creation(catalog)
    apart = singly(together)
    assert len(apart) > len(together)
    first, second = (evolve(catalog_of(contrib, script(c)), roles=()) for c in (together, apart))
    assert diff(normalize(first), normalize(second)) == ()


def script(changes: tuple[Change, ...]) -> str:
    """The changes as SQL."""
    return ";\n".join(s.sql.text for s in emit(changes))
