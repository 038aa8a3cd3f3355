"""What Postgres says about a change of a column's type: the types to try, and the function that tries them."""

from typing import Final

from pgkit.ir.casts import Casts, domains_of
from pgkit.ir.constraints import Check
from pgkit.ir.expr import opaque
from pgkit.ir.kinds import Domain
from pgkit.ir.names import Ref
from pgkit.ir.scalars import SCALARS
from pgkit.ir.type_text import parse_type, type_text
from pgkit.ir.types import Array, Named, PgType, Scalar

# Not for columns, not in contrib, or one of several that are alike in all that matters here.
_LEFT_OUT: Final = frozenset(
    {
        *("gtsvector", "geometry", "geography", "box2d", "box3d", "raster", "vector", "halfvec", "sparsevec"),
        *("regdatabase", "regcollation", "regconfig", "regdictionary", "regnamespace", "regrole", "regoper"),
        *("regoperator", "regprocedure", "regtype", "ismn", "ismn13", "issn", "issn13", "isbn13", "upc"),
        *("int8range", "int8multirange", "tsrange", "tsmultirange", "tstzrange", "tstzmultirange"),
        *("daterange", "datemultirange", "numrange", "nummultirange", "lquery", "ltxtquery", "ltree", "cube"),
        *("txid_snapshot", "pg_snapshot", "cid", "xid", "xid8", "tid", "jsonpath", "line", "path", "lseg"),
        *("circle", "aclitem", "refcursor", "seg", "tsquery", "pg_lsn", "oidvector", "name"),
    }
)
# A length counts between types that are alike.
_ALIKE: Final = (
    (
        "text",
        "varchar(5)",
        "varchar(9)",
        "varchar",
        "char(5)",
        "bpchar",
        "citext",
        "d_five",
        "d_nine",
        "d_text",
    ),
    ("bit(5)", "bit(9)", "varbit(5)", "varbit(9)", "varbit"),
    ("numeric(10,2)", "numeric(12,2)", "numeric(12,4)", "numeric", "int"),
    ("timestamp(3)", "timestamp(6)", "timestamp", "timestamptz(3)", "timestamptz(6)", "timestamptz", "date"),
    ("time(3)", "time(6)", "time", "timetz(3)", "timetz(6)", "timetz"),
    (
        *(
            "interval(3)",
            "interval(6)",
            "interval day",
            "interval year",
            "interval year to month",
            "interval",
        ),
        *("interval day to second", "interval day to second(3)"),
    ),
    (
        "text[]",
        "varchar(5)[]",
        "varchar(9)[]",
        "varchar[]",
        "numeric(10,2)[]",
        "numeric(12,2)[]",
        "numeric[]",
    ),
)
_TYPES: Final = {
    "mood": "enum",
    "feeling": "enum",
    "pair": "composite",
    "pair2": "composite",
    "words": "range",
}

SETUP: Final = """
    CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION isn;
    CREATE TYPE mood AS ENUM ('sad', 'ok', '1'); CREATE TYPE feeling AS ENUM ('ok', 'sad');
    CREATE TYPE pair AS (a int, b text); CREATE TYPE pair2 AS (a int, b text);
    CREATE TYPE words AS RANGE (SUBTYPE = text, MULTIRANGE_TYPE_NAME = many_words);
    CREATE DOMAIN d_text AS text; CREATE DOMAIN d_five AS varchar(5); CREATE DOMAIN d_nine AS varchar(9);
    CREATE DOMAIN d_checked AS text CHECK (VALUE <> 'x'); CREATE DOMAIN d_over AS d_checked;
    CREATE DOMAIN d_there AS int NOT NULL; CREATE DOMAIN d_int AS int;
    CREATE DOMAIN d_mood AS mood; CREATE DOMAIN d_array AS int[];

    -- Tries each change of one column; `new` may carry USING. Whether it works, and writes the table anew.
    CREATE FUNCTION tried(old text, news text[]) RETURNS TABLE (nr bigint, works boolean, rewrites boolean)
    LANGUAGE plpgsql AS $$
    DECLARE new text; file oid;
    BEGIN
        EXECUTE format('CREATE TEMP TABLE t (c %s)', old);
        SELECT relfilenode INTO file FROM pg_class WHERE oid = 't'::regclass;
        FOR new, nr IN SELECT * FROM unnest(news) WITH ORDINALITY LOOP
            works := false; rewrites := NULL;
            BEGIN
                EXECUTE format('ALTER TABLE t ALTER c TYPE %s', new);
                works := true;
                SELECT relfilenode <> file INTO rewrites FROM pg_class WHERE oid = 't'::regclass;
                RAISE EXCEPTION 'undone';
            EXCEPTION
                WHEN raise_exception THEN NULL;
                WHEN datatype_mismatch OR cannot_coerce THEN NULL;
            END;
            RETURN NEXT;
        END LOOP;
        DROP TABLE t;
    END $$;

    -- Whether an index on a column keeps its file under a change of type; null where there can be none.
    CREATE FUNCTION kept(old text, new text) RETURNS boolean LANGUAGE plpgsql AS $$
    DECLARE file oid; found boolean;
    BEGIN
        EXECUTE format('CREATE TEMP TABLE t (c %s)', old);
        CREATE INDEX i ON t (c);
        SELECT relfilenode INTO file FROM pg_class WHERE oid = 'i'::regclass;
        EXECUTE format('ALTER TABLE t ALTER c TYPE %s', new);
        SELECT relfilenode = file INTO found FROM pg_class WHERE oid = 'i'::regclass;
        DROP TABLE t;
        RETURN found;
    EXCEPTION WHEN undefined_object THEN RETURN NULL;
    END $$;
"""


def declared(name: str) -> PgType:
    """The type of a name used here."""
    if name.endswith("[]"):
        return Array(declared(name[:-2]))
    if name == "many_words":
        return Named(Ref("multirange", "public", "words", "many_words", "range"))
    if name in _TYPES or name.startswith("d_"):
        return Named(Ref(_TYPES.get(name, "domain"), "public", name))
    return parse_type(name)


def _domain(name: str, over: str, *, nullable: bool = True, checks: tuple[Check, ...] = ()) -> Domain:
    return Domain(name=name, type=declared(over), nullable=nullable, checks=checks)


DOMAINS: Final = domains_of(
    (
        _domain("d_text", "text"),
        _domain("d_five", "varchar(5)"),
        _domain("d_nine", "varchar(9)"),
        _domain("d_checked", "text", checks=(Check(name="c", expr=opaque("VALUE <> 'x'")),)),
        _domain("d_over", "d_checked"),
        _domain("d_there", "int", nullable=False),
        _domain("d_int", "int"),
        _domain("d_mood", "mood"),
        _domain("d_array", "int[]"),
    )
)
SCALAR_NAMES: Final = tuple(type_text(Scalar(row.name)) for row in SCALARS if row.name not in _LEFT_OUT)
NAMES: Final = (
    *SCALAR_NAMES,
    *("text[]", "int[]", "boolean[]", "jsonb[]", "int4range[]", "cidr[]", "inet[]"),
    *("mood", "feeling", "mood[]", "feeling[]", "d_five[]", "pair", "words", "many_words"),
    *(ref.name for ref in DOMAINS),
)
PAIRS: Final = tuple(
    dict.fromkeys((a, b) for group in (NAMES, *_ALIKE) for a in group for b in group if a != b)
)


def casts(version: int) -> Casts:
    """The conversions on a server of that version."""
    return Casts(DOMAINS, version)
