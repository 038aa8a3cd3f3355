ALTER TYPE "audit"."action" ADD VALUE 'export';--> statement-breakpoint
ALTER TABLE "addresses" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "audit"."events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "categories" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "coupons" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "memberships" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "order_items" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "orders" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "product_embeddings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "product_variants" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "products" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "addresses_tenant_only" ON "addresses" AS PERMISSIVE FOR ALL TO public USING (organization_id = current_setting('shop.organization_id', true)::uuid) WITH CHECK (organization_id = current_setting('shop.organization_id', true)::uuid);--> statement-breakpoint
CREATE POLICY "events_read" ON "audit"."events" AS PERMISSIVE FOR SELECT TO public USING (organization_id = current_setting('shop.organization_id', true)::uuid);--> statement-breakpoint
CREATE POLICY "events_append" ON "audit"."events" AS PERMISSIVE FOR INSERT TO public WITH CHECK (organization_id = current_setting('shop.organization_id', true)::uuid);--> statement-breakpoint
CREATE POLICY "categories_tenant_only" ON "categories" AS PERMISSIVE FOR ALL TO public USING (organization_id = current_setting('shop.organization_id', true)::uuid) WITH CHECK (organization_id = current_setting('shop.organization_id', true)::uuid);--> statement-breakpoint
CREATE POLICY "coupons_tenant_only" ON "coupons" AS PERMISSIVE FOR ALL TO public USING (organization_id = current_setting('shop.organization_id', true)::uuid) WITH CHECK (organization_id = current_setting('shop.organization_id', true)::uuid);--> statement-breakpoint
CREATE POLICY "memberships_tenant_only" ON "memberships" AS PERMISSIVE FOR ALL TO public USING (organization_id = current_setting('shop.organization_id', true)::uuid) WITH CHECK (organization_id = current_setting('shop.organization_id', true)::uuid);--> statement-breakpoint
CREATE POLICY "order_items_tenant_only" ON "order_items" AS PERMISSIVE FOR ALL TO public USING (organization_id = current_setting('shop.organization_id', true)::uuid) WITH CHECK (organization_id = current_setting('shop.organization_id', true)::uuid);--> statement-breakpoint
CREATE POLICY "orders_tenant_only" ON "orders" AS PERMISSIVE FOR ALL TO public USING (organization_id = current_setting('shop.organization_id', true)::uuid) WITH CHECK (organization_id = current_setting('shop.organization_id', true)::uuid);--> statement-breakpoint
CREATE POLICY "product_variants_tenant_only" ON "product_variants" AS PERMISSIVE FOR ALL TO public USING (organization_id = current_setting('shop.organization_id', true)::uuid) WITH CHECK (organization_id = current_setting('shop.organization_id', true)::uuid);--> statement-breakpoint
CREATE POLICY "products_tenant_only" ON "products" AS PERMISSIVE FOR ALL TO public USING (organization_id = current_setting('shop.organization_id', true)::uuid) WITH CHECK (organization_id = current_setting('shop.organization_id', true)::uuid);