"""What the backends are told of names, columns and types."""

from collections.abc import Mapping

from attrs import evolve, field, frozen

from pgkit.backends.modes import Mode
from pgkit.backends.names import Case
from pgkit.backends.values import Own
from pgkit.ir.names import Ref
from pgkit.ir.wire import Client


@frozen(kw_only=True)
class ModelOptions:
    """What a configuration says of names and columns; Refs are columns or relations."""

    case: Case = "camel"
    main_schema: str = "public"  # names from other schemas are prefixed with theirs
    client: Client = "json"  # where rows come from
    exclude: frozenset[Ref] = frozenset()  # columns, or whole relations
    write_only: frozenset[Ref] = frozenset()
    ids: bool = True  # whether keys have types of their own
    tenants: Mapping[Ref, str] = field(factory=dict)  # table or view -> the column that says whose a row is
    keys: Mapping[Ref, str] = field(factory=dict)  # column -> its JSON key
    stems: Mapping[Ref, str] = field(factory=dict)  # table, view or type -> the stem of its type names
    members: Mapping[Ref, str] = field(factory=dict)  # enum label -> its identifier
    own: Mapping[Ref | str, Own] = field(factory=dict)  # column, declared type, or a scalar's name
    exports: Mapping[Ref, str] = field(factory=dict)  # table or view -> the stem that schema.ts gives it
    properties: Mapping[Ref, str] = field(factory=dict)  # column -> its JSON key, where keys has none
    modes: Mapping[Ref, Mode] = field(factory=dict)  # column -> how Drizzle hands it over
    checks: bool = False  # whether checks are read
    open_enums: frozenset[Ref] = frozenset()  # enums whose unknown labels are read as text
    rewritten: frozenset[Ref | str] = frozenset()  # of `own`, what is not sent as it is

    @property
    def for_rust(self) -> "ModelOptions":
        """These, with what is said of types to Rust alone."""
        return evolve(self, own={key: own.for_rust for key, own in self.own.items()})

    @property
    def for_typescript(self) -> "ModelOptions":
        """These, with what is said of types to TypeScript and Zod alone."""
        own = {key: own.for_typescript for key, own in self.own.items()}
        rewritten = frozenset(key for key, own in self.own.items() if own.write_sql or own.rust)
        stems = {**self.exports, **self.stems}
        return evolve(self, own=own, stems=stems, rewritten=rewritten)
