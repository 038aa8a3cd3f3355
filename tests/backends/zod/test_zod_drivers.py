"""What is printed for the drivers of JavaScript: the forms of columns, as they are read and as they are given."""

import pytest

from pgkit.backends.options import ModelOptions
from pgkit.backends.typescript import TypeScript
from pgkit.backends.typescript.types import wire_type
from pgkit.backends.values import Own
from pgkit.backends.zod import Zod
from pgkit.ir.catalog import Catalog
from pgkit.ir.expr import opaque
from pgkit.ir.kinds import Attribute, Composite, Domain, Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table, View
from pgkit.ir.type_text import array_of, parse_type
from pgkit.ir.types import Named, PgType
from pgkit.ir.wire import Client, Wire

MOOD = Named(Ref("enum", "public", "mood"))
FLAG = Named(Ref("domain", "public", "flag"))
NOTES = Named(Ref("domain", "public", "notes"))
SETTINGS = Named(Ref("domain", "public", "settings"))
PLACE = Named(Ref("composite", "public", "place"))
TYPES = (
    Enum(name="mood", labels=("sad", "ok")),
    Domain(name="flag", type=parse_type("boolean")),
    Domain(name="notes", type=parse_type("text[]")),
    Domain(name="settings", type=parse_type("jsonb")),
    Composite(name="place", attributes=(Attribute(name="zip", type=parse_type("text")),)),
)


def catalog(type: PgType) -> Catalog:
    """A table of one column."""
    enum, flag, notes, settings, place = TYPES
    return Catalog(
        enums=(enum,),
        domains=(flag, notes, settings),
        composites=(place,),
        tables=(Table(name="t", columns=(Column(name="c", type=type, nullable=False),)),),
    )


def lines(type: PgType | str, client: Client, own: Own | None = None) -> tuple[list[str], list[str]]:
    """The column's lines in TypeScript and in Zod: in rows, inserts and updates."""
    said = {} if own is None else {Ref("column", "public", "t", "c", "table"): own}
    options = ModelOptions(client=client, own=said)
    made = catalog(parse_type(type) if isinstance(type, str) else type)
    types = TypeScript(options=options).emit(made)["t.ts"]
    schemas = Zod(options=options, types_import="../types").emit(made)["t.ts"]
    return tuple(  # type: ignore[return-value]
        [line.strip().rstrip(",;") for line in text.splitlines() if line.startswith(("  c:", "  c?:"))]
        for text in (types, schemas)
    )


READ_AND_GIVEN: list[tuple[PgType | str, Client, str, str, str, str]] = [
    ("timestamptz", "pg", "Date | number", "Date | number", "dateOrInfinity", "sentMomentOrInfinity"),
    ("date", "pg", "Date | number", "Date | number", "dateOrInfinity", "sentDateOrInfinity"),
    ("timestamp", "postgres", "Date", "Date", "anyDate", "isoDate"),
    ("jsonb", "pg", "Json", "JsonParameter", "parsedJson", "jsonParameter"),
    ("jsonb", "postgres", "Json", "Json", "parsedJson", "untypedJson"),
    ("jsonb[]", "postgres", "Json[]", "Json[]", "z.array(parsedJson)", "z.array(jsonElement)"),
    ("numeric(5,2)", "pg", "string", "string", "longNumeric(5, 2)", "longNumeric(5, 2)"),
    ("numeric(5,2)[]", "pg", "number[]", "number[]", "z.array(double)", "z.array(numericDouble(5, 2))"),
    ("numeric[]", "postgres", "string[]", "string[]", "z.array(anyNumeric)", "z.array(anyNumeric)"),
    ("interval", "pg", "PostgresInterval", "PostgresInterval", "intervalObject", "sentInterval"),
    ("interval", "postgres", "string", "string", "z.string()", "text"),
    ("point", "pg", "{ x: number; y: number }", "string", "pointObject", "text"),
    ("point", "postgres", "string", "string", "z.string()", "text"),
    ("vector(3)", "postgres", "string", "string", "z.string()", "text"),
    ("box[]", "pg", "string", "string", "arrayText", "arrayText"),
    ("circle[]", "pg", "string", "string[]", "arrayText", "z.array(text)"),
    ("boolean[]", "pg", "boolean[]", "boolean[]", "z.array(z.boolean())", "z.array(z.boolean())"),
    ("boolean[]", "postgres", "boolean[]", "string", "z.array(z.boolean())", "arrayText"),
    (array_of(MOOD, 1), "pg", "string", "Mood[]", "arrayText", "z.array(moodSchema)"),
    (array_of(MOOD, 1), "postgres", "Mood[]", "Mood[]", "z.array(moodSchema)", "z.array(moodSchema)"),
    (array_of(FLAG, 1), "postgres", "string[]", "string[]", "z.array(z.string())", "z.array(text)"),
    (PLACE, "pg", "string", "string", "z.string()", "text"),
    (array_of(PLACE, 1), "postgres", "string[]", "string[]", "z.array(z.string())", "z.array(text)"),
]


@pytest.mark.parametrize(("type", "client", "read", "given", "select", "insert"), READ_AND_GIVEN)
def test_forms(type: PgType | str, client: Client, read: str, given: str, select: str, insert: str) -> None:
    """A column as its driver hands it over, and as the driver takes it."""
    types, schemas = lines(type, client)
    assert types == [f"c: {read}", f"c: {given}", f"c?: {given} | undefined"]
    assert schemas == [f"c: {select}", f"c: {insert}", f"c: {insert}.optional()"]


def test_domains_are_not_seen_through() -> None:
    """postgres.js knows nothing of a domain when it sends: arrays and JSON are given as text."""
    files = TypeScript(options=ModelOptions(client="postgres")).emit(catalog(NOTES))
    assert "export type Notes = string[];" in files["domains.ts"]
    assert lines(NOTES, "postgres")[0] == ["c: Notes", "c: string", "c?: string | undefined"]
    assert lines(SETTINGS, "postgres")[0] == ["c: Settings", "c: string", "c?: string | undefined"]


def test_no_infinity() -> None:
    """Where the project says that there is none, node-postgres gives Dates alone."""
    types, schemas = lines("timestamptz", "pg", Own(infinity="error"))
    assert types[0] == "c: Date"
    assert schemas == ["c: anyDate", "c: sentMoment", "c: sentMoment.optional()"]


def test_text_for_infinity_is_for_rust() -> None:
    """A cast in Rust's statements changes nothing in what a driver reads."""
    assert lines("date", "pg", Own(infinity="text")) == lines("date", "pg")


def test_own_types_of_elements() -> None:
    """A project that says of what type elements are parses the array itself."""
    types, _ = lines(array_of(MOOD, 1), "pg", Own(ts="Feeling", ts_import="../feeling.js"))
    assert types == ["c: Feeling[]", "c: Feeling[]", "c?: Feeling[] | undefined"]


def test_views_need_no_parameters() -> None:
    """What is only read mentions nothing of what is given."""
    columns = (Column(name="c", type=parse_type("jsonb")),)
    made = Catalog(views=(View(name="v", query=opaque("SELECT 1"), columns=columns),))
    assert "JsonParameter" not in TypeScript(options=ModelOptions(client="pg")).emit(made)["v.ts"]


def test_every_form_has_a_type() -> None:
    """No form is without a TypeScript type."""
    assert all(wire_type(form) for form in Wire)
