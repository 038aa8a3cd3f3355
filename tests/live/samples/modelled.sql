-- Every kind that a catalog models, in odd places and with odd names, and extensions in a schema of their own.
CREATE SCHEMA shop;
CREATE SCHEMA extensions;
CREATE SCHEMA "Odd Schema";
COMMENT ON SCHEMA shop IS 'what is sold; and to whom';
CREATE EXTENSION citext SCHEMA extensions;
CREATE EXTENSION hstore SCHEMA extensions;
CREATE EXTENSION ltree SCHEMA extensions;
CREATE EXTENSION pg_trgm SCHEMA extensions;
CREATE EXTENSION btree_gin SCHEMA extensions;
CREATE EXTENSION btree_gist SCHEMA shop;
CREATE EXTENSION "uuid-ossp";
SET search_path = public, extensions;

CREATE TYPE shop.mood AS ENUM ('sad', 'it''s ok', 'Happy; very');
CREATE DOMAIN shop.mail AS citext DEFAULT 'a@b' NOT NULL CHECK (value ~ '@') CONSTRAINT short CHECK (length(value) < 99);
CREATE DOMAIN shop.mails AS shop.mail[];
CREATE TYPE shop.address AS (street text COLLATE "C", zip varchar(10), moods shop.mood[]);
CREATE TYPE shop.floats AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = shop.many_floats);
CREATE SEQUENCE shop.counter AS smallint INCREMENT 5 MINVALUE -5 START 10 CACHE 3 CYCLE;

CREATE TABLE shop.people (
  id bigint GENERATED ALWAYS AS IDENTITY (START 1000) PRIMARY KEY,
  mail shop.mail,
  name varchar(20) DEFAULT 'nobody',
  mood shop.mood DEFAULT 'it''s ok',
  home shop.address DEFAULT ROW('x', '1', '{sad}'),
  tags hstore DEFAULT 'a=>1',
  path ltree,
  n integer CHECK (n > 0) NO INHERIT,
  doubled integer GENERATED ALWAYS AS (n * 2) STORED,
  during shop.floats,
  ever shop.many_floats,
  moods shop.mood[] DEFAULT '{sad}',
  paid numeric(12, 2) DEFAULT 0.00,
  at timestamptz(3) DEFAULT now(),
  span interval day to second(2) DEFAULT '1 day',
  key uuid DEFAULT uuid_generate_v4(),
  taken integer DEFAULT nextval('shop.counter'),
  UNIQUE NULLS NOT DISTINCT (name, n),
  CONSTRAINT later UNIQUE (key) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE "Odd Schema"."Odd ""Table" (
  "Odd Col" serial,
  person bigint REFERENCES shop.people ON DELETE SET NULL DEFERRABLE,
  "select" text COLLATE "C",
  CONSTRAINT "Odd Key" PRIMARY KEY ("Odd Col")
);
ALTER TABLE shop.people ADD COLUMN boss integer,
  ADD FOREIGN KEY (boss) REFERENCES "Odd Schema"."Odd ""Table" ON UPDATE CASCADE NOT VALID;
CREATE UNLOGGED TABLE shop.fast (a int, b int, FOREIGN KEY (a) REFERENCES "Odd Schema"."Odd ""Table" MATCH FULL)
  WITH (fillfactor = 50, autovacuum_enabled = off, toast.autovacuum_enabled = off);
CREATE TABLE shop.grouped (id int PRIMARY KEY, n text, at tstzrange);

CREATE INDEX fuzzy ON shop.people USING gin (name gin_trgm_ops, n, tags);
CREATE INDEX near ON shop.people USING gist (path, name gist_trgm_ops (siglen = 32));
CREATE INDEX part ON shop.people (lower(name) DESC NULLS LAST, n) INCLUDE (mood) WHERE n > 10 AND mood <> 'sad';
CREATE UNIQUE INDEX once ON shop.people (name COLLATE "C" text_pattern_ops) WITH (fillfactor = 70);
CREATE INDEX ON "Odd Schema"."Odd ""Table" USING hash ("Odd Col");

CREATE VIEW shop.tagged WITH (security_barrier) AS SELECT id, name, tags -> 'x' AS x FROM shop.people WHERE name % 'nobody';
CREATE VIEW shop.checked AS SELECT * FROM shop.grouped WHERE id > 1 WITH LOCAL CHECK OPTION;
CREATE VIEW shop.totals AS SELECT id, n, count(*) FROM shop.grouped GROUP BY id;
CREATE VIEW "Odd Schema".above ("Odd Col") AS SELECT x FROM shop.tagged;
CREATE MATERIALIZED VIEW shop.moods AS SELECT mood, count(*) FROM shop.people GROUP BY mood;
CREATE UNIQUE INDEX by_mood ON shop.moods (mood);

ALTER TABLE shop.people ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop.people FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON shop.people FOR SELECT USING (name = current_user);
CREATE POLICY "no; more" ON shop.people AS RESTRICTIVE FOR INSERT WITH CHECK (mood = 'sad');
COMMENT ON TABLE shop.people IS 'who; ever';
COMMENT ON COLUMN shop.people.n IS 'it''s \a';
COMMENT ON INDEX shop.part IS 'a part';
COMMENT ON TYPE shop.mood IS 'how it goes';
COMMENT ON VIEW shop.tagged IS $$it's$$;
COMMENT ON CONSTRAINT later ON shop.people IS 'much';
COMMENT ON POLICY own ON shop.people IS 'their own';
