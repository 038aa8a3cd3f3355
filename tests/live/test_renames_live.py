"""Renames on a real server: each step is one that Postgres takes, and what follows by itself follows."""

import asyncio
import os

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgkit.backends.ddl import emit
from pgkit.ir.catalog import Catalog
from pgkit.ir.hints import Hints
from pgkit.ir.json import sort
from pgkit.ir.walk import index
from pgkit.passes.diff import diff
from pgkit.passes.normalize import normalize
from pgkit.passes.renames import rename
from pgkit.testing import catalogs, renamed
from tests.laws.strategies import exchanged
from tests.live.test_laws_plan import Database, database

__all__ = ["database"]  # a fixture

EXAMPLES = int(os.environ.get("PGKIT_EXAMPLES") or (2_000 if os.environ.get("PGKIT_PROOF") else 60))
LAW = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
Opened = tuple[Database, asyncio.AbstractEventLoop]


async def prove(database: Database, before: Catalog, hints: Hints) -> None:
    """The steps run one after the other, and nothing else is to be done to be where the hints lead."""
    await database.make(before)
    made = await database.read()
    goal, steps = rename(made, hints)
    for statement in emit(steps):
        await database.session.execute(statement.sql.text)
    assert diff(sort(goal), sort(await database.read())) == ()


@given(drawn=exchanged())
@LAW
def test_names_and_schemas_exchanged(database: Opened, drawn: tuple[Catalog, Hints]) -> None:
    """Objects that take each other's names and schemas, whatever their kinds, and labels that do."""
    it, loop = database
    loop.run_until_complete(prove(it, *drawn))


@given(data=st.data())
@LAW
def test_everything_renamed(database: Opened, data: st.DataObject) -> None:
    """Schemas, what is in them and what belongs to that, swapped or under new names."""
    it, loop = database
    before = normalize(data.draw(catalogs()))
    loop.run_until_complete(prove(it, before, data.draw(renamed(before))[1]))


SQL = """
create schema a; create schema b;
create type a.mood as enum ('sad', 'so so', 'ok');
create domain a.temper as a.mood default 'sad' check (value <> 'so so');
create table a.users (
  id bigint generated always as identity primary key, n serial, mail text unique, state a.mood default 'sad',
  temper a.temper, past a.mood[] default '{sad,"so so"}',
  constraint c check (state <> 'sad' or mail is not null),
  constraint d check (past <> '{sad}' and state = any (array['sad', 'ok']::a.mood[]))
);
create table a.posts (author bigint references a.users, body text, mail text);
create index by_mail on a.users (lower(mail)) where state = 'sad';
alter table a.users enable row level security;
create policy own on a.posts using (exists (select 1 from a.users u where u.id = author and u.mail = posts.mail));
create view a.v as select u.mail, p.body, u.state = 'sad' as low from a.users u join a.posts p on p.author = u.id;
create view a.w as select x.mail, count(*) as n from (select users.mail from a.users union select mail from a.posts) x
  group by x.mail order by x.mail;
create materialized view a.m as with s as (select mail, id from a.users) select s.mail, v.low from s
  join a.v on v.mail = s.mail where not exists (select from a.posts where posts.author = s.id and posts.mail = s.mail);
create index on a.m (mail);
create type a.pair as (first text, second a.mood);
create type a.span as range (subtype = real);
create function a.f(a.users) returns text language sql immutable as 'select $1.mail';
"""
HINTS = """
schema a -> core
table a.users -> b.people
column a.users.mail -> b.people.email
column a.users.id -> b.people.key
column a.posts.mail -> core.posts.address
enum a.mood -> core.state
enum_value a.mood.sad -> core.state.blue
enum_value a.mood.'so so' -> core.state.'it''s null'
domain a.temper -> b.mood
view a.v -> b.v
column a.v.mail -> b.v.post
materialized_view a.m -> core.users
index a.by_mail -> b.people.lower_mail
constraint a.users.c -> b.people.d
constraint a.users.d -> b.people.c
policy a.posts.own -> core.posts.mine
type a.pair -> b.pair
attribute a.pair.first -> b.pair.one
range a.span -> b.span
"""


def test_what_follows_by_itself(database: Opened) -> None:
    """Checks, defaults, indexes, policies and views that mention what is renamed are the same as before."""
    from pgkit.diag import Source
    from pgkit.frontends.hints import parse
    from pgkit.passes.renames import resolve

    it, loop = database

    async def work() -> None:
        await it.make(Catalog())
        await it.session.execute(SQL)
        made = await it.read()
        hints, problems = parse(Source("hints", HINTS))
        assert problems == ()
        goal, steps = rename(made, resolve(made, made, hints))
        for statement in emit(steps):
            await it.session.execute(statement.sql.text)
        got = await it.read()
        assert [str(c) for c in diff(sort(goal), sort(got))] == []
        assert index(goal).keys() == index(got).keys()

    loop.run_until_complete(work())


@pytest.mark.parametrize("kind", ["tables", "enums"])
def test_what_is_in_the_way_is_set_aside(database: Opened, kind: str) -> None:
    """Something of another kind that has the name, and will be dropped, gives way to what takes it."""
    from pgkit.ir.names import Ref

    it, loop = database

    async def work() -> None:
        await it.make(Catalog())
        await it.session.execute(
            "create view y as select 1 as one; create table x (i int); create type e as enum ('l')"
        )
        made = await it.read()
        old = {"tables": Ref("table", "public", "x"), "enums": Ref("enum", "public", "e")}[kind]
        new = attrs.evolve(old, name="y")
        after = attrs.evolve(rename(made, Hints(((old, new),)))[0], views=())
        goal, steps = rename(made, Hints(((old, new),)), after)
        for statement in emit(steps):
            await it.session.execute(statement.sql.text)
        assert diff(sort(goal), sort(await it.read())) == ()
        assert [str(c.ref) for c in diff(goal, after)] == ["public.y__old"]

    loop.run_until_complete(work())
