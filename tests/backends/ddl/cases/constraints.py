"""Primary keys, unique constraints, foreign keys, checks and policies."""

from tests.backends.ddl.proving import Case

_TWO = "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE t (a integer, b integer);"
_FK = "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p"
_CHECK = "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0)"
_T = "CREATE TABLE t (a integer NOT NULL, b integer NOT NULL); INSERT INTO t VALUES (1, 2);"


def _policy(text: str) -> str:
    return f"CREATE TABLE t (a integer); CREATE POLICY p ON t {text}"


CASES = (
    Case("primary key added", _T, _T + "ALTER TABLE t ADD PRIMARY KEY (a)", "ALTER TABLE s.t ADD CONSTRAINT t_pkey PRIMARY KEY (a)"),
    Case("primary key dropped", _T + "ALTER TABLE t ADD PRIMARY KEY (a)", _T, "ALTER TABLE s.t DROP CONSTRAINT t_pkey"),
    Case(
        "primary key over other columns: made anew",
        _T + "ALTER TABLE t ADD PRIMARY KEY (a)",
        _T + "ALTER TABLE t ADD PRIMARY KEY (a, b) INCLUDE (b) DEFERRABLE",
        "ALTER TABLE s.t DROP CONSTRAINT t_pkey;\n"
        "ALTER TABLE s.t ADD CONSTRAINT t_pkey PRIMARY KEY (a, b) INCLUDE (b) DEFERRABLE",
    ),
    Case(
        "comment on a primary key",
        _T + "ALTER TABLE t ADD PRIMARY KEY (a)",
        _T + "ALTER TABLE t ADD PRIMARY KEY (a); COMMENT ON CONSTRAINT t_pkey ON t IS 'x'",
        "COMMENT ON CONSTRAINT t_pkey ON s.t IS 'x'",
    ),
    Case(
        "unique constraint added, with a comment",
        _T,
        _T + "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a) INCLUDE (b); COMMENT ON CONSTRAINT u ON t IS 'x'",
        "ALTER TABLE s.t ADD CONSTRAINT u UNIQUE (a) INCLUDE (b);\nCOMMENT ON CONSTRAINT u ON s.t IS 'x'",
    ),
    Case(
        "unique constraint that takes nulls for equal: made anew",
        _T + "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)",
        _T + "ALTER TABLE t ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a) DEFERRABLE INITIALLY DEFERRED",
        "ALTER TABLE s.t DROP CONSTRAINT u;\n"
        "ALTER TABLE s.t ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a) DEFERRABLE INITIALLY DEFERRED",
        since=15,
    ),
    Case(
        "comment on a unique constraint taken away",
        _T + "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a); COMMENT ON CONSTRAINT u ON t IS 'x'",
        _T + "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)",
        "COMMENT ON CONSTRAINT u ON s.t IS NULL",
    ),
    Case(
        "foreign key added, not valid",
        _TWO,
        _TWO + _FK + " NOT VALID",
        "ALTER TABLE s.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES s.p (id) NOT VALID",
    ),
    Case("foreign key dropped", _TWO + _FK, _TWO, "ALTER TABLE s.t DROP CONSTRAINT f"),
    Case(
        "actions of a foreign key: made anew",
        _TWO + _FK,
        _TWO + _FK + " ON DELETE CASCADE ON UPDATE SET NULL",
        "ALTER TABLE s.t DROP CONSTRAINT f;\n"
        "ALTER TABLE s.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES s.p (id) ON DELETE CASCADE ON UPDATE SET NULL",
    ),
    Case(
        "foreign key becomes deferrable",
        _TWO + _FK,
        _TWO + _FK + " DEFERRABLE",
        "ALTER TABLE s.t ALTER CONSTRAINT f DEFERRABLE",
    ),
    Case(
        "foreign key becomes deferred",
        _TWO + _FK,
        _TWO + _FK + " DEFERRABLE INITIALLY DEFERRED",
        "ALTER TABLE s.t ALTER CONSTRAINT f DEFERRABLE INITIALLY DEFERRED",
    ),
    Case(
        "foreign key, deferred, becomes immediate",
        _TWO + _FK + " DEFERRABLE INITIALLY DEFERRED",
        _TWO + _FK + " DEFERRABLE",
        "ALTER TABLE s.t ALTER CONSTRAINT f DEFERRABLE",
    ),
    Case(
        "foreign key is no longer deferrable",
        _TWO + _FK + " DEFERRABLE INITIALLY DEFERRED",
        _TWO + _FK,
        "ALTER TABLE s.t ALTER CONSTRAINT f NOT DEFERRABLE",
    ),
    Case(
        "foreign key validated, with a comment",
        _TWO + _FK + " NOT VALID",
        _TWO + _FK + "; COMMENT ON CONSTRAINT f ON t IS 'x'",
        "ALTER TABLE s.t VALIDATE CONSTRAINT f;\nCOMMENT ON CONSTRAINT f ON s.t IS 'x'",
    ),
    Case(
        "foreign key validated and deferrable",
        _TWO + _FK + " NOT VALID",
        _TWO + _FK + " DEFERRABLE",
        "ALTER TABLE s.t ALTER CONSTRAINT f DEFERRABLE;\nALTER TABLE s.t VALIDATE CONSTRAINT f",
    ),
    Case(
        "foreign key that was valid: made anew",
        _TWO + _FK,
        _TWO + _FK + " NOT VALID",
        "ALTER TABLE s.t DROP CONSTRAINT f;\n"
        "ALTER TABLE s.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES s.p (id) NOT VALID",
    ),
    Case(
        "foreign key is no longer enforced",
        _TWO + _FK + " NOT VALID",
        _TWO + _FK + " NOT ENFORCED",
        "ALTER TABLE s.t ALTER CONSTRAINT f NOT ENFORCED",
        since=18,
    ),
    Case(
        "foreign key becomes enforced and deferrable",
        _TWO + _FK + " NOT ENFORCED",
        _TWO + _FK + " DEFERRABLE",
        "ALTER TABLE s.t ALTER CONSTRAINT f DEFERRABLE ENFORCED",
        since=18,
    ),
    Case(
        "foreign key becomes enforced from now on: made anew",
        _TWO + _FK + " NOT ENFORCED",
        _TWO + _FK + " NOT VALID",
        "ALTER TABLE s.t DROP CONSTRAINT f;\n"
        "ALTER TABLE s.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES s.p (id) NOT VALID",
        since=18,
    ),
    Case("check added", _TWO, _TWO + _CHECK, "ALTER TABLE s.t ADD CONSTRAINT k CHECK ((a > 0))"),
    Case("check dropped", _TWO + _CHECK, _TWO, "ALTER TABLE s.t DROP CONSTRAINT k"),
    Case(
        "check says something else: made anew",
        _TWO + _CHECK,
        _TWO + "ALTER TABLE t ADD CONSTRAINT k CHECK (b > 0) NO INHERIT",
        "ALTER TABLE s.t DROP CONSTRAINT k;\nALTER TABLE s.t ADD CONSTRAINT k CHECK ((b > 0)) NO INHERIT",
    ),
    Case(
        "check validated",
        _TWO + _CHECK + " NOT VALID",
        _TWO + _CHECK,
        "ALTER TABLE s.t VALIDATE CONSTRAINT k",
    ),
    Case(
        "check that was valid: made anew",
        _TWO + _CHECK,
        _TWO + _CHECK + " NOT VALID",
        "ALTER TABLE s.t DROP CONSTRAINT k;\nALTER TABLE s.t ADD CONSTRAINT k CHECK ((a > 0)) NOT VALID",
    ),
    Case(
        "check is no longer enforced: made anew",
        _TWO + _CHECK,
        _TWO + _CHECK + " NOT ENFORCED",
        "ALTER TABLE s.t DROP CONSTRAINT k;\nALTER TABLE s.t ADD CONSTRAINT k CHECK ((a > 0)) NOT ENFORCED",
        since=18,
    ),
    Case(
        "check becomes enforced: made anew",
        _TWO + _CHECK + " NOT ENFORCED",
        _TWO + _CHECK,
        "ALTER TABLE s.t DROP CONSTRAINT k;\nALTER TABLE s.t ADD CONSTRAINT k CHECK ((a > 0))",
        since=18,
    ),
    Case(
        "comment on a check",
        _TWO + _CHECK,
        _TWO + _CHECK + "; COMMENT ON CONSTRAINT k ON t IS 'x'",
        "COMMENT ON CONSTRAINT k ON s.t IS 'x'",
    ),
    Case(
        "policy added",
        "CREATE TABLE t (a integer)",
        _policy("AS RESTRICTIVE FOR UPDATE USING (a > 0) WITH CHECK (a > 1); COMMENT ON POLICY p ON t IS 'x'"),
        "CREATE POLICY p ON s.t AS RESTRICTIVE FOR UPDATE USING ((a > 0)) WITH CHECK ((a > 1));\n"
        "COMMENT ON POLICY p ON s.t IS 'x'",
    ),
    Case("policy dropped", _policy("USING (true)"), "CREATE TABLE t (a integer)", "DROP POLICY p ON s.t"),
    Case(
        "roles of a policy",
        _policy("USING (true)"),
        _policy("TO pg_monitor, pg_read_all_data USING (true)"),
        "ALTER POLICY p ON s.t TO pg_monitor, pg_read_all_data",
    ),
    Case(
        "policy becomes one for all",
        _policy("TO pg_monitor USING (true)"),
        _policy("USING (true)"),
        "ALTER POLICY p ON s.t TO PUBLIC",
    ),
    Case("USING of a policy", _policy("USING (true)"), _policy("USING (a > 1)"), "ALTER POLICY p ON s.t USING ((a > 1))"),
    Case(
        "USING of a policy added",
        _policy("WITH CHECK (a > 1)"),
        _policy("USING (a > 2) WITH CHECK (a > 1)"),
        "ALTER POLICY p ON s.t USING ((a > 2))",
    ),
    Case(
        "USING of a policy taken away: made anew",
        _policy("USING (a > 2) WITH CHECK (a > 1)"),
        _policy("WITH CHECK (a > 1)"),
        "DROP POLICY p ON s.t;\nCREATE POLICY p ON s.t WITH CHECK ((a > 1))",
    ),
    Case(
        "WITH CHECK of a policy, and its comment",
        _policy("USING (true) WITH CHECK (a > 1); COMMENT ON POLICY p ON t IS 'x'"),
        _policy("USING (true) WITH CHECK (a > 2)"),
        "ALTER POLICY p ON s.t WITH CHECK ((a > 2));\nCOMMENT ON POLICY p ON s.t IS NULL",
    ),
    Case(
        "WITH CHECK of a policy taken away: made anew",
        _policy("USING (true) WITH CHECK (a > 1)"),
        _policy("USING (true)"),
        "DROP POLICY p ON s.t;\nCREATE POLICY p ON s.t USING (true)",
    ),
    Case(
        "everything that can change in a policy",
        _policy("USING (true)"),
        _policy("TO pg_monitor USING (a > 0) WITH CHECK (a > 1)"),
        "ALTER POLICY p ON s.t TO pg_monitor USING ((a > 0)) WITH CHECK ((a > 1))",
    ),
    Case(
        "policy becomes restrictive and for another command: made anew",
        _policy("USING (true)"),
        _policy("AS RESTRICTIVE FOR SELECT USING (true)"),
        "DROP POLICY p ON s.t;\nCREATE POLICY p ON s.t AS RESTRICTIVE FOR SELECT USING (true)",
    ),
)  # fmt: skip
