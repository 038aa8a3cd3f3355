"""The renames that a folder records, told as hints that fit whatever a database is at."""

from pathlib import Path

import pytest

from pgkit.frontends.drizzle import lower, read
from pgkit.frontends.hints import print_hints
from pgkit.ir.catalog import Catalog
from pgkit.ir.walk import index
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from pgkit.passes.renames import check_hints, effective, renamed
from tests.drizzle.folders import Json, change, complete, create, row, row_column, row_table, v1
from tests.drizzle.folders import diff as deltas

ORDER = ["m0", "m1", "m2", "m3"]


def v9_folder(path: Path) -> Path:
    """A table, its column and its schema renamed, one after the other; a new table takes the first name."""
    base = [row("schemas", name="app"), row_table("t", "app"), row_column("t", "x", schema="app")]
    return v1(
        path,
        complete(*base, id="a", version="9"),
        deltas(
            change("rename", "tables", "app", "t", name="t2"),
            change("rename", "columns", "app", "t2", "x", name="y"),
            id="b",
            prev=["a"],
        ),
        deltas(change("rename", "schemas", "app", name="core"), id="c", prev=["b"]),
        deltas(
            change("rename", "columns", "core", "t2", "y", name="z"),
            create(row_table("t", "core")),
            create(row_column("t", "own", "integer", schema="core")),
            id="d",
            prev=["c"],
        ),
    )


def state(*rows: Json, id: str, prev: str, renames: list[str]) -> Json:
    """A snapshot of version 8 that records renames."""
    return {**complete(*rows, id=id, prev=[prev]), "renames": renames}


def v8_folder(path: Path) -> Path:
    """The same in version 8: each snapshot whole, its renames as text."""

    def rows(schema: str, table: str, column: str) -> list[Json]:
        return [
            row("schemas", name=schema),
            row_table(table, schema),
            row_column(table, column, schema=schema),
        ]

    new = [row_table("t", "core"), row_column("t", "own", "integer", schema="core")]
    return v1(
        path,
        complete(*rows("app", "t", "x"), id="a"),
        state(*rows("app", "t2", "y"), id="b", prev="a", renames=["app.t->app.t2", "app.t2.x->app.t2.y"]),
        state(*rows("core", "t2", "y"), id="c", prev="b", renames=["app->core"]),
        state(*rows("core", "t2", "z"), *new, id="d", prev="c", renames=["core.t2.y->core.t2.z"]),
    )


FOLDERS = pytest.mark.parametrize("folder", [v9_folder, v8_folder], ids=["version 9", "version 8"])


@FOLDERS
def test_every_name_that_it_had(tmp_path: Path, folder: object) -> None:
    """Each thing is told by every name that it has had, with what it is called at the end."""
    told = print_hints(lower(read(folder(tmp_path))).hints).splitlines()  # type: ignore[operator]
    assert told == [
        "table app.t -> core.t2",
        "column app.t.x -> core.t2.z",
        "column app.t2.x -> core.t2.z",
        "schema app -> core",
        "column app.t2.y -> core.t2.z",
        "column core.t2.y -> core.t2.z",
    ]


@FOLDERS
@pytest.mark.parametrize("start", range(4))
@pytest.mark.parametrize("end", range(4))
def test_from_one_tag_to_another(tmp_path: Path, folder: object, start: int, end: int) -> None:
    """Between any two states nothing is dropped but what is new: what led there is told, the rest is not."""
    path = folder(tmp_path)  # type: ignore[operator]
    tags = [f"202501010000{i:02}_m{i}" for i in (start, end)]
    lowered = [lower(read(path, tag)) for tag in tags]
    before, after = (normalize(side.catalog) for side in lowered)
    hints = effective(before, after, lowered[1].hints)
    assert check_hints(before, after, hints) == ()
    if start <= end:
        left = diff(renamed(before, hints), after)
        assert {str(c.ref) for c in left} == ({"core.t"} if start < 3 <= end else set())
    else:
        assert hints.renames == ()


@FOLDERS
def test_a_database_that_knows_nothing_of_it(tmp_path: Path, folder: object) -> None:
    """Into an empty database nothing is renamed."""
    lowered = lower(read(folder(tmp_path)))  # type: ignore[operator]
    assert effective(Catalog(), normalize(lowered.catalog), lowered.hints).renames == ()


KINDS = [
    (("enums", "public", "e"), {"name": "e2"}, ["enum public.e -> public.e2"]),
    (("enums", "public", "e"), {"schema": "app"}, ["enum public.e -> app.e"]),
    (("sequences", "public", "s"), {"name": "s2"}, ["sequence public.s -> public.s2"]),
    (("roles", "r"), {"name": "r2"}, ["role r -> r2"]),
    (("views", "public", "v"), {"name": "w"}, ["view public.v -> public.w",
                                               "materialized_view public.v -> public.w"]),
    (("indexes", "public", "i"), {"name": "j"}, ["index public.i -> public.j"]),
    (("policies", "public", "t", "p"), {"name": "q"}, ["policy public.t.p -> public.t.q"]),
    (("uniques", "public", "t", "u"), {"name": "w"}, ["constraint public.t.u -> public.t.w"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "changed", "told"), KINDS, ids=[k[0][0] + " " + next(iter(k[1])) for k in KINDS]
)
def test_every_kind(tmp_path: Path, key: tuple[str, ...], changed: dict[str, str], told: list[str]) -> None:
    """What Drizzle renames, by the words of Postgres."""
    rows = [
        row("schemas", name="app"), row_table("t"), row_column("t", "x"), row("enums", schema="public", name="e", values=["l"]),
        row("sequences", schema="public", name="s", incrementBy="1", minValue="1", maxValue="9", startWith="1",
            cacheSize=1, cycle=False),
        row("roles", name="r", superuser=None, createDb=None, createRole=None, inherit=None, canLogin=None,
            replication=None, bypassRls=None, connLimit=None, password=None, validUntil=None),
        row("views", schema="public", name="v", definition="select 1 as one", withNoData=None, using=None,
            tablespace=None, materialized=False, **{"with": None}),
        row("indexes", schema="public", table="t", name="i", nameExplicit=True, isUnique=False, where=None, method="btree",
            columns=[{"value": "x", "isExpression": False, "asc": True, "nullsFirst": False, "opclass": None}],
            concurrently=False, **{"with": ""}),
        row("policies", schema="public", table="t", name="p", roles=["public"], using="true", withCheck=None,
            **{"as": "PERMISSIVE", "for": "ALL"}),
        row("uniques", schema="public", table="t", name="u", nameExplicit=True, columns=["x"], nullsNotDistinct=False),
    ]  # fmt: skip
    path = v1(
        tmp_path,
        complete(*rows, id="a", version="9"),
        deltas(change("rename", *key, **changed), id="b", prev=["a"]),
    )
    lowered = lower(read(path))
    assert print_hints(lowered.hints).splitlines() == told
    before, after = normalize(lower(read(path, "20250101000000_m0")).catalog), normalize(lowered.catalog)
    hints = effective(before, after, lowered.hints)
    assert len(hints.renames) == 1
    assert check_hints(before, after, hints) == ()
    assert diff(renamed(before, hints), after) == ()
    assert index(renamed(before, hints)).keys() == index(after).keys()


@pytest.mark.parametrize("renames", [["nonsense"], ["a->b"], ["public.t.q->public.t.x->y"], [""], ["->"]])
def test_what_fits_nothing_is_left_out(tmp_path: Path, renames: list[str]) -> None:
    """A text that names nothing of its snapshot says nothing."""
    rows = [row_table("t"), row_column("t", "x")]
    path = v1(tmp_path, complete(*rows, id="a"), state(*rows, id="b", prev="a", renames=renames))
    assert lower(read(path)).hints.renames == ()


def test_names_that_hold_the_signs(tmp_path: Path) -> None:
    """Dots and arrows inside names are told apart by what is there."""
    rows = [row_table("a.t"), row_column("a.t", "x->y.z")]
    text = "public.a.t.o->p->public.a.t.x->y.z"
    path = v1(tmp_path, complete(*rows, id="a"), state(*rows, id="b", prev="a", renames=[text]))
    assert print_hints(lower(read(path)).hints) == 'column public."a.t"."o->p" -> public."a.t"."x->y.z"\n'
