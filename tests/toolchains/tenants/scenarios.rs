//! What is worth saying once, in order: what JSON may say of a write, and tables of other kinds.

use serde_json::{from_value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::db::counter::{Counter, CounterInsert, CounterPatch};
use crate::db::country::{Country, CountryInsert, CountryPatch};
use crate::db::country_name::CountryName;
use crate::db::document::{Document, DocumentInsert, DocumentPatch};
use crate::db::document_title::DocumentTitle;
use crate::db::ids::{CountryId, DocumentId};
use crate::db::log::{Log, LogInsert};
use crate::db::nothing::{Nothing, NothingInsert};
use crate::db::rt::{begin_scoped, Page, Table, TenantTable, TenantUpsert, Upsert};
use crate::db::setting::{Setting, SettingInsert, SettingPatch};
use crate::tenants;

pub async fn all(db: &PgPool) {
    json_tells_absent_from_null();
    secrets_are_written_and_never_shown(db).await;
    json_is_inserted_and_patched(db).await;
    a_table_without_a_key(db).await;
    a_table_of_generated_columns(db).await;
    a_table_of_nobody(db).await;
    views_are_read(db).await;
    policies_hold_where_statements_do_not(db).await;
}

fn json_tells_absent_from_null() {
    let new = json!({"title": "t", "slug": "s"});
    let read: DocumentInsert = from_value(new).unwrap();
    assert_eq!((read.id, read.body, read.r#type, read.tags), (None, None, None, None));
    let nulls = json!({"title": "t", "slug": "s", "body": null, "type": null, "parentId": null});
    assert_eq!(from_value::<DocumentInsert>(nulls).unwrap().r#type, Some(None));
    for (key, value) in [("tags", json!(null)), ("orgId", json!(Uuid::nil())), ("revision", json!("1")), ("x", json!(1))] {
        let mut new = json!({"title": "t", "slug": "s"});
        new[key] = value;
        assert!(from_value::<DocumentInsert>(new).is_err(), "{key}");
    }
    assert!(from_value::<DocumentInsert>(json!({"title": "t"})).is_err());
    assert_eq!(from_value::<DocumentPatch>(json!({})).unwrap(), DocumentPatch::default());
    let patch: DocumentPatch = from_value(json!({"body": null, "title": "x"})).unwrap();
    assert_eq!((patch.body, patch.title, patch.meta), (Some(None), Some("x".into()), None));
    for patch in [json!({"title": null}), json!({"id": Uuid::nil()}), json!({"orgId": Uuid::nil()}), json!({"shout": "x"})] {
        assert!(from_value::<DocumentPatch>(patch).is_err());
    }
}

async fn secrets_are_written_and_never_shown(db: &PgPool) {
    let [a, _] = tenants();
    let new: SettingInsert = from_value(json!({"secret": "hunter2"})).unwrap();
    let patch = SettingPatch { secret: Some("hunter3".into()), ..SettingPatch::default() };
    for shown in [format!("{new:?}"), format!("{patch:?}")] {
        assert!(shown.contains("secret") && !shown.contains("hunter"), "{shown}");
    }
    let mut tx = db.begin().await.unwrap();
    let row = Setting::insert(&mut *tx, &a, new).await.unwrap();
    assert!(!format!("{row:?}").contains("hunter"));
    assert!(!serde_json::to_string(&row).unwrap().contains("hunter"));
    Setting::update(&mut *tx, &a, &(), patch).await.unwrap().unwrap();
    let kept: String = sqlx::query_scalar("SELECT secret FROM setting").fetch_one(&mut *tx).await.unwrap();
    assert_eq!(kept, "hunter3");
}

async fn json_is_inserted_and_patched(db: &PgPool) {
    let [a, b] = tenants();
    let mut tx = db.begin().await.unwrap();
    let new = json!({"title": "t", "slug": "S", "status": "2nd pass", "tags": ["x"], "type": "other",
        "where": {"street": null, "no": 3, "history": ["in-review"]}, "meta": {"k": [null]}});
    let row = Document::insert(&mut *tx, &a, from_value(new).unwrap()).await.unwrap();
    let shown = serde_json::to_value(&row).unwrap();
    assert_eq!(shown["where"], json!({"street": null, "no": 3, "history": ["in-review"]}));
    assert_eq!((&shown["status"], &shown["type"]), (&json!("2nd pass"), &json!("other")));
    assert_eq!(Document::find_by_slug(&mut *tx, &a, "s").await.unwrap().as_ref(), Some(&row));
    assert_eq!(Document::find_by_slug(&mut *tx, &b, "s").await.unwrap(), None);
    let patch = from_value(json!({"type": null, "where": null, "meta": null, "tags": []})).unwrap();
    let row = Document::update(&mut *tx, &a, &row.id, patch).await.unwrap().unwrap();
    assert_eq!((row.r#type, row.r#where, row.meta, row.tags), (None, None, None, vec![]));
    let long: DocumentPatch = from_value(json!({"type": "longer than nine"})).unwrap();
    let refused = Document::update(&mut *tx, &a, &row.id, long).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "22001");
}

async fn a_table_without_a_key(db: &PgPool) {
    let [a, b] = tenants();
    let mut tx = db.begin().await.unwrap();
    for line in ["one", "two"] {
        Log::insert(&mut *tx, &a, LogInsert { line: line.into() }).await.unwrap();
    }
    assert_eq!(Log::list_by_tenant(&mut *tx, &a, 1).await.unwrap().len(), 1);
    assert_eq!(Log::count_by_tenant(&mut *tx, &a).await.unwrap(), 2);
    assert_eq!(Log::count_by_tenant(&mut *tx, &b).await.unwrap(), 0);
    let lines = ["three", "four"].map(|line| LogInsert { line: line.into() });
    let rows = Log::insert_many(&mut *tx, &b, lines.to_vec()).await.unwrap();
    assert!(rows.len() == 2 && rows.iter().all(|row| row.org_id == b));
    assert!(Log::insert_many(&mut *tx, &b, vec![]).await.unwrap().is_empty());
    assert!(Nothing::insert(&mut *tx, NothingInsert {}).await.is_ok());
    let nothings = [(), (), ()].map(|()| NothingInsert {});
    assert_eq!(Nothing::insert_many(&mut *tx, nothings.to_vec()).await.unwrap().len(), 3);
    assert_eq!(Nothing::list(&mut *tx, 5).await.unwrap().len(), 4);
}

async fn a_table_of_generated_columns(db: &PgPool) {
    let [a, b] = tenants();
    let mut tx = db.begin().await.unwrap();
    let two = Counter::insert_many(&mut *tx, &b, vec![CounterInsert {}, CounterInsert {}]).await.unwrap();
    assert!(two.len() == 2 && two[0].n != two[1].n);
    let row = Counter::insert(&mut *tx, &a, CounterInsert {}).await.unwrap();
    assert_eq!(row.double, Some(2));
    assert_eq!(Counter::update(&mut *tx, &a, &row.n, CounterPatch {}).await.unwrap(), Some(row.clone()));
    assert_eq!(Counter::update(&mut *tx, &b, &row.n, CounterPatch {}).await.unwrap(), None);
    assert_eq!(Counter::key_of(&row), row.n);
}

async fn a_table_of_nobody(db: &PgPool) {
    let mut tx = db.begin().await.unwrap();
    let key = CountryId("at".into());
    let new = |name: &str| CountryInsert { code: key.clone(), name: name.into(), capital: None };
    assert_eq!(Country::upsert(&mut *tx, &key, new("Austria")).await.unwrap().name, "Austria");
    let row = Country::upsert(&mut *tx, &key, new("Österreich")).await.unwrap();
    let patch = CountryPatch { capital: Some(Some("Wien".into())), name: None };
    let row = Country::update(&mut *tx, &key, patch).await.unwrap().filter(|found| found.name == row.name).unwrap();
    assert_eq!(Country::list(&mut *tx, &Page::first(9)).await.unwrap(), [row.clone()]);
    assert_eq!(Country::find_many(&mut *tx, &[key.clone(), key.clone()]).await.unwrap(), [row.clone()]);
    assert_eq!(Country::lock_by_id(&mut tx, &key).await.unwrap(), Some(row.clone()));
    assert_eq!(Country::count(&mut *tx).await.unwrap(), 1);
    let many = |n: u32| (0..n).map(|n| CountryInsert { code: CountryId(n.to_string()), ..new("x") }).collect();
    let refused = Country::insert_many(&mut *tx, many(22_000)).await.unwrap_err();
    assert!(refused.to_string().contains("66000 values"), "{refused}");
    assert_eq!(Country::insert_many(&mut *tx, many(99)).await.unwrap().len(), 99);
    sqlx::query("DELETE FROM country WHERE code <> 'at'").execute(&mut *tx).await.unwrap();
    assert_eq!(Country::delete_by_id(&mut *tx, &key).await.unwrap(), Some(row));
    assert_eq!(Country::find_by_id(&mut *tx, &key).await.unwrap(), None);
}

async fn views_are_read(db: &PgPool) {
    let [a, b] = tenants();
    let mut tx = db.begin().await.unwrap();
    let new: DocumentInsert = from_value(json!({"title": "seen", "slug": "s"})).unwrap();
    Document::insert(&mut *tx, &a, new).await.unwrap();
    let rows = DocumentTitle::list_by_tenant(&mut *tx, &a, 9).await.unwrap();
    assert_eq!(rows[0].title.as_deref(), Some("seen"));
    assert_eq!(DocumentTitle::count_by_tenant(&mut *tx, &b).await.unwrap(), 0);
    assert!(CountryName::list(&mut *tx, 9).await.unwrap().is_empty());
}

/// In b's transaction nothing of a's is there, even to a call that names a as its tenant.
async fn policies_hold_where_statements_do_not(db: &PgPool) {
    let [a, b] = tenants();
    let id = DocumentId(Uuid::from_u128(999));
    let new: DocumentInsert = from_value(json!({"title": "a's", "slug": "as", "id": id})).unwrap();
    Document::insert(db, &a, new.clone()).await.unwrap();
    let mut tx = begin_scoped(db, &b).await.unwrap();
    sqlx::query("SET LOCAL ROLE tenant_app").execute(&mut *tx).await.unwrap();
    assert_eq!(Document::find_by_id(&mut *tx, &a, &id).await.unwrap(), None);
    let patch = DocumentPatch { title: Some("b's".into()), ..DocumentPatch::default() };
    assert_eq!(Document::update(&mut *tx, &a, &id, patch).await.unwrap(), None);
    assert_eq!(Document::delete_by_id(&mut *tx, &a, &id).await.unwrap(), None);
    let refused = Document::upsert(&mut *tx, &a, &id, new).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501");
    tx.rollback().await.unwrap();
    assert_eq!(Document::delete_by_id(db, &a, &id).await.unwrap().unwrap().title, "a's");
}
