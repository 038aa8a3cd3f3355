CREATE SCHEMA "audit";
--> statement-breakpoint
CREATE TYPE "audit"."action" AS ENUM('insert', 'update', 'delete');--> statement-breakpoint
CREATE TABLE "audit"."events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"actor_id" uuid,
	"action" "audit"."action" NOT NULL,
	"relation" text NOT NULL,
	"row_key" jsonb NOT NULL,
	"changes" jsonb,
	"request_ip" "inet",
	"happened_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit"."events" ADD CONSTRAINT "events_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit"."events" ADD CONSTRAINT "events_actor_id_users_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "events_happened_at_index" ON "audit"."events" USING brin ("happened_at");--> statement-breakpoint
CREATE INDEX "events_relation_index" ON "audit"."events" USING btree ("organization_id","relation","happened_at" DESC NULLS LAST);