//! Calls that do not compile: each line that ends in a code is refused with just that, and no other line is.

mod db;

use db::counter::Counter;
use db::country::Country;
use db::document::{Document, DocumentInsert, DocumentPatch};
use db::ids::{DocumentId, OrganizationId};
use db::log::Log;
use db::loose::LooseRow;
use db::rt::{Arguments, Assignments, Page, Table, TenantId, TenantTable, TenantUpsert};

struct Mine;

impl TenantId for Mine {} //~ E0277

impl TenantTable for Mine { //~ E0277 E0046
    type Row = LooseRow;
    type Tenant = OrganizationId;
    type Key = DocumentId;
    type Insert = DocumentInsert;
    type Patch = DocumentPatch;
    const FIND: &'static str = "SELECT * FROM document";
}

async fn calls(pool: &sqlx::PgPool, tenant: &OrganizationId, id: &DocumentId) {
    let _ = Document::find_by_id(pool, tenant, "true OR 1=1").await; //~ E0308
    let _ = Document::find_by_id(pool, id, tenant).await; //~ E0308
    let _ = Document::find_by_id(pool, id).await; //~ E0061
    let _ = Document::find_by_id(pool, tenant, id, "parent_id").await; //~ E0061
    let _ = Document::list_by_tenant(pool, tenant, "ORDER BY 1").await; //~ E0308
    let _ = Document::list_by_tenant(pool, tenant, &Page::after("1", 1)).await; //~ E0308
    let _ = Document::count_by_tenant(pool, "1").await; //~ E0308
    let _ = Document::lock_by_id(pool, tenant, id).await; //~ E0308
    let _ = Document::find_by_slug(pool, "slug").await; //~ E0061
    let _ = Country::find_by_id(pool, tenant, id).await; //~ E0061
    let _ = Counter::upsert(pool, tenant, id, "").await; //~ E0599
    let _ = Log::delete_by_id(pool, tenant, id).await; //~ E0599
    let _ = db::loose::Loose; //~ E0425
    let mut arguments = Arguments::new(); //~ E0624
    let mut to = Assignments::insert(); //~ E0624
    Document::bind_tenant(tenant, &mut arguments);
    Document::set_tenant(tenant, &mut to);
    let _ = DocumentInsert { org_id: *tenant }; //~ E0560
}

async fn generic<T: TenantTable>(pool: &sqlx::PgPool, key: &T::Key) -> Option<T::Row> {
    T::find_by_id(pool, &(), key).await.unwrap() //~ E0308
}

fn main() {}
