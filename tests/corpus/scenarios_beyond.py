"""The scenarios beyond the conformance list: other suites of peers, and probes that a peer fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BEYOND: Final[Mapping[str, str]] = {
    "pg-array": """
        an array column with an empty default: integer
        with three integers
        with bigints
        with booleans
        with arrays in it
        with dates
        with timestamps to the millisecond
        with JSON
        with texts
        with uuids
        with labels of an enum
        with no label of an enum""",
    "pg-schemas": """
        the first one comes
        a second one comes
        the only one goes
        one of two goes
        one is renamed
        one of two is renamed""",
    "indexes": """
        several kinds change their name
        an HNSW index with an operator class and options
        each field that makes an index another""",
    "push": """
        every column type, unchanged
        indexes, unchanged
        a generated column is added
        a column becomes generated
        a generated column becomes plain
        another generated expression
        a table comes with a generated column
        sequences, unchanged
        each part of an index changes
        an index goes
        predicate, operator class and expression of an index change
        the name of an index stays as it is
        NOT NULL on an empty table
        NOT NULL on a table with rows
        a composite primary key comes
        a table with a composite primary key is renamed
        several at once, as met in the wild
        a sequence: nothing changes
        a sequence: other options
        a sequence: another name
        a sequence: another name and options
        identity comes, no option
        identity comes, some options
        identity comes, all options
        identity unchanged, no option
        identity unchanged, some options
        identity unchanged, all options
        identity goes, no option
        identity goes, some options
        identity goes, all options
        identity: another start
        identity: another cache
        identity: by default to always
        identity: always to by default
        a column with identity is added
        a column gains identity
        an array column with an empty default
        an array column with a default that is not empty
        a view comes
        a materialized view comes
        a view goes
        a materialized view goes
        a view of the same name with another query
        a materialized view of the same name with another query
        an option of a materialized view
        another option of a materialized view
        a materialized view managed elsewhere
        a materialized view with rows goes
        a materialized view without rows goes
        a view over rows goes
        a check is added to a table with rows
        a second check is added
        a check goes
        a check of the same name with another expression
        a column called like an enum
        labels in the middle keep the order
        labels go that rows in two schemas hold
        another order of labels, with a default
        policies, unchanged
        the first policy of a table
        the last policy of a table goes
        a second policy
        one of two policies goes
        a policy for other roles
        another USING
        another WITH CHECK
        permissive to restrictive
        another command
        restrictive, and another command
        everything but its name
        a policy is renamed
        a policy is renamed, and its table
        a table comes with a policy
        a table with a policy goes
        a policy for several roles
        a policy on a table managed elsewhere is renamed
        other roles on a table managed elsewhere
        another WITH CHECK on a table managed elsewhere
        another USING on a table managed elsewhere
        another command on a table managed elsewhere
        a role comes
        a role comes with every attribute
        a role comes with two attributes
        a role goes
        a role goes, another comes
        a role is renamed
        every attribute of a role changes
        a role: CREATEDB
        a role: CREATEROLE
        a role: INHERIT""",
    "introspect": """
        a plain table
        identity always, no option
        identity always, some options
        identity always, all options
        identity by default, no option
        identity by default, some options
        identity by default, all options
        a plain index
        a generated column
        every column type
        every array type
        odd names of columns
        an enum in a schema
        enums of one name in two schemas
        an enum called like a type of Postgres
        quotes in defaults
        checks
        checks of one name in two schemas
        a view
        a view over a view
        a view in a schema
        a materialized view
        a materialized view over a view
        a materialized view in a schema
        a policy
        a policy of each kind
        a policy with every clause
        a policy with USING and WITH CHECK
        several policies
        several policies with roles
        policies for roles that are declared
        a role
        a role with every attribute
        a role with some attributes""",
    "probe": """
        a view over a view that sorts after it
        a column goes that a redefined view used
        another type of a column under an unchanged view
        another type that needs USING, with a default
        two columns swap their names
        a role goes with the policy that names it
        a sequence goes with the default that uses it
        another order of labels under a partial index
        a unique constraint changes under a foreign key
        another type of a column with an expression for a default
        another generated expression under an index
        a table goes that others refer to""",
}
