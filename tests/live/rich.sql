-- One of everything that drift must see, beside the tables of the shop.
CREATE SCHEMA rich;
COMMENT ON SCHEMA rich IS 'one of everything';
CREATE TYPE rich.mood AS ENUM ('sad', 'ok', 'glad');
CREATE DOMAIN rich.share AS integer DEFAULT 1 CHECK (VALUE BETWEEN 0 AND 100);
CREATE TYPE rich.place AS (x integer, y numeric(6, 2), label text);
CREATE TYPE rich.span AS RANGE (subtype = integer);
CREATE SEQUENCE rich.tickets AS integer INCREMENT 10 CACHE 5;
CREATE FUNCTION rich.is_odd(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT n % 2 = 1';
CREATE FUNCTION rich.halved(n integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN n / 2;
CREATE PROCEDURE rich.tidy() LANGUAGE plpgsql AS 'BEGIN DELETE FROM rich.people WHERE gone; END';
CREATE TABLE rich.people (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code integer NOT NULL DEFAULT nextval('rich.tickets'),
  name varchar(40) NOT NULL DEFAULT 'nobody' CHECK (name <> ''),
  mail text COLLATE "C",
  mood rich.mood NOT NULL DEFAULT 'ok',
  moods rich.mood[] DEFAULT '{ok}',
  share rich.share,
  home rich.place,
  years rich.span,
  odd integer CHECK (rich.is_odd(odd)),
  gone boolean NOT NULL DEFAULT false,
  born date,
  seen timestamptz DEFAULT now(),
  size numeric(10, 2) DEFAULT 0.5,
  double integer GENERATED ALWAYS AS (odd * 2) STORED,
  note jsonb DEFAULT '{}',
  CONSTRAINT mail_or_name CHECK (mail IS NOT NULL OR name IN ('a', 'b', 'c')),
  CONSTRAINT one_code UNIQUE (code),
  UNIQUE NULLS NOT DISTINCT (mail, born)
);
COMMENT ON COLUMN rich.people.mail IS 'as they wrote it';
ALTER TABLE rich.people ALTER note SET STORAGE MAIN, ALTER name SET STATISTICS 500;
CREATE TABLE rich.pets (
  id serial PRIMARY KEY,
  owner bigint NOT NULL REFERENCES rich.people ON DELETE CASCADE,
  vet bigint,
  vet_code integer,
  during int4range,
  name text NOT NULL,
  CONSTRAINT no_two_at_once EXCLUDE USING gist (during WITH &&),
  CONSTRAINT their_vet FOREIGN KEY (vet) REFERENCES rich.people (id) ON UPDATE CASCADE DEFERRABLE,
  CONSTRAINT vet_code FOREIGN KEY (vet_code) REFERENCES rich.people (code) ON DELETE SET NULL
) WITH (fillfactor = 80);
CREATE INDEX pet_names ON rich.pets (name text_pattern_ops) WHERE vet IS NOT NULL AND name NOT IN ('x', 'y');
CREATE INDEX ON rich.pets (owner, name DESC);
CREATE INDEX quick ON rich.people USING gin (note);
CREATE UNIQUE INDEX one_mail ON rich.people (lower(mail)) INCLUDE (name) WHERE NOT gone;
CREATE STATISTICS rich.people_born (dependencies, ndistinct) ON born, gone FROM rich.people;
CREATE TABLE rich.events (region text NOT NULL, at timestamptz NOT NULL, kind rich.mood, PRIMARY KEY (region, at))
  PARTITION BY LIST (region);
CREATE TABLE rich.events_north PARTITION OF rich.events FOR VALUES IN ('n', 'ne');
CREATE TABLE rich.events_south PARTITION OF rich.events FOR VALUES IN ('s');
CREATE INDEX events_kind ON rich.events (kind);
CREATE TABLE rich.numbers (n integer, class text) PARTITION BY LIST (n);
CREATE TABLE rich.archive (archived_at timestamptz DEFAULT now()) INHERITS (rich.pets);
CREATE VIEW rich.owners WITH (security_invoker = true) AS
  SELECT p.name, count(*) AS pets FROM rich.people p JOIN rich.pets ON owner = p.id WHERE NOT p.gone GROUP BY p.name;
CREATE VIEW rich.many AS SELECT * FROM rich.owners WHERE pets > 3;
CREATE MATERIALIZED VIEW rich.moods AS SELECT mood, count(*) AS n FROM rich.people GROUP BY mood;
CREATE UNIQUE INDEX moods_key ON rich.moods (mood);
CREATE FUNCTION rich.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.seen := now(); RETURN new; END $$;
CREATE TRIGGER touched BEFORE UPDATE OF name, mail ON rich.people FOR EACH ROW
  WHEN (old.name IS DISTINCT FROM new.name) EXECUTE FUNCTION rich.touch();
CREATE TABLE rich.log (id integer, line text COMPRESSION pglz);
CREATE RULE keep AS ON DELETE TO rich.log DO INSTEAD NOTHING;
ALTER TABLE rich.log REPLICA IDENTITY FULL;
ALTER TABLE rich.people ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON rich.people FOR SELECT USING (name = current_user OR gone);
CREATE POLICY write ON rich.people AS RESTRICTIVE FOR INSERT TO pg_monitor WITH CHECK (mood IN ('ok', 'glad'));
CREATE PUBLICATION rich_changes FOR TABLE rich.people (id, name) WHERE (id > 10), rich.log;
