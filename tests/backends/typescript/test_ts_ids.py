"""Keys have types of their own in TypeScript and Zod; a project's own types stand in for what is generated."""

import re

import pytest

from pgkit.backends.options import ModelOptions
from pgkit.backends.rust import Rust
from pgkit.backends.typescript import TypeScript
from pgkit.backends.values import Own
from pgkit.backends.zod import Zod
from pgkit.diag import PgkitError
from pgkit.ir.catalog import Catalog
from pgkit.ir.constraints import ForeignKey, PrimaryKey
from pgkit.ir.kinds import Enum
from pgkit.ir.names import Ref
from pgkit.ir.relations import Column, Table
from tests.backends.typescript.samples import column

USERS, POSTS = (Ref("table", "public", name) for name in ("users", "posts"))
ID, AUTHOR = USERS.of("column", "id"), POSTS.of("column", "author")


def keyed(ref: Ref, *columns: Column) -> Table:
    """A table whose first column is its key, and whose column `author` refers to users."""
    keys = (ForeignKey(name="author", columns=(AUTHOR,), references=(ID,)),) if ref == POSTS else ()
    primary = PrimaryKey(name=f"{ref.name}_pkey", columns=(ref.of("column", columns[0].name),))
    return Table(name=ref.name, columns=columns, primary_keys=(primary,), foreign_keys=keys)


def catalog(key: str = "bigint", reference: str = "bigint") -> Catalog:
    """Users, and posts that have an author."""
    users = keyed(USERS, column("id", key), column("settings", "jsonb"))
    return Catalog(tables=(users, keyed(POSTS, column("id", "integer"), column("author", reference))))


def members(text: str, declared: str) -> dict[str, str]:
    """The members of an interface or of a schema."""
    body = re.search(rf"^export (?:interface|const) {declared} .*?\n(.*?)^\}}", text, re.S | re.M)
    assert body, f"no {declared} in {text}"
    return dict(re.findall(r"^  (\w+)\??: (.+)[;,]$", body[1], re.M))


def codes(backend: TypeScript | Zod, catalog: Catalog) -> list[str]:
    """What stops the generation of a catalog."""
    with pytest.raises(PgkitError) as error:
        backend.emit(catalog)
    return [d.code for d in error.value.diagnostics]


def test_references() -> None:
    """What refers to a key has its type, in rows and in what is inserted."""
    files, zod = TypeScript().emit(catalog()), Zod().emit(catalog())
    assert 'export type UsersId = string & Branded<"UsersId">;' in files["ids.ts"]
    assert 'export type PostsId = number & Branded<"PostsId">;' in files["ids.ts"]
    assert members(files["posts.ts"], "PostsRow") == {"id": "PostsId", "author": "UsersId"}
    assert members(files["posts.ts"], "PostsInsert") == {"id": "PostsId", "author": "UsersId"}
    assert members(zod["posts.ts"], "postsSelectSchema") == {"id": "postsIdSchema", "author": "usersIdSchema"}
    assert members(zod["posts.ts"], "postsUpdateSchema") == {"author": "usersIdSchema.optional()"}
    assert "export const usersIdSchema = typed<UsersId, string>(int8);" in zod["ids.ts"]


def test_they_can_be_left_out() -> None:
    """Without them keys are what they are on the wire, and there is no such file."""
    options = ModelOptions(ids=False)
    files, zod = TypeScript(options=options).emit(catalog()), Zod(options=options).emit(catalog())
    assert members(files["posts.ts"], "PostsRow") == {"id": "number", "author": "string"}
    assert members(zod["posts.ts"], "postsSelectSchema") == {"id": "z.int32()", "author": "int8"}
    assert "ids.ts" not in files.keys() | zod.keys()


def test_column_of_another_length() -> None:
    """A column that is held to more or less than the key is, has a schema of its own, of the key's type."""
    zod = Zod().emit(catalog("varchar(5)", "varchar(9)"))
    assert members(zod["users.ts"], "usersSelectSchema")["id"] == "usersIdSchema"
    assert members(zod["posts.ts"], "postsSelectSchema")["author"].startswith("typed<UsersId, string>(")
    assert members(TypeScript().emit(catalog("varchar(5)", "varchar(9)"))["posts.ts"], "PostsRow")[
        "author"
    ] == ("UsersId")


def test_names_that_are_taken() -> None:
    """The keys of `users` and the enum `users_id` would have one name; a table `ids` has another file."""
    enums = (Enum(name="users_id", labels=("a",)),)
    taken = Catalog(enums=enums, tables=catalog().tables)
    assert codes(TypeScript(), taken) == ["type-name-collision"]
    assert codes(Zod(types_import="../types"), taken) == ["type-name-collision"]
    ids = keyed(Ref("table", "public", "ids"), column("id", "uuid"))
    assert {"ids.ts", "ids_.ts"} <= TypeScript().emit(Catalog(tables=(ids,))).keys()


def test_own_types() -> None:
    """The project's type stands for a column's, its schema for the schema; without one, the type is claimed."""
    settings = USERS.of("column", "settings")
    own = Own(ts="Settings", ts_import="../own.js", zod="", zod_import="")
    options = ModelOptions(own={settings: own})
    assert (
        members(TypeScript(options=options).emit(catalog())["users.ts"], "UsersRow")["settings"] == "Settings"
    )
    alone = Zod(options=options).emit(catalog())["users.ts"]
    assert members(alone, "usersSelectSchema")["settings"] == "typed<Settings>(json)"
    assert alone.count('import type { Settings } from "../own.js";') == 1
    schema = Own(ts="", ts_import="", zod="ours.settings", zod_import="../own.js")
    options = ModelOptions(own={settings: schema})
    files = TypeScript(options=options).emit(catalog())
    assert members(files["users.ts"], "UsersRow")["settings"] == "z.infer<typeof ours.settings>"
    assert 'import type * as z from "zod";\n\nimport type { ours } from "../own.js";' in files["users.ts"]
    alone = Zod(options=options).emit(catalog())["users.ts"]
    assert members(alone, "usersSelectSchema")["settings"] == "ours.settings"
    assert alone.count("own.js") == 1


def test_own_key() -> None:
    """A key of the project's own is no key of ours, nor is what refers to it; each language for itself."""
    options = ModelOptions(own={ID: Own(ts="Key", ts_import="../own.js", zod="", zod_import="")})
    files = TypeScript(options=options).emit(catalog())
    assert members(files["users.ts"], "UsersRow")["id"] == "Key"
    assert members(files["posts.ts"], "PostsRow")["author"] == "string"
    assert "pub author: super::ids::UsersId," in Rust(options=options).emit(catalog())["posts.rs"]
    options = ModelOptions(own={ID: Own(rust="crate::Key")})
    assert members(TypeScript(options=options).emit(catalog())["posts.ts"], "PostsRow")["author"] == "UsersId"
    assert "pub author: i64," in Rust(options=options).emit(catalog())["posts.rs"]


@pytest.mark.parametrize(
    ("own", "others"),
    [
        (Own(ts="UsersRow", ts_import="../own.js"), "typescript"),
        (Own(ts="Json", ts_import="../own.js"), "typescript"),
        (Own(zod="usersSelectSchema", zod_import="../own.js"), "zod"),
        (Own(zod="int8.x", zod_import="../own.js"), "zod"),
        (Own(ts="Own", ts_import="../own.js", zod="Own", zod_import="../other.js"), "zod"),
    ],
)
def test_imports_that_collide(own: Own, others: str) -> None:
    """No import has the name of what is generated, nor two imports of a file one name."""
    options = ModelOptions(own={USERS.of("column", "settings"): own})
    backend = (
        TypeScript(options=options) if others == "typescript" else Zod(options=options, types_import="../t")
    )
    assert codes(backend, catalog()) == ["import-collision"]


def test_modules_of_other_files() -> None:
    """Files may import one name from different modules; in one file they cannot."""
    own = {
        USERS.of("column", "settings"): Own(ts="Own", ts_import="../users.js"),
        POSTS.of("column", "author"): Own(ts="Own", ts_import="../posts.js"),
    }
    files = TypeScript(options=ModelOptions(own=own)).emit(catalog())
    assert 'import type { Own } from "../posts.js";' in files["posts.ts"]
    assert codes(TypeScript(options=ModelOptions(own=own), files="one"), catalog()) == ["import-collision"]
