"""What _pg.ts is made of: schemas, and the code that they use."""

from attrs import frozen

from pgkit.backends.zod.expressions import Chain


@frozen
class Helper:
    """A schema, or with `params` a function that gives one."""

    name: str
    comment: str
    schema: Chain
    params: str = ""
    generics: str = ""  # a type parameter, which a schema is of
    cast: bool = False  # whether its caller says what the schema gives, and takes
    exported: bool = True


@frozen
class Code:
    """TypeScript that helpers use, the same whatever they are printed as."""

    name: str
    text: str
    exported: bool = False  # to other files, as `const` of this name
