"""Comments, on whatever has one."""

from typing import NamedTuple

from pgkit.frontends.live.rows import Query, select


class CommentRow(NamedTuple):
    """A comment; `number` is that of a column, or zero."""

    catalog: str
    oid: int
    number: int
    text: str


def query(version: int) -> Query[CommentRow]:
    """The comments on objects of the database that no extension made."""
    return select(
        "comment",
        CommentRow,
        """pg_catalog.pg_description d WHERE d.objoid >= 16384
        AND NOT EXISTS (SELECT FROM ext WHERE ext.classid = d.classoid AND ext.objid = d.objoid)""",
        catalog="d.classoid::pg_catalog.regclass",
        oid="d.objoid",
        number="d.objsubid",
        text="d.description",
    )


def shared(version: int) -> Query[CommentRow]:
    """The comments on roles."""
    return select(
        "shared_comment",
        CommentRow,
        """pg_catalog.pg_shdescription d
        WHERE d.classoid = 'pg_catalog.pg_authid'::pg_catalog.regclass""",
        catalog="'pg_authid'",
        oid="d.objoid",
        number="0",
        text="d.description",
    )
