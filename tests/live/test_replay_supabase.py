"""The built-in Supabase prelude: what migrations refer to is there, and only what they change is a result."""

import pytest

from pgkit.ir.walk import index
from pgkit.jobs.replay import Replayed, ReplayOptions, replaying
from pgkit.jobs.replay_prelude import preludes
from pgkit.runtime.connect import open_
from pgkit.runtime.embedded import Server
from tests.live.reading import run, table
from tests.live.replays import BREAK, folder, replayed, tables

SUPABASE = ReplayOptions(prelude=preludes(["supabase"]))


@pytest.fixture
def ours(test_server: Server) -> Server:
    """A server on which roles can be made."""
    if not test_server.owned:
        pytest.skip("makes roles, which no test does on a server of the user's")
    return test_server


def made(found: Replayed) -> dict[str, str]:
    """What the SQL made, or changed: each name with its kind."""
    before = index(found.given)
    return {str(ref): ref.kind for ref, obj in index(found.catalog).items() if before.get(ref) != obj}


def test_what_the_prelude_made_is_no_part_of_the_result(ours: Server) -> None:
    """It is given, and there unchanged at the end."""
    found = replayed(ours, "CREATE TABLE a (b int);", options=SUPABASE)
    assert made(found) == {"public.a": "table", "public.a.b": "column"}
    assert {"auth.users", "storage.objects", "realtime.messages"} <= tables(found.given)


def test_policies_on_tables_of_the_prelude_are_results(ours: Server) -> None:
    """A migration that adds to a given table has changed that table, and no other."""
    found = replayed(
        ours,
        "CREATE POLICY mine ON storage.objects FOR SELECT TO authenticated USING (auth.uid() = owner);"
        f"{BREAK}CREATE POLICY all_of_it ON realtime.messages TO anon USING (realtime.topic() = 'x');",
        options=SUPABASE,
    )
    assert made(found) == {
        "storage.objects": "table",
        "storage.objects.mine": "policy",
        "realtime.messages": "table",
        "realtime.messages.all_of_it": "policy",
    }
    assert table(found.given, "objects", "storage").policies == ()


def test_what_migrations_on_supabase_commonly_do(ours: Server) -> None:
    """A profile for each user, kept by a trigger; a bucket; a table that is published."""
    found = replayed(
        ours,
        """
        CREATE TABLE profiles (
            id uuid PRIMARY KEY DEFAULT uuid_generate_v4() REFERENCES auth.users ON DELETE CASCADE,
            key text DEFAULT encode(gen_random_bytes(8), 'hex')
        );
        ALTER TABLE profiles ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON profiles TO authenticated USING (id = auth.uid() AND auth.role() = 'x');
        CREATE FUNCTION new_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
            $$ BEGIN INSERT INTO public.profiles (id) VALUES (new.id); RETURN new; END $$;
        CREATE TRIGGER on_user AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION new_user();
        INSERT INTO storage.buckets (id, name, public) VALUES ('a', 'a', true) ON CONFLICT (id) DO NOTHING;
        INSERT INTO storage.objects (bucket_id, name) VALUES ('a', 'b/c.png');
        INSERT INTO auth.users (id, email) VALUES (gen_random_uuid(), 'a@b.c');
        GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
        ALTER PUBLICATION supabase_realtime ADD TABLE profiles;
        SELECT realtime.topic(), vault.create_secret('x', 'y');
        """,
        options=SUPABASE,
    )
    assert tables(found.catalog) - tables(found.given) == {"public.profiles"}
    assert "auth.users.on_user" in made(found)


def test_its_functions_answer(ours: Server) -> None:
    """They give what Supabase documents, on the claims of a request."""
    query = """
        SELECT auth.uid()::text, auth.role(), auth.email(), storage.foldername('a/b/c.tar.gz'),
               storage.filename('a/b/c.tar.gz'), storage.extension('a/b/c.tar.gz'),
               length(extensions.gen_random_bytes(40)), extensions.uuid_nil()::text
        FROM set_config('request.jwt.claims', $1, false)"""
    claims = '{"sub": "00000000-0000-0000-0000-000000000001", "role": "authenticated", "email": "a@b.c"}'

    async def asked() -> list[object]:
        async with replaying(folder(""), ours, options=SUPABASE) as found, open_(found.url) as session:
            return list((await session.fetch(query, claims))[0])

    assert run(asked()) == [
        "00000000-0000-0000-0000-000000000001",
        "authenticated",
        "a@b.c",
        ["a", "b"],
        "c.tar.gz",
        "gz",
        40,
        "00000000-0000-0000-0000-000000000000",
    ]


def test_where_the_server_has_the_extensions(contrib: Server) -> None:
    """They are installed where Supabase has them, in Postgres 15 and 18."""
    found = replayed(contrib, "CREATE TABLE a (b uuid DEFAULT uuid_generate_v4());", options=SUPABASE)
    assert {extension.name: extension.schema for extension in found.given.extensions} == {
        "pgcrypto": "extensions",
        "uuid-ossp": "extensions",
    }
    assert made(found) == {"public.a": "table", "public.a.b": "column"}
