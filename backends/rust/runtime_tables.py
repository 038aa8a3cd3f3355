"""The parts of rt.rs that programs call: pages, tables of a tenant, and other tables."""

from typing import Final

from pgkit.backends.rust.text import skipped_if_long

_PAGES: Final = """
/// The most rows that one call gives.
pub const MAX_ROWS: i64 = 1_000;

/// One page of a walk through a table, in the order of its key.
#[derive(Debug, Clone)]
pub struct Page<K> {
    /// The key of the last row of the page before; the first page has none.
    pub after: Option<K>,
    /// How many rows, from 1 to [`MAX_ROWS`]; a number outside is taken for the nearest inside.
    pub limit: i64,
}

impl<K> Page<K> {
    /// The first page.
    #[must_use]
    pub fn first(limit: i64) -> Self {
        Self { after: None, limit }
    }

    /// The page that follows a row's key.
    pub fn after(key: K, limit: i64) -> Self {
        Self {
            after: Some(key),
            limit,
        }
    }
}

impl<K> Default for Page<K> {
    fn default() -> Self {
        Self::first(100)
    }
}

/// A limit within its bounds.
pub(super) fn bounded(limit: i64) -> i64 {
    limit.clamp(1, MAX_ROWS)
}
"""

_TENANT: Final = """
/// A table whose every row belongs to one tenant, by the type that names the table.
///
/// Every statement is a constant, or is put together from constants and parameters; no method takes
/// SQL, the name of a column or a condition. `db` is a pool, a connection or, as `&mut *tx`, a
/// transaction.
pub trait TenantTable: sealed::Sealed + Sized + Send + Sync + 'static {
    /// A row as it is read.
    type Row: for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static;

    /// What a row belongs to.
    type Tenant: TenantId;

    /// What finds a row among its tenant's: a value, a struct of several, `()` where there is one.
    type Key: Clone + Send + Sync + 'static;

    /// A new row.
    type Insert: Send;

    /// A change of a row.
    type Patch: Send;

    /// Reads the row of a key.
    const FIND: &'static str;

    /// Reads the rows of some keys.
    const FIND_MANY: &'static str;

    /// Reads the first page.
    const LIST: &'static str;

    /// Reads the page after a key.
    const LIST_AFTER: &'static str;

    /// Counts the rows.
    const COUNT: &'static str;

    /// Reads the row of a key and locks it.
    const LOCK: &'static str;

    /// Deletes the row of a key.
    const DELETE: &'static str;

    #[doc(hidden)]
    const FRAGMENTS: Fragments;

    #[doc(hidden)]
    fn bind_tenant(tenant: &Self::Tenant, to: &mut Arguments);

    #[doc(hidden)]
    fn set_tenant(tenant: &Self::Tenant, to: &mut Assignments);

    #[doc(hidden)]
    fn bind_key(key: &Self::Key, to: &mut Arguments);

    #[doc(hidden)]
    fn bind_keys(keys: &[Self::Key], to: &mut Arguments);

    #[doc(hidden)]
    fn set_values(values: Self::Insert, to: &mut Assignments);

    #[doc(hidden)]
    fn set_patch(patch: Self::Patch, to: &mut Assignments);

    /// The key of a row, for the page after it.
    fn key_of(row: &Self::Row) -> Self::Key;

    /// The row of a key; `None` if there is none, and where it is another tenant's.
    fn find_by_id<'e, E>(
        db: E,
        tenant: &Self::Tenant,
        key: &Self::Key,
    ) -> impl Future<Output = ::sqlx::Result<Option<Self::Row>>> + Send
    where
        E: Executor<'e, Database = Postgres>,
    {
        let mut arguments = Arguments::new();
        Self::bind_tenant(tenant, &mut arguments);
        Self::bind_key(key, &mut arguments);
        optional(db, Self::FIND, arguments)
    }

    /// The rows of some keys, in no order.
    fn find_many<'e, E>(
        db: E,
        tenant: &Self::Tenant,
        keys: &[Self::Key],
    ) -> impl Future<Output = ::sqlx::Result<Vec<Self::Row>>> + Send
    where
        E: Executor<'e, Database = Postgres>,
    {
        let mut arguments = Arguments::new();
        Self::bind_tenant(tenant, &mut arguments);
        Self::bind_keys(keys, &mut arguments);
        let asked = !keys.is_empty();
        async move {
            if asked {
                return all(db, Self::FIND_MANY, arguments).await;
            }
            Ok(Vec::new())
        }
    }

    /// A page of rows, in the order of their keys.
    fn list_by_tenant<'e, E>(
        db: E,
        tenant: &Self::Tenant,
        page: &Page<Self::Key>,
    ) -> impl Future<Output = ::sqlx::Result<Vec<Self::Row>>> + Send
    where
        E: Executor<'e, Database = Postgres>,
    {
        let mut arguments = Arguments::new();
        Self::bind_tenant(tenant, &mut arguments);
        arguments.add(&bounded(page.limit));
        if let Some(key) = &page.after {
            Self::bind_key(key, &mut arguments);
        }
        let first = page.after.is_none();
        let sql = if first { Self::LIST } else { Self::LIST_AFTER };
        all(db, sql, arguments)
    }

    /// How many rows there are.
    fn count_by_tenant<'e, E>(
        db: E,
        tenant: &Self::Tenant,
    ) -> impl Future<Output = ::sqlx::Result<i64>> + Send
    where
        E: Executor<'e, Database = Postgres>,
    {
        let mut arguments = Arguments::new();
        Self::bind_tenant(tenant, &mut arguments);
        count(db, Self::COUNT, arguments)
    }

    /// The row of a key, locked until the transaction ends that the connection is in.
    fn lock_by_id(
        db: &mut PgConnection,
        tenant: &Self::Tenant,
        key: &Self::Key,
    ) -> impl Future<Output = ::sqlx::Result<Option<Self::Row>>> + Send {
        let mut arguments = Arguments::new();
        Self::bind_tenant(tenant, &mut arguments);
        Self::bind_key(key, &mut arguments);
        optional(db, Self::LOCK, arguments)
    }

    /// Inserts a row and gives it as it is stored. `RowNotFound` where a foreign key of it refers to
    /// what is not this tenant's.
    fn insert<'e, E>(
        db: E,
        tenant: &Self::Tenant,
        values: Self::Insert,
    ) -> impl Future<Output = ::sqlx::Result<Self::Row>> + Send
    where
        E: Executor<'e, Database = Postgres>,
    {
        let mut to = Assignments::insert();
        Self::set_tenant(tenant, &mut to);
        Self::set_values(values, &mut to);
        inserted(db, to, &Self::FRAGMENTS)
    }

    /// Inserts rows in one statement, all of them or none, and gives them as they are stored, in no
    /// order; together they may have 65,535 values. `RowNotFound` where a foreign key of one refers
    /// to what is not this tenant's, or to a row of the same call.
    fn insert_many<'e, E>(
        db: E,
        tenant: &Self::Tenant,
        values: Vec<Self::Insert>,
    ) -> impl Future<Output = ::sqlx::Result<Vec<Self::Row>>> + Send
    where
        E: Executor<'e, Database = Postgres>,
    {
        let mut to = Assignments::insert();
        Self::set_tenant(tenant, &mut to);
        to.fix();
        for row in values {
            Self::set_values(row, &mut to);
            to.end_row();
        }
        inserted_all(db, to, &Self::FRAGMENTS)
    }

    /// Changes the row of a key and gives it as it is then; a patch of nothing reads it. `None` as
    /// in [`find_by_id`](Self::find_by_id), and where a foreign key would refer to what is not this
    /// tenant's.
    fn update<'e, E>(
        db: E,
        tenant: &Self::Tenant,
        key: &Self::Key,
        patch: Self::Patch,
    ) -> impl Future<Output = ::sqlx::Result<Option<Self::Row>>> + Send
    where
        E: Executor<'e, Database = Postgres>,
    {
        let mut arguments = Arguments::new();
        Self::bind_tenant(tenant, &mut arguments);
        Self::bind_key(key, &mut arguments);
        let mut to = Assignments::update(arguments);
        Self::set_patch(patch, &mut to);
        async move {
            if to.columns.is_empty() {
                return optional(db, Self::FIND, to.arguments).await;
            }
            built(db, to.into_update(&Self::FRAGMENTS)).await
        }
    }

    /// Deletes the row of a key and gives it as it was; `None` as in
    /// [`find_by_id`](Self::find_by_id).
    fn delete_by_id<'e, E>(
        db: E,
        tenant: &Self::Tenant,
        key: &Self::Key,
    ) -> impl Future<Output = ::sqlx::Result<Option<Self::Row>>> + Send
    where
        E: Executor<'e, Database = Postgres>,
    {
        let mut arguments = Arguments::new();
        Self::bind_tenant(tenant, &mut arguments);
        Self::bind_key(key, &mut arguments);
        optional(db, Self::DELETE, arguments)
    }
}

/// A table of a tenant whose keys a program may choose.
pub trait TenantUpsert: TenantTable {
    /// Inserts a row, or changes the one of its key.
    const UPSERT: &'static str;

    #[doc(hidden)]
    fn set_key(key: &Self::Key, to: &mut Assignments);

    /// Inserts a row under a key; where there is one, gives it these values. What `values` leaves to
    /// a default stays as it is in a row that is there, and what they say of the key does not count.
    ///
    /// `None`, and nothing is changed, where the key is another tenant's, and where a foreign key
    /// would refer to what is not this tenant's.
    fn upsert<'e, E>(
        db: E,
        tenant: &Self::Tenant,
        key: &Self::Key,
        values: Self::Insert,
    ) -> impl Future<Output = ::sqlx::Result<Option<Self::Row>>> + Send
    where
        E: Executor<'e, Database = Postgres>,
    {
        let mut to = Assignments::insert();
        Self::set_tenant(tenant, &mut to);
        Self::set_key(key, &mut to);
        to.fix();
        Self::set_values(values, &mut to);
        built(db, to.into_upsert(&Self::FRAGMENTS, &[]))
    }
}

/// What is a tenant's id in some table.
pub trait TenantId: sealed::Sealed + Text + Clone + Send + Sync + 'static {}

/// Begins a transaction in which the policies of row level security find the tenant by
/// `current_setting('SETTING', true)`. It is set for this transaction alone.
///
/// # Errors
///
/// As sqlx has them.
pub async fn begin_scoped<'c, A, T>(db: A, tenant: &T) -> ::sqlx::Result<Transaction<'c, Postgres>>
where
    A: Acquire<'c, Database = Postgres> + Send,
    T: TenantId,
{
    let text = tenant.text();
    let mut begun = db.begin().await?;
    ::sqlx::query("SELECT pg_catalog.set_config('SETTING', $1, true)")
        .bind(text)
        .execute(&mut *begun)
        .await?;
    Ok(begun)
}
"""

# From the tenant's table to a table of all: first what is cut out, then what reads otherwise.
_CUT: Final = (
    "    /// What a row belongs to.\n    type Tenant: TenantId;\n\n",
    "    #[doc(hidden)]\n    fn bind_tenant(tenant: &Self::Tenant, to: &mut Arguments);\n\n",
    "    #[doc(hidden)]\n    fn set_tenant(tenant: &Self::Tenant, to: &mut Assignments);\n\n",
    "        tenant: &Self::Tenant,\n",
    "        Self::bind_tenant(tenant, &mut arguments);\n",
    "        Self::set_tenant(tenant, &mut to);\n",
    " among its tenant's",
    ", `()` where there is one",
    ", and where it is another tenant's",
    " `RowNotFound` where a foreign key of it refers to\n    /// what is not this tenant's.",
    ", and where a foreign key would refer to what is not this\n    /// tenant's",
    " `RowNotFound` where a foreign key of one refers\n"
    "    /// to what is not this tenant's, or to a row of the same call.",
    "    ///\n"
    "    /// `None`, and nothing is changed, where the key is another tenant's, and where a foreign key\n"
    "    /// would refer to what is not this tenant's.\n",
)
_OTHERWISE: Final = (
    ("/// A table whose every row belongs to one tenant,", "/// A table whose rows belong to no tenant,"),
    ("/// A table of a tenant whose keys", "/// A table whose keys"),
    ("pub trait Tenant", "#[rustfmt::skip]\npub trait "),
    (": TenantTable {", ": Table {"),
    ("list_by_tenant", "list"),
    ("        to.fix();\n        for", "        for"),
    ("count_by_tenant", "count"),
    (
        "let mut arguments = Arguments::new();\n        count(",
        "let arguments = Arguments::new();\n        count(",
    ),
)
_UPSERTED: Final = (
    ("Output = ::sqlx::Result<Option<Self::Row>>", "Output = ::sqlx::Result<Self::Row>"),
    (
        "        built(db, to.into_upsert(&Self::FRAGMENTS, &[]))\n",
        "        let write = to.into_upsert(&Self::FRAGMENTS, &[]);\n"
        "        async move { built(db, write).await?.ok_or(::sqlx::Error::RowNotFound) }\n",
    ),
)


def tables(tenants: tuple[str, ...], plain: bool, setting: str) -> str:
    """Pages, and the traits of the tables that there are; `tenants` are the types of their ids."""
    ids = (_tenant_id(type) for type in tenants)
    scoped = "".join((_TENANT.replace("SETTING", setting), *ids)) if tenants else ""
    return _PAGES + scoped + (_plain() if plain else "")


def _plain() -> str:
    text = _TENANT[: _TENANT.index("\n/// What is a tenant's id")]
    for cut in _CUT:
        text = text.replace(cut, "")
    for old, new in _OTHERWISE:
        text = text.replace(old, new)
    start = text.index("/// A table whose keys")
    upsert = text[start:]
    for old, new in _UPSERTED:
        upsert = upsert.replace(old, new)
    return text[:start] + upsert


def _tenant_id(type: str) -> str:
    """The implementations for a type of tenants' ids."""
    items = ([f"impl {trait} for {type} {{}}"] for trait in ("sealed::Sealed", "TenantId"))
    return "".join(["\n" + "\n".join(skipped_if_long(item)) + "\n" for item in items])
