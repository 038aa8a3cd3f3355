-- Edited by hand: the generated ADD COLUMN ... NOT NULL is refused on a table that has rows.
ALTER TABLE "orders" ADD COLUMN "currency" char(3);--> statement-breakpoint
UPDATE "orders" SET "currency" = 'EUR';
