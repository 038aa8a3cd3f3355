"""What a declaration is made of before it is text: a head, groups of members, a tail."""

from collections.abc import Iterable

from attrs import frozen

from pgkit.diag import Span


@frozen
class Line:
    """One member, and where it stood in its source."""

    text: str
    span: Span | None = None
    above: tuple[str, ...] = ()  # comments of the source, kept by `pgkit fmt`
    beside: str = ""


@frozen
class Declaration:
    """One declaration; members are in groups, a blank line between them."""

    head: str
    groups: tuple[tuple[Line, ...], ...] = ()
    tail: str = ""
    span: Span | None = None
    above: tuple[str, ...] = ()  # comments of the source again, at each place where one may stand
    beside: str = ""
    below: tuple[str, ...] = ()
    after: str = ""

    @property
    def short(self) -> bool:
        """Whether it may stand next to others of its kind without a blank line."""
        return not self.groups and not self.above and "\n" not in self.head + self.tail


def text_of(declarations: Iterable[Declaration]) -> str:
    """Declarations as text, a blank line between those that are not short."""
    lines: list[str] = []
    before: Declaration | None = None
    for declaration in declarations:
        if before is not None and not (
            before.short and declaration.short and _word(before) == _word(declaration)
        ):
            lines.append("")
        lines.extend(_lines(declaration))
        before = declaration
    return "".join(f"{line}\n" for line in lines)


def _word(declaration: Declaration) -> str:
    return declaration.head.split(" ", 1)[0]


def _lines(declaration: Declaration) -> Iterable[str]:
    yield from declaration.above
    tail = f" {declaration.tail}" if declaration.tail else ""
    groups = [group for group in declaration.groups if group]
    if not groups:
        yield from declaration.below
        yield words_beside(f"{declaration.head}{tail}", declaration.beside, declaration.after)
        return
    yield words_beside(f"{declaration.head} {{", declaration.beside)
    for i, group in enumerate(groups):
        if i:
            yield ""
        for line in group:
            yield from (f"  {remark}" for remark in line.above)
            yield words_beside(f"  {line.text}", line.beside)
    yield from (f"  {remark}" for remark in declaration.below)
    yield words_beside(f"}}{tail}", declaration.after)


def words_beside(text: str, *remarks: str) -> str:
    """A line with the comments beside it."""
    return "  ".join((text, *(remark for remark in remarks if remark)))
