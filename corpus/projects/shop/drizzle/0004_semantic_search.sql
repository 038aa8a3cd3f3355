CREATE TABLE "product_embeddings" (
	"organization_id" uuid NOT NULL,
	"product_id" bigint NOT NULL,
	"model" text NOT NULL,
	"embedding" vector(8) NOT NULL,
	"embedded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "product_embeddings_pkey" PRIMARY KEY("organization_id","product_id","model")
);
--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "keywords" text[];--> statement-breakpoint
ALTER TABLE "products" ADD COLUMN "search_text" text GENERATED ALWAYS AS (lower("products"."title" || ' ' || "products"."description")) STORED;--> statement-breakpoint
ALTER TABLE "product_embeddings" ADD CONSTRAINT "product_embeddings_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "product_embeddings" ADD CONSTRAINT "product_embeddings_product_fk" FOREIGN KEY ("organization_id","product_id") REFERENCES "public"."products"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "product_embeddings_embedding_index" ON "product_embeddings" USING hnsw ("embedding" vector_cosine_ops) WITH (m=16,ef_construction=64);--> statement-breakpoint
CREATE INDEX "products_attributes_index" ON "products" USING gin ("attributes" jsonb_path_ops);