//! Random sequences of calls by two tenants, held against a model of what each of them may see.
//!
//! SEED and SEQUENCES say which; with RLS=1 every call is in a scoped transaction, under the policies. With
//! DRIFT=1 it prints how the database differs from the generated code, and no more.

mod db;
mod scenarios;

use std::collections::BTreeMap;

use db::document::{Document, DocumentInsert, DocumentPatch, DocumentRow};
use db::enums::Status;
use db::ids::{DocumentId, NoteId, OrganizationId};
use db::item::{Item, ItemInsert, ItemKey, ItemPatch, ItemRow};
use db::label::{Label, LabelInsert, LabelPatch, LabelRow};
use db::note::{Note, NoteInsert, NotePatch, NoteRow};
use db::rt::{begin_scoped, Page, TenantTable, TenantUpsert};
use db::setting::{Setting, SettingInsert, SettingPatch, SettingRow};
use sqlx::postgres::PgPoolOptions;
use sqlx::PgPool;
use uuid::Uuid;

/// What a call came to, as far as a model can tell.
#[derive(Debug, PartialEq)]
enum Failure {
    NotFound,
    Code(String),
}

type Outcome<T> = Result<T, Failure>;

fn outcome<T>(result: sqlx::Result<T>) -> Outcome<T> {
    result.map_err(|error| match error {
        sqlx::Error::RowNotFound => Failure::NotFound,
        sqlx::Error::Database(e) => Failure::Code(e.code().unwrap().into_owned()),
        other => panic!("{other}"),
    })
}

fn unique<T>() -> Outcome<T> {
    Err(Failure::Code("23505".into()))
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

struct World {
    pool: PgPool,
    truth: PgPool,
    rls: bool,
    random: Random,
    calls: u64,
    refused: u64,
    documents: BTreeMap<Uuid, DocumentRow>,
    items: BTreeMap<(Uuid, Uuid, i32), ItemRow>,
    notes: BTreeMap<i64, NoteRow>,
    settings: BTreeMap<Uuid, SettingRow>,
    labels: BTreeMap<(Uuid, String), LabelRow>,
}

/// Makes a call by the pool, a connection or a transaction, and tells whether it is kept.
macro_rules! call {
    ($w:expr, $tenant:expr, $function:expr $(, $argument:expr)*) => {{
        $w.calls += 1;
        let way = if $w.rls { 2 } else { $w.random.below(4) };
        let (result, kept) = match way {
            0 => (outcome($function(&$w.pool, $tenant $(, $argument)*).await), true),
            1 => {
                let mut connection = $w.pool.acquire().await.unwrap();
                (outcome($function(&mut *connection, $tenant $(, $argument)*).await), true)
            }
            way => {
                let scoped = way == 2;
                let mut tx = match scoped {
                    true => begin_scoped(&$w.pool, $tenant).await.unwrap(),
                    false => $w.pool.begin().await.unwrap(),
                };
                let result = outcome($function(&mut *tx, $tenant $(, $argument)*).await);
                let kept = result.is_ok() && !$w.random.one_in(4);
                match kept {
                    true => tx.commit().await.unwrap(),
                    false => tx.rollback().await.unwrap(),
                }
                (result, kept)
            }
        };
        (result, kept)
    }};
}

fn tenants() -> [OrganizationId; 2] {
    [OrganizationId(Uuid::from_u128(10)), OrganizationId(Uuid::from_u128(11))]
}

impl World {
    fn tenant(&mut self) -> OrganizationId {
        tenants()[self.random.below(2) as usize]
    }

    fn document_id(&mut self) -> DocumentId {
        DocumentId(Uuid::from_u128(100 + u128::from(self.random.below(5))))
    }

    fn slug(&mut self) -> String {
        ["one", "ONE", "two", "three", "Four", "five"][self.random.below(6) as usize].into()
    }

    fn status(&mut self) -> Status {
        Status::ALL[self.random.below(3) as usize]
    }

    fn owns(&self, tenant: OrganizationId, id: DocumentId) -> bool {
        self.documents.get(&id.0).is_some_and(|row| row.org_id == tenant)
    }

    fn may_refer(&self, tenant: OrganizationId, id: Option<DocumentId>) -> bool {
        id.is_none_or(|id| self.owns(tenant, id))
    }

    fn slug_is_taken(&self, slug: &str, by_other_than: DocumentId) -> bool {
        let mut rows = self.documents.values();
        rows.any(|row| row.slug.eq_ignore_ascii_case(slug) && row.id != by_other_than)
    }

    /// What a tenant may see of a row.
    fn seen(&self, tenant: OrganizationId, id: DocumentId) -> Option<DocumentRow> {
        self.documents.get(&id.0).filter(|row| row.org_id == tenant).cloned()
    }

    fn new_document(&mut self, id: Option<DocumentId>) -> DocumentInsert {
        DocumentInsert {
            id,
            title: format!("title {}", self.random.below(100)),
            body: self.random.one_in(2).then(|| "b\u{e9}".into()),
            status: if self.random.one_in(2) { Some(self.status()) } else { None },
            parent_id: if self.random.one_in(2) { Some(self.document_id()) } else { None },
            slug: self.slug(),
            tags: self.random.one_in(2).then(|| vec!["a,b".into(), "\"".into()]),
            r#where: self.random.one_in(2).then(|| db::composites::Place {
                street: Some("x (\"y\", \\)".into()),
                no: None,
                history: Some(vec![Status::InReview, Status::Draft]),
            }),
            meta: self.random.one_in(2).then(|| serde_json::json!({"a": [1, null]})),
            r#type: if self.random.one_in(2) { Some(None) } else { None },
            created_at: None,
        }
    }

    /// The row that an insert of these values makes, where `made` has what only Postgres knows.
    fn inserted(tenant: OrganizationId, new: DocumentInsert, made: &DocumentRow) -> DocumentRow {
        DocumentRow {
            id: new.id.unwrap_or(made.id),
            org_id: tenant,
            shout: Some(new.title.to_uppercase()),
            title: new.title,
            body: new.body,
            status: new.status.unwrap_or(Status::Draft),
            parent_id: new.parent_id,
            slug: new.slug,
            tags: new.tags.unwrap_or_default(),
            r#where: new.r#where,
            meta: new.meta,
            r#type: new.r#type.unwrap_or(Some("plain".into())),
            revision: made.revision,
            created_at: made.created_at,
        }
    }

    async fn insert_document(&mut self) {
        let tenant = self.tenant();
        let id = self.document_id();
        let new = self.new_document(Some(id));
        let (found, kept) = call!(self, &tenant, Document::insert, new.clone());
        let taken = self.documents.contains_key(&id.0) || self.slug_is_taken(&new.slug, id);
        match found {
            _ if !self.may_refer(tenant, new.parent_id) => {
                self.refused += 1;
                assert_eq!(found, Err(Failure::NotFound));
            }
            _ if taken => assert_eq!(found, unique()),
            Err(failure) => panic!("{failure:?}"),
            Ok(row) => {
                assert_eq!(row, Self::inserted(tenant, new, &row));
                if kept {
                    self.documents.insert(id.0, row);
                }
            }
        }
    }

    /// Two rows at once, of one set of columns or of two: both are there afterwards, or neither.
    async fn insert_documents(&mut self) {
        let tenant = self.tenant();
        let ids = [self.document_id(), self.document_id()];
        let new = ids.map(|id| self.new_document(Some(id)));
        let (found, kept) = call!(self, &tenant, Document::insert_many, new.to_vec());
        let refer = new.iter().all(|new| self.may_refer(tenant, new.parent_id));
        let same = ids[0] == ids[1] || new[0].slug.eq_ignore_ascii_case(&new[1].slug);
        let there = |(id, new): (&DocumentId, &DocumentInsert)| {
            self.documents.contains_key(&id.0) || self.slug_is_taken(&new.slug, *id)
        };
        let taken = same || ids.iter().zip(&new).any(there);
        match found {
            _ if !refer => {
                self.refused += 1;
                assert_eq!(found, Err(Failure::NotFound));
            }
            _ if taken => assert_eq!(found, unique()),
            Err(failure) => panic!("{failure:?}"),
            Ok(rows) => {
                assert_eq!(rows.len(), 2);
                for (id, new) in ids.into_iter().zip(new) {
                    let row = rows.iter().find(|row| row.id == id).unwrap().clone();
                    assert_eq!(row, Self::inserted(tenant, new, &row));
                    kept.then(|| self.documents.insert(id.0, row));
                }
            }
        }
    }

    async fn upsert_document(&mut self) {
        let tenant = self.tenant();
        let id = self.document_id();
        let new = self.new_document(None);
        let (found, kept) = call!(self, &tenant, Document::upsert, &id, new.clone());
        let there = self.documents.get(&id.0).cloned();
        let others = there.as_ref().is_some_and(|row| row.org_id != tenant);
        if !self.may_refer(tenant, new.parent_id) {
            self.refused += 1;
            return assert_eq!(found, Ok(None));
        }
        if others {
            self.refused += 1;
            return assert_eq!(found, Ok(None));
        }
        if self.slug_is_taken(&new.slug, id) {
            return assert_eq!(found, unique());
        }
        let row = found.unwrap().unwrap();
        let mut wanted = Self::inserted(tenant, DocumentInsert { id: Some(id), ..new.clone() }, &row);
        if let Some(old) = there {
            wanted.status = new.status.unwrap_or(old.status);
            wanted.tags = new.tags.unwrap_or(old.tags);
            wanted.r#type = new.r#type.unwrap_or(old.r#type);
            assert_eq!((row.revision, row.created_at), (old.revision, old.created_at));
        }
        assert_eq!(row, wanted);
        if kept {
            self.documents.insert(id.0, row);
        }
    }

    async fn update_document(&mut self) {
        let tenant = self.tenant();
        let id = self.document_id();
        let patch = DocumentPatch {
            title: self.random.one_in(3).then(|| "patched".into()),
            body: self.random.one_in(3).then_some(None),
            status: if self.random.one_in(3) { Some(self.status()) } else { None },
            parent_id: match self.random.below(4) {
                0 => Some(None),
                1 => Some(Some(self.document_id())),
                _ => None,
            },
            slug: if self.random.one_in(3) { Some(self.slug()) } else { None },
            ..DocumentPatch::default()
        };
        let (found, kept) = call!(self, &tenant, Document::update, &id, patch.clone());
        let allowed = self.may_refer(tenant, patch.parent_id.flatten());
        let Some(mut row) = self.seen(tenant, id).filter(|_| allowed) else {
            self.refused += 1;
            return assert_eq!(found, Ok(None));
        };
        if patch.slug.as_ref().is_some_and(|slug| self.slug_is_taken(slug, id)) {
            return assert_eq!(found, unique());
        }
        row.title = patch.title.unwrap_or(row.title);
        row.shout = Some(row.title.to_uppercase());
        row.body = patch.body.unwrap_or(row.body);
        row.status = patch.status.unwrap_or(row.status);
        row.parent_id = patch.parent_id.unwrap_or(row.parent_id);
        row.slug = patch.slug.unwrap_or(row.slug);
        assert_eq!(found, Ok(Some(row.clone())));
        if kept {
            self.documents.insert(id.0, row);
        }
    }

    async fn delete_document(&mut self) {
        let (tenant, id) = (self.tenant(), self.document_id());
        let (found, kept) = call!(self, &tenant, Document::delete_by_id, &id);
        let own = self.seen(tenant, id);
        assert_eq!(found, Ok(own.clone()));
        if own.is_some() && kept {
            self.documents.remove(&id.0);
            self.documents.values_mut().filter(|d| d.parent_id == Some(id)).for_each(|d| d.parent_id = None);
            self.items.retain(|key, _| key.1 != id.0);
            self.notes.retain(|_, note| note.document_id != Some(id));
        }
    }

    async fn read_documents(&mut self) {
        let (tenant, id) = (self.tenant(), self.document_id());
        let own: Vec<DocumentRow> =
            self.documents.values().filter(|row| row.org_id == tenant).cloned().collect();
        match self.random.below(6) {
            0 => {
                let (found, _) = call!(self, &tenant, Document::find_by_id, &id);
                assert_eq!(found, Ok(self.seen(tenant, id)));
            }
            1 => {
                let ids = [self.document_id(), self.document_id(), id];
                let asked = &ids[..self.random.below(4) as usize];
                let (found, _) = call!(self, &tenant, Document::find_many, asked);
                let mut found = found.unwrap();
                found.sort_by_key(|row| row.id);
                let wanted: Vec<_> = own.into_iter().filter(|row| asked.contains(&row.id)).collect();
                assert_eq!(found, wanted);
            }
            2 => {
                // The key of the page before may be another tenant's, or of no row
                let limit = self.random.below(4) as i64 - 1;
                let after = self.random.one_in(2).then_some(id);
                let page = Page { after, limit };
                let (found, _) = call!(self, &tenant, Document::list_by_tenant, &page);
                let rest = own.into_iter().filter(|row| after.is_none_or(|after| row.id > after));
                assert_eq!(found, Ok(rest.take(limit.max(1) as usize).collect()));
            }
            3 => {
                let (found, _) = call!(self, &tenant, Document::count_by_tenant);
                assert_eq!(found, Ok(own.len() as i64));
            }
            4 => {
                let slug = self.slug();
                let (found, _) = call!(self, &tenant, Document::find_by_slug, &slug);
                let wanted = own.into_iter().find(|row| row.slug.eq_ignore_ascii_case(&slug));
                assert_eq!(found, Ok(wanted));
            }
            _ => {
                let mut tx = begin_scoped(&self.pool, &tenant).await.unwrap();
                let found = Document::lock_by_id(&mut tx, &tenant, &id).await;
                tx.rollback().await.unwrap();
                assert_eq!(outcome(found), Ok(self.seen(tenant, id)));
            }
        }
    }

    async fn items(&mut self) {
        let tenant = self.tenant();
        let key = ItemKey { document_id: self.document_id(), no: self.random.below(2) as i32 };
        let at = (tenant.0, key.document_id.0, key.no);
        let there = self.items.get(&at).cloned();
        let qty = self.random.one_in(2).then(|| rust_decimal::Decimal::new(1050, 2));
        let row = ItemRow {
            org_id: tenant,
            document_id: key.document_id,
            no: key.no,
            qty: qty.unwrap_or(rust_decimal::Decimal::new(100, 2)),
        };
        let new = ItemInsert { document_id: key.document_id, no: key.no, qty };
        match self.random.below(5) {
            0 => {
                let (found, kept) = call!(self, &tenant, Item::insert, new.clone());
                match () {
                    () if !self.owns(tenant, key.document_id) => {
                        self.refused += 1;
                        assert_eq!(found, Err(Failure::NotFound));
                    }
                    () if there.is_some() => assert_eq!(found, unique()),
                    () => {
                        assert_eq!(found, Ok(row.clone()));
                        kept.then(|| self.items.insert(at, row));
                    }
                }
            }
            1 => {
                let (found, kept) = call!(self, &tenant, Item::upsert, &key, new.clone());
                if !self.owns(tenant, key.document_id) {
                    self.refused += 1;
                    return assert_eq!(found, Ok(None));
                }
                let qty = qty.or(there.map(|old| old.qty)).unwrap_or(row.qty);
                let row = ItemRow { qty, ..row };
                assert_eq!(found, Ok(Some(row.clone())));
                kept.then(|| self.items.insert(at, row));
            }
            2 => {
                let (found, kept) = call!(self, &tenant, Item::update, &key, ItemPatch { qty });
                let wanted = there.map(|old| ItemRow { qty: qty.unwrap_or(old.qty), ..old });
                assert_eq!(found, Ok(wanted.clone()));
                if let Some(row) = wanted.filter(|_| kept) {
                    self.items.insert(at, row);
                }
            }
            3 => {
                let (found, kept) = call!(self, &tenant, Item::delete_by_id, &key);
                assert_eq!(found, Ok(there));
                if kept {
                    self.items.remove(&at);
                }
            }
            _ => {
                let page = Page::after(key, 2);
                let (found, _) = call!(self, &tenant, Item::list_by_tenant, &page);
                let own = self.items.iter().filter(|(k, _)| k.0 == tenant.0 && **k > at);
                assert_eq!(found, Ok(own.map(|(_, row)| row.clone()).take(2).collect()));
            }
        }
    }

    async fn notes(&mut self) {
        let tenant = self.tenant();
        let key = NoteId(-1 - self.random.below(3) as i64);
        let there = self.notes.get(&key.0).cloned();
        let own = there.clone().filter(|row| row.org_id == tenant);
        let document_id = if self.random.one_in(2) { Some(self.document_id()) } else { None };
        let refers = self.may_refer(tenant, document_id);
        let new = NoteInsert { id: None, document_id, text: "n".into() };
        let row = NoteRow { id: key, org_id: tenant, document_id, text: "n".into() };
        let (found, kept, wanted) = match self.random.below(4) {
            0 => {
                let (found, kept) = call!(self, &tenant, Note::upsert, &key, new.clone());
                let wanted = match () {
                    () if there.is_some() && own.is_none() => Ok(None),
                    () if !refers => Err(Failure::Code("23503".into())), // the key carries the tenant
                    () => Ok(Some(row)),
                };
                (found, kept, wanted)
            }
            1 => {
                let patch = NotePatch { document_id: Some(document_id), text: None };
                let (found, kept) = call!(self, &tenant, Note::update, &key, patch.clone());
                let wanted = match own {
                    Some(_) if !refers => Err(Failure::Code("23503".into())),
                    own => Ok(own.map(|old| NoteRow { document_id, ..old })),
                };
                (found, kept, wanted)
            }
            2 => {
                let (found, kept) = call!(self, &tenant, Note::delete_by_id, &key);
                assert_eq!(found, Ok(own.clone()));
                if kept && own.is_some() {
                    self.notes.remove(&key.0);
                }
                return;
            }
            _ => {
                let (found, _) = call!(self, &tenant, Note::find_by_id, &key);
                (found, false, Ok(own))
            }
        };
        assert_eq!(found, wanted);
        if let (true, Ok(Some(row))) = (kept, wanted) {
            self.notes.insert(key.0, row);
        }
    }

    async fn settings(&mut self) {
        let tenant = self.tenant();
        let there = self.settings.get(&tenant.0).cloned();
        let theme = self.random.one_in(2).then(|| "dark".to_string());
        let row = SettingRow { org_id: tenant, theme: theme.clone() };
        let (found, kept, wanted) = match self.random.below(4) {
            0 => {
                let new = SettingInsert { theme, secret: Some("s".into()) };
                let (found, kept) = call!(self, &tenant, Setting::upsert, &(), new.clone());
                (found, kept, Some(row))
            }
            1 => {
                let patch = SettingPatch { theme: Some(theme), secret: None };
                let (found, kept) = call!(self, &tenant, Setting::update, &(), patch.clone());
                (found, kept, there.map(|_| row))
            }
            2 => {
                let (found, kept) = call!(self, &tenant, Setting::delete_by_id, &());
                if kept {
                    self.settings.remove(&tenant.0);
                }
                return assert_eq!(found, Ok(there));
            }
            _ => {
                let (found, _) = call!(self, &tenant, Setting::find_many, &[()]);
                (found.map(|mut rows| rows.pop()), false, there)
            }
        };
        assert_eq!(found, Ok(wanted.clone()));
        if let Some(row) = wanted.filter(|_| kept) {
            self.settings.insert(tenant.0, row);
        }
    }

    async fn labels(&mut self) {
        let tenant = self.tenant();
        let key: String = ["a", "A", "b", "C"][self.random.below(4) as usize].into();
        let mut at = (tenant.0, key.to_lowercase());
        let there = self.labels.get(&at).cloned();
        let code = format!("{:<3}", self.random.below(50));
        let color = self.status();
        let clash = |w: &Self| {
            let mut rows = w.labels.iter().filter(|(k, _)| k.0 == tenant.0 && **k != at);
            rows.any(|(_, row)| row.color == color && row.code == code)
        };
        let (found, kept, wanted) = match self.random.below(6) {
            5 => {
                // The unique values are those of a row that is there, of either tenant, or of none
                let some = self.labels.values().next_back().filter(|_| code.as_str() < "25").cloned();
                let (color, code) = some.map_or((color, code), |row| (row.color, row.code));
                let new = LabelInsert { name: key.clone(), color, code: code.trim().into() };
                let (found, kept) = call!(self, &tenant, Label::upsert_by_color_and_code, new);
                let mut own = self.labels.iter().filter(|(k, _)| k.0 == tenant.0);
                let wanted = match own.find(|(_, row)| row.color == color && row.code == code) {
                    Some((own, row)) => {
                        at = own.clone();
                        Ok(Some(row.clone())) // the name is the key, and stays
                    }
                    None if there.is_some() => unique(),
                    None => Ok(Some(LabelRow { org_id: tenant, name: key, color, code })),
                };
                (found.map(Some), kept, wanted)
            }
            0 => {
                let new = LabelInsert { name: key.clone(), color, code: code.trim().into() };
                let (found, kept) = call!(self, &tenant, Label::upsert, &key, new.clone());
                let name = there.map_or(key, |old| old.name); // the key is no part of what changes
                let row = LabelRow { org_id: tenant, name, color, code: code.clone() };
                (found, kept, if clash(self) { unique() } else { Ok(Some(row)) })
            }
            1 => {
                let patch = LabelPatch { color: Some(color), code: Some(code.clone()) };
                let (found, kept) = call!(self, &tenant, Label::update, &key, patch.clone());
                let taken = there.is_some() && clash(self);
                let row = there.map(|old| LabelRow { color, code: code.clone(), ..old });
                (found, kept, if taken { unique() } else { Ok(row) })
            }
            2 => {
                let (found, kept) = call!(self, &tenant, Label::delete_by_id, &key);
                if kept {
                    self.labels.remove(&at);
                }
                return assert_eq!(found, Ok(there));
            }
            3 => {
                let (found, _) = call!(self, &tenant, Label::find_by_color_and_code, &color, &code);
                let own = self.labels.iter().filter(|(k, _)| k.0 == tenant.0).map(|(_, row)| row);
                let mut same = own.filter(|row| row.color == color && row.code == code);
                return assert_eq!(found, Ok(same.next().cloned()));
            }
            _ => {
                let keys = [key.clone(), "x".into()];
                let (found, _) = call!(self, &tenant, Label::find_many, &keys);
                (found.map(|mut rows| rows.pop()), false, Ok(there))
            }
        };
        assert_eq!(found, wanted);
        if let (true, Ok(Some(row))) = (kept, wanted) {
            self.labels.insert(at, row);
        }
    }

    async fn step(&mut self) {
        match self.random.below(14) {
            13 => self.insert_documents().await,
            0 | 1 => self.insert_document().await,
            2 => self.upsert_document().await,
            3 => self.update_document().await,
            4 => self.delete_document().await,
            5 | 6 => self.read_documents().await,
            7 | 8 => self.items().await,
            9 => self.notes().await,
            10 => self.settings().await,
            _ => self.labels().await,
        }
    }

    /// Every row of every tenant is what the model has.
    async fn check(&mut self) {
        macro_rules! same {
            ($rows:expr, $row:ty, $columns:expr, $from:literal) => {
                let found = sqlx::query_as(db::rt::sql!("SELECT ", $columns, $from));
                let found: Vec<$row> = found.fetch_all(&self.truth).await.unwrap();
                assert_eq!(found, $rows.values().cloned().collect::<Vec<_>>());
            };
        }
        same!(self.documents, DocumentRow, db::document::DOCUMENT_COLUMNS, " FROM document AS t ORDER BY t.id");
        same!(self.items, ItemRow, db::item::ITEM_COLUMNS, " FROM item AS t ORDER BY t.org_id, t.document_id, t.no");
        same!(self.notes, NoteRow, db::note::NOTE_COLUMNS, " FROM note AS t ORDER BY t.id");
        same!(self.settings, SettingRow, db::setting::SETTING_COLUMNS, " FROM setting AS t ORDER BY t.org_id");
        same!(
            self.labels,
            LabelRow,
            db::label::LABEL_COLUMNS,
            " FROM label AS t ORDER BY t.org_id, lower(t.name::text) COLLATE \"C\""
        );
    }
}

async fn connect(url: &str, rls: bool) -> PgPool {
    let options = PgPoolOptions::new().max_connections(2);
    let options = options.after_connect(move |connection, _| {
        Box::pin(async move {
            if rls {
                sqlx::query("SET ROLE tenant_app").execute(connection).await?;
            }
            Ok(())
        })
    });
    options.connect(url).await.unwrap()
}

fn number(name: &str) -> u64 {
    std::env::var(name).map_or(0, |text| text.parse().unwrap())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = std::env::var("DATABASE_URL").unwrap();
    let rls = number("RLS") == 1;
    let truth = connect(&url, false).await;
    if number("DRIFT") == 1 {
        let found = db::drift::differences(&mut truth.acquire().await.unwrap()).await.unwrap();
        return found.iter().for_each(|line| println!("{line}"));
    }
    scenarios::all(&truth).await;
    let mut world = World {
        pool: connect(&url, rls).await,
        truth,
        rls,
        random: Random(number("SEED") * 2_654_435_769 + 88_172_645_463_325_252),
        calls: 0,
        refused: 0,
        documents: BTreeMap::new(),
        items: BTreeMap::new(),
        notes: BTreeMap::new(),
        settings: BTreeMap::new(),
        labels: BTreeMap::new(),
    };
    for _ in 0..number("SEQUENCES") {
        for _ in 0..3 + world.random.below(10) {
            world.step().await;
        }
        world.check().await;
    }
    println!("{} calls, {} refused", world.calls, world.refused);
}
