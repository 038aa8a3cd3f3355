CREATE TYPE "public"."order_status" AS ENUM('draft', 'placed', 'paid', 'shipped', 'cancelled');--> statement-breakpoint
CREATE SEQUENCE "public"."order_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 10000 CACHE 1;--> statement-breakpoint
CREATE TABLE "addresses" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "addresses_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organization_id" uuid NOT NULL,
	"user_id" uuid,
	"lines" text[] NOT NULL,
	"postcode" varchar(16),
	"city" text NOT NULL,
	"country" char(2) NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "addresses_organization_id_id_key" UNIQUE("organization_id","id"),
	CONSTRAINT "addresses_has_lines" CHECK (cardinality("addresses"."lines") between 1 and 4),
	CONSTRAINT "addresses_country_code" CHECK ("addresses"."country" = upper("addresses"."country"))
);
--> statement-breakpoint
CREATE TABLE "order_items" (
	"organization_id" uuid NOT NULL,
	"order_id" bigint NOT NULL,
	"line" smallint NOT NULL,
	"variant_id" bigint NOT NULL,
	"quantity" integer NOT NULL,
	"unit_price" numeric(12, 2) NOT NULL,
	"line_total" numeric(14, 2) GENERATED ALWAYS AS ("order_items"."quantity" * "order_items"."unit_price") STORED,
	"note" text,
	CONSTRAINT "order_items_organization_id_order_id_line_pk" PRIMARY KEY("organization_id","order_id","line"),
	CONSTRAINT "order_items_quantity_positive" CHECK ("order_items"."quantity" > 0)
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "orders_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organization_id" uuid NOT NULL,
	"number" bigint DEFAULT nextval('public.order_numbers') NOT NULL,
	"customer_id" uuid NOT NULL,
	"status" "order_status" DEFAULT 'draft' NOT NULL,
	"ship_to" bigint,
	"total" numeric(12, 2) DEFAULT '0' NOT NULL,
	"deliver_on" date,
	"deliver_after" time,
	"hold_for" interval DEFAULT '30 minutes' NOT NULL,
	"placed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "orders_organization_id_id_key" UNIQUE("organization_id","id"),
	CONSTRAINT "orders_number_key" UNIQUE("organization_id","number"),
	CONSTRAINT "orders_placed_has_date" CHECK ("orders"."status" = 'draft' or "orders"."placed_at" is not null)
);
--> statement-breakpoint
ALTER TABLE "addresses" ADD CONSTRAINT "addresses_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "addresses" ADD CONSTRAINT "addresses_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_items" ADD CONSTRAINT "order_items_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_items" ADD CONSTRAINT "order_items_order_fk" FOREIGN KEY ("organization_id","order_id") REFERENCES "public"."orders"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_items" ADD CONSTRAINT "order_items_variant_fk" FOREIGN KEY ("organization_id","variant_id") REFERENCES "public"."product_variants"("organization_id","id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_customer_id_users_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_ship_to_fk" FOREIGN KEY ("organization_id","ship_to") REFERENCES "public"."addresses"("organization_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "order_items_variant_id_index" ON "order_items" USING btree ("organization_id","variant_id");--> statement-breakpoint
CREATE INDEX "orders_newest_index" ON "orders" USING btree ("organization_id","placed_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "orders_open_index" ON "orders" USING btree ("organization_id","status") WHERE "orders"."status" in ('placed', 'paid');