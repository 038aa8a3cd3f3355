"""The scenarios that the corpus must cover, by group and number: `tables 6` is the sixth of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from tests.corpus.scenarios_beyond import BEYOND

_CONFORMANCE: Final[Mapping[str, str]] = {
    "tables": """
        a table without columns
        a serial primary key
        a named primary key
        two empty tables
        a table in a schema that is there
        one table goes, another comes, no hint
        one table is renamed, another comes
        a PostGIS column
        a table with a prefix in its name comes
        a table with a prefix in its name goes
        a table with a prefix in its name is renamed
        a vector column is added
        a schema comes with a table in it
        a schema with a table is renamed
        a table moves from public to a schema
        a table moves from a schema to public
        a table moves between two schemas
        a table moves to a schema that is new
        a table moves out of a schema that goes
        a table moves and is renamed
        a schema is renamed, and a table in it
        a schema is renamed, a table in it goes
        a GIN index over an expression
        a primary key of three columns
        a column comes with a unique constraint
        other columns in a composite primary key
        a trigram index on a table that is there
        three tables with keys, snake_case
        three tables with keys, camelCase
        a foreign key gains ON DELETE
        a foreign key gains ON UPDATE
        a foreign key has another ON DELETE
        a foreign key loses ON DELETE
        a foreign key gains both actions
        an index gains a predicate
        an index gets another method
        an index gains an operator class
        an index on other columns
        an index becomes unique
        an index goes""",
    "columns": """
        one is added
        two are added
        one is renamed
        one is renamed, another added
        a composite primary key over columns that are there
        its table and a column are renamed
        one is added beside a composite primary key
        a named composite primary key
        one of a composite primary key is renamed
        three foreign keys of a table change their action
        three foreign keys to three columns change their action
        foreign keys of three tables change their action
        defaults that hold a quote""",
    "checks": """
        one comes with its table
        one is added
        one goes
        another name, no hint
        another name and expression
        two are replaced by two
        two of one name are refused""",
    "enums": """
        one comes
        one comes in a schema
        one goes
        one of a schema goes
        the schema of one is renamed
        one moves between schemas
        a label at the end
        two labels at the end
        a label before another
        a label at the end, in a schema
        one moves from a schema to public
        one moves from public to a schema
        one is renamed
        one moves and is renamed
        one moves, is renamed and gets two labels in the middle
        one that a column uses is renamed
        one that a column uses moves
        one that a column uses moves and is renamed
        a label that holds a quote
        a column of one is added, and another column
        a column of an array of one is added, and another array
        a label goes, nothing uses the type
        a label goes, columns in two schemas use the type
        another order of labels, columns in two schemas
        declared in a host language
        another order, a column with a default
        another order, an array with a default
        another order, a sized array with a default
        another order, a sized array
        another order, an array of two dimensions
        another order, an array of two dimensions with a default
        another order in a schema, a column with a default
        another order in a schema, an array with a default
        another order in a schema, a sized array with a default
        another order in a schema, a sized array
        a column of one gains a default
        varchar to enum
        varchar to enum, with a default
        varchar array to enum array, with a default
        varchar array to enum array
        sized varchar array to enum array, with a default
        sized varchar array to enum array
        enum to varchar
        enum to varchar, with a default
        enum array to varchar array
        sized enum array to varchar array
        enum array to varchar array, with a default
        sized enum array to varchar array, with a default
        varchar to text
        varchar to text, with a default
        varchar array to text array
        sized varchar array to text array
        varchar array to text array, with a default
        sized varchar array to text array, with a default
        one enum to another
        one enum to another, with a default
        one enum to another, with another default
        another order, a column moved onto the type and its default changed""",
    "generated": """
        a column is added, as text
        a column is added, as SQL
        a column is added, as a function
        a plain column becomes one, as text
        a plain column becomes one, as SQL
        a plain column becomes one, as a function
        the expression goes, as text
        the expression goes, as SQL
        the expression goes, as a function
        another expression, as text
        another expression, as SQL
        another expression, as a function""",
    "identity": """
        comes with no option
        comes with some options
        comes with all options
        nothing changes, no option
        nothing changes, some options
        nothing changes, all options
        goes, no option
        goes, some options
        goes, all options
        another start
        another cache
        by default to always, and options
        always to by default, and options""",
    "policy": """
        the first of a table
        the last of a table goes
        a second one
        one of two goes
        other roles
        another USING
        another WITH CHECK
        permissive to restrictive
        another command
        restrictive, and another command
        everything but its name
        one is renamed
        one is renamed, and its table
        comes with its table
        goes with its table
        for the current role and a named one
        a table with row security and no policy
        row security on
        row security off
        one goes, row security stays
        one comes, row security stays
        declared apart: it and its link come
        declared apart: it is linked
        declared apart: it is unlinked
        declared apart: it goes with its link
        one in the table, one apart
        one comes on a table managed elsewhere
        one goes on a table managed elsewhere
        one on a table managed elsewhere, another inside
        one on a table of a schema managed elsewhere
        one on a table managed elsewhere is renamed
        other roles on a table managed elsewhere
        another WITH CHECK on a table managed elsewhere
        another USING on a table managed elsewhere
        another command on a table managed elsewhere
        declared apart: other roles
        declared apart: another WITH CHECK
        declared apart: another USING
        declared apart: another command""",
    "roles": """
        one comes
        one comes with every attribute
        one comes with two attributes
        one goes
        one goes, another comes
        one is renamed
        every attribute changes
        CREATEDB
        CREATEROLE
        INHERIT""",
    "sequences": """
        one comes
        one comes with all options
        one comes in a schema
        one comes in a schema with all options
        one goes
        one of a schema goes
        one is renamed
        one of a schema is renamed
        one moves from public to a schema
        one moves from a schema to public
        another start""",
    "views": """
        a table and a view
        a table and a view in SQL
        two views with options
        two views with options in a new schema
        two of one name are refused
        one with a cascaded check option
        one managed elsewhere comes: nothing
        a table and a materialized view
        a table and a materialized view in SQL
        a materialized view with every option
        two materialized ones of one name are refused
        a materialized view with one option
        a materialized view managed elsewhere comes: nothing
        one goes
        one managed elsewhere goes: nothing
        a materialized view goes
        a materialized view managed elsewhere goes: nothing
        one is renamed
        one managed elsewhere is renamed: nothing
        a materialized view is renamed
        a materialized view managed elsewhere is renamed: nothing
        one moves to a new schema
        one managed elsewhere moves: nothing
        a materialized view moves to a new schema
        a materialized view managed elsewhere moves: nothing
        options are added
        options are added elsewhere: nothing
        options are added to a materialized view
        options are added to a materialized view elsewhere: nothing
        options go
        options go elsewhere: nothing
        options of a materialized view go
        options of a materialized view go elsewhere: nothing
        one of several options goes
        one of several options goes elsewhere: nothing
        one of several options of a materialized view goes
        one of several options of a materialized view goes elsewhere: nothing
        an option changes
        an option of a materialized view changes
        another query
        another query elsewhere: nothing
        another query of a materialized view
        another query of a materialized view elsewhere: nothing
        a materialized view managed elsewhere comes home, with another query
        another tablespace of a materialized view
        a tablespace for a materialized view
        no tablespace for a materialized view any more
        a materialized view goes elsewhere under another name
        a materialized view comes home with no data
        one goes elsewhere
        another access method of a materialized view
        an access method for a materialized view
        no access method for a materialized view any more
        one is renamed and gets an option
        one moves and gets an option""",
}


def scenarios() -> Mapping[str, str]:
    """Every scenario, by its id."""
    groups = {**_CONFORMANCE, **BEYOND}
    return {id: title for group, text in groups.items() for id, title in _numbered(group, text)}


def _numbered(group: str, text: str) -> Iterator[tuple[str, str]]:
    for number, title in enumerate(text.strip().splitlines(), 1):
        yield f"{group} {number}", title.strip()
