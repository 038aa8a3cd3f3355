"""SQL text that cannot be put together wrongly: quoting, templates, types and expressions as SQL.

Invariant: no bare str gets into a statement; a template is a literal in our source, its holes are typed.
"""

from pgkit.sql.text import Ident, Sql, join, literal, quote, quoted, render, sql, written_name

__all__ = ["Ident", "Sql", "join", "literal", "quote", "quoted", "render", "sql", "written_name"]
