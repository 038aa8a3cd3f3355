"""The program that takes rows through all that the tables' types offer, and the plan of rows that it asks for.

    sources, plans = rows_program(catalog, options, drift="drift")
    crate(BUILD, "0.9", "2024", sources, ["drift"]).test(env={"DATABASE_URL": url, "PLAN": path_of(plans)})

The program itself is tests/toolchains/rows/main.rs; here are the calls, one for each table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from pgkit.backends.model import model
from pgkit.backends.options import ModelOptions
from pgkit.backends.rust import Rust
from pgkit.backends.rust.access import Access, Accesses, Lookup
from pgkit.backends.rust.idents import module_ident, type_ident
from pgkit.backends.rust.text import string
from pgkit.ir.catalog import Catalog
from pgkit.ir.walk import index
from tests.backends.rows_plan import Plan, referring, row_plans, unique

MAIN = Path(__file__).resolve().parents[1] / "toolchains" / "rows" / "main.rs"
_CALLS = """\
use crate::db::{self, rt::{TRAITS}};
use crate::rows::*;

FLAVOURS

#[tokio::test]
async fn rows() {
    let plans: Vec<Plan> = serde_json::from_str(&std::fs::read_to_string(std::env::var("PLAN").unwrap()).unwrap()).unwrap();
    let db = &sqlx::PgPool::connect(&std::env::var("DATABASE_URL").unwrap()).await.unwrap();
    let world = &mut World::new();
    let mut plan = plans.iter();
PUTS
    let mut plan = plans.iter().rev();
TAKES
}
"""
_LOOKED_UP = """\
    for%s in %s {
        let row: db::%s::%sRow = read(json.clone().into());
        if let (%s) = (%s) {%s
            assert_eq!(shown(&%s.await.unwrap().unwrap()), *json);
        }
    }"""
_UPSERTED = """
            let given = [%s].map(String::from);
            for wanted in [changed(%s, n, &[%s]), json.clone()] {
                let made = %s.await.unwrap();
                assert_eq!(part(&shown(&made), &given), part(&wanted, &given));
            }"""
_PLAIN = "flavour!(put_plain, take_plain, retake_plain, Table, Upsert, list, count);"
_HELD = "flavour!(put_held, take_held, retake_held, TenantTable, TenantUpsert, list_by_tenant, count_by_tenant, Tenant);"


def rows_program(
    catalog: Catalog,
    options: ModelOptions,
    drift: str,
    planned: Callable[[list[Access]], list[Plan]] = row_plans,
) -> tuple[dict[str, str], list[Plan]]:
    """The sources of the program, by path, and the plans that it is to be given as JSON."""
    accesses = _accesses(catalog, options)
    plans = planned(accesses)
    of = {str(a.row.ref): a for a in accesses}
    modules = {f"src/db/{p}": text for p, text in Rust(options=options, drift=drift).emit(catalog).items()}
    calls = _calls([of[plan["name"]] for plan in plans])
    return {"src/main.rs": MAIN.read_text("utf-8"), "src/calls.rs": calls, **modules}, plans


def plan_file(plans: list[Plan], folder: Path) -> str:
    """The file of the plans, written."""
    file = folder / "plan.json"
    file.write_text(json.dumps(plans), "utf-8")
    return str(file)


def _accesses(catalog: Catalog, options: ModelOptions) -> list[Access]:
    known = Accesses(index(catalog), options.tenants)
    return [known.of(row) for row in model(catalog, options.for_rust).rows]


def _calls(accesses: list[Access]) -> str:
    held, plain = any(a.tenant for a in accesses), any(not a.tenant for a in accesses)
    names = ["Page", *(["Table", "Upsert"] * plain), *(["TenantTable", "TenantUpsert"] * held)]
    text = _CALLS.replace("{TRAITS}", "{" + ", ".join(names) + "}")
    text = text.replace("FLAVOURS", "\n".join([_PLAIN] * plain + [_HELD] * held))
    text = text.replace(
        "PUTS", "\n".join(line for a in accesses for line in (_call("put", a), *_looked_up(a)))
    )
    takes = (_call("retake" if a.chosen else "take", a) for a in reversed(accesses))
    return text.replace("TAKES", "\n".join(takes))


def _call(verb: str, access: Access) -> str:
    flavour = "held" if access.tenant else "plain"
    return f"    {verb}_{flavour}::<{_table(access)}>(db, world, plan.next().unwrap()).await;"


def _table(access: Access) -> str:
    return f"db::{module_ident(access.row.module)}::{type_ident(access.row.stem)}"


def _looked_up(access: Access) -> Iterator[str]:
    """Finds each row by what is unique in it besides its key, once an upsert by that has changed it and back."""
    rows = f"&world[{string(str(access.row.ref))}]"
    for lookup in access.lookups:
        values = [
            f"row.{m.ident}.as_ref()" if m.field.nullable else f"Some(&row.{m.ident})" for m in lookup.members
        ]
        names = [f"v{n}" for n, _ in enumerate(values)]
        found = f"{_table(access)}::find_by_{lookup.name}({', '.join(['db', *_tenant(access), *names])})"
        yield _LOOKED_UP % (
            " (n, json)" if lookup.conflict else " json",
            f"world[{string(str(access.row.ref))}].iter().enumerate()" if lookup.conflict else rows,
            module_ident(access.row.module),
            access.row.stem,
            "".join(f"Some({name})," for name in names),
            "".join(f"{value}," for value in values),
            _upserted(access, lookup, rows) if lookup.conflict else "",
            found,
        )


def _upserted(access: Access, lookup: Lookup, rows: str) -> str:
    """Gives a row what the one before it has, where that need not be unique, and then its own again."""
    kept = unique(access) | referring(access)
    changed = [string(m.field.key) for m in access.patched if m.field.name not in kept]
    arguments = ", ".join(["db", *_tenant(access), "read(part(&wanted, &given))"])
    return _UPSERTED % (
        ", ".join(string(m.field.key) for m in access.given),
        rows,
        ", ".join(changed),
        f"{_table(access)}::upsert_by_{lookup.name}({arguments})",
    )


def _tenant(access: Access) -> list[str]:
    return [f"&row.{access.tenant.ident}"] if access.tenant else []
