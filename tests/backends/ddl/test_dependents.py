"""Plans around functions, triggers and the like: all that depends on them, and all that they depend on."""

from pgkit.runtime.embedded import Server
from tests.backends.ddl.dependent_cases import PAIRS, PAIRS_OF_18
from tests.backends.ddl.reaching import reaches
from tests.live.reading import run


def test_pairs(contrib: Server) -> None:
    """What is made anew is dropped before and made again after, with everything in the way, in one plan."""
    run(reaches(contrib, PAIRS))


def test_pairs_of_18(contrib18: Server) -> None:
    """Keys over periods, and constraints NOT NULL that say more."""
    run(reaches(contrib18, PAIRS_OF_18))


def test_extensions(contrib: Server) -> None:
    """Extensions come before what uses what they bring, and go after it."""
    used = """CREATE EXTENSION hstore SCHEMA public; CREATE TABLE t (a int, h hstore DEFAULT ''); CREATE INDEX i ON t USING gin (h);
        CREATE FUNCTION f(hstore) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT f(h) AS x FROM t"""
    run(reaches(contrib, {"made": ("", used)}))
    run(reaches(contrib, {"dropped": (used, "CREATE TABLE t (a int)")}))
