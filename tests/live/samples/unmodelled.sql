-- What a catalog does not model but names: run after modelled.sql.
CREATE FUNCTION shop.positive(n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT n > 0; -- ; $$;
CREATE FUNCTION shop.sign(n integer) RETURNS integer LANGUAGE sql
  BEGIN ATOMIC SELECT CASE WHEN shop.positive(n) THEN 1 ELSE 2 END; END;
CREATE FUNCTION shop.stamp() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN NEW.n := 1; RETURN NEW; END $f$;
CREATE PROCEDURE shop.tidy() LANGUAGE plpgsql AS $x$ BEGIN DELETE FROM shop.fast; END $x$;
CREATE AGGREGATE shop.total (integer) (sfunc = int4pl, stype = integer, initcond = '0');
CREATE OPERATOR shop.=== (leftarg = integer, rightarg = integer, function = int4eq);
ALTER TABLE shop.people ADD CHECK (shop.positive(n)), ADD EXCLUDE USING gist (n WITH =, path WITH =);
CREATE INDEX signed ON shop.people (shop.positive(n));
CREATE TRIGGER stamped BEFORE INSERT ON shop.people FOR EACH ROW WHEN (NEW.n > 1) EXECUTE FUNCTION shop.stamp();
CREATE RULE nothing AS ON DELETE TO shop.tagged DO INSTEAD NOTHING;
CREATE STATISTICS shop.names ON name, n FROM shop.people;
CREATE TABLE shop.log (id int, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE shop.log_2020 PARTITION OF shop.log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE shop.parent (a int);
CREATE TABLE shop.child (b int) INHERITS (shop.parent);
CREATE COLLATION shop.german (provider = icu, locale = 'de');
CREATE TEXT SEARCH DICTIONARY shop.plain (template = simple);
CREATE TEXT SEARCH CONFIGURATION shop.words (copy = simple);
CREATE CAST (integer AS shop.mood) WITH INOUT;
CREATE FOREIGN DATA WRAPPER away;
CREATE SERVER there FOREIGN DATA WRAPPER away;
CREATE FOREIGN TABLE shop.far (a int) SERVER there;
CREATE PUBLICATION news FOR TABLE shop.people, shop.grouped;
