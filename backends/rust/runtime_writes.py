"""The part of rt.rs that binds parameters, builds inserts and updates, and runs statements."""

from typing import Final

WRITES: Final = """
/// What makes the traits of this module closed: only the modules beside it can name it.
pub(super) mod sealed {
    /// A marker that generated code alone can give.
    pub trait Sealed {}
}

/// The most values that one statement can be given.
const MAX_PARAMETERS: usize = 65_535;

/// The parameters of a statement. Only generated code makes and fills them.
pub struct Arguments {
    values: PgArguments,
    count: usize,
    error: Option<BoxDynError>,
}

impl Arguments {
    /// None yet.
    pub(super) fn new() -> Self {
        Self {
            values: PgArguments::default(),
            count: 0,
            error: None,
        }
    }

    /// Binds the next parameter and tells its number.
    pub(super) fn add<T: ?Sized>(&mut self, value: &T) -> usize
    where
        for<'q> &'q T: Encode<'q, Postgres> + Type<Postgres>,
    {
        if let Err(error) = ::sqlx::Arguments::add(&mut self.values, value) {
            self.error.get_or_insert(error);
        }
        self.count += 1;
        self.count
    }

    fn checked(self) -> ::sqlx::Result<PgArguments> {
        match self.error {
            Some(error) => Err(::sqlx::Error::Encode(error)),
            None if self.count > MAX_PARAMETERS => {
                let error = format!("{} values, and Postgres takes {MAX_PARAMETERS}", self.count);
                Err(::sqlx::Error::Encode(error.into()))
            }
            None => Ok(self.values),
        }
    }
}

/// The fixed texts around the columns of a write.
pub struct Fragments {
    /// INSERT INTO and the table.
    pub(super) insert: &'static str,
    /// UPDATE, the table and SET.
    pub(super) update: &'static str,
    /// WHERE with the tenant and the key.
    pub(super) one: &'static str,
    /// ON CONFLICT with the key, and DO UPDATE SET.
    pub(super) conflict: &'static str,
    /// What to set where a row is there already and no column is given.
    pub(super) unchanged: &'static str,
    /// WHERE the row that is there is the same tenant's.
    pub(super) same: &'static str,
    /// RETURNING with the select list.
    pub(super) returning: &'static str,
}

/// The columns that a write gives values to. Only generated code makes and fills them.
pub struct Assignments {
    columns: Vec<&'static str>,
    values: Vec<String>,
    fixed: usize,
    guards: Vec<String>,
    groups: Vec<Group>,
    absent: &'static str,
    arguments: Arguments,
}

impl Assignments {
    /// Those of a new row.
    pub(super) fn insert() -> Self {
        Self {
            columns: Vec::new(),
            values: Vec::new(),
            fixed: 0,
            guards: Vec::new(),
            groups: Vec::new(),
            absent: "",
            arguments: Arguments::new(),
        }
    }

    /// Those of a change, once the row that it changes is bound.
    fn update(arguments: Arguments) -> Self {
        Self {
            absent: "t.",
            arguments,
            ..Self::insert()
        }
    }

    /// Gives a column a value, unless it is of the key and has one; `cast` goes behind the parameter.
    pub(super) fn set<T: ?Sized>(&mut self, column: &'static str, cast: &'static str, value: &T)
    where
        for<'q> &'q T: Encode<'q, Postgres> + Type<Postgres>,
    {
        self.set_as(column, "", cast, value);
    }

    /// Gives a column a value, with text before and behind the parameter.
    pub(super) fn set_as<T: ?Sized>(
        &mut self,
        column: &'static str,
        before: &'static str,
        behind: &'static str,
        value: &T,
    ) where
        for<'q> &'q T: Encode<'q, Postgres> + Type<Postgres>,
    {
        if self.columns[..self.fixed].contains(&column) {
            return;
        }
        let number = self.arguments.add(value);
        self.columns.push(column);
        self.values.push(format!("{before}${number}{behind}"));
    }

    /// What follows cannot give the columns so far another value.
    pub(super) fn fix(&mut self) {
        self.fixed = self.columns.len();
    }

    /// Demands that a parent row is there for this tenant, if a column that refers to it is given.
    ///
    /// `parent` selects from the parent as `p` by its tenant; `pairs` are its columns, each with the
    /// comparison, and the columns that refer to them. A new row that gives some of them and leaves
    /// the others to their defaults is refused.
    pub(super) fn guard(&mut self, parent: &'static str, pairs: &[(&'static str, &'static str)]) {
        let given = |column: &str| self.columns.iter().position(|c| *c == column);
        if pairs.iter().all(|(_, column)| given(column).is_none()) {
            return;
        }
        let mut nulls = String::new();
        let mut matches = String::new();
        for (compared, column) in pairs {
            let value = match given(column) {
                Some(at) => self.values[at].clone(),
                None if self.absent.is_empty() => return self.guards.push("FALSE".to_owned()),
                None => format!("{}{column}", self.absent),
            };
            nulls.extend([" OR ", value.as_str(), " IS NULL"]);
            matches.extend([" AND ", *compared, " ", value.as_str()]);
        }
        let guard = format!("(EXISTS ({parent}{matches}){nulls})");
        self.guards.push(guard);
    }

    fn guarded(&self, word: &str) -> String {
        if self.guards.is_empty() {
            return String::new();
        }
        format!(" {word} {}", self.guards.join(" AND "))
    }

    fn into_insert(self, table: &Fragments) -> (String, Arguments) {
        (self.inserted(table) + table.returning, self.arguments)
    }

    fn into_upsert(self, table: &Fragments, kept: &[&str]) -> (String, Arguments) {
        let given = self.columns[self.fixed..].iter();
        let changed = given.filter(|c| !kept.contains(c));
        let set = changed.map(|c| format!("{c} = excluded.{c}"));
        let set = match set.collect::<Vec<_>>().as_slice() {
            [] => table.unchanged.to_owned(),
            set => set.join(", "),
        };
        let start = self.inserted(table);
        let Fragments {
            conflict,
            same,
            returning,
            ..
        } = table;
        (
            format!("{start}{conflict}{set}{same}{returning}"),
            self.arguments,
        )
    }

    fn into_update(self, table: &Fragments) -> (String, Arguments) {
        let pairs = self.columns.iter().zip(&self.values);
        let set: Vec<String> = pairs.map(|(c, value)| format!("{c} = {value}")).collect();
        let guards = self.guarded("AND");
        let Fragments {
            update,
            one,
            returning,
            ..
        } = table;
        (
            format!("{update}{}{one}{guards}{returning}", set.join(", ")),
            self.arguments,
        )
    }

    fn inserted(&self, table: &Fragments) -> String {
        if self.columns.is_empty() {
            return format!("{} DEFAULT VALUES", table.insert);
        }
        let (columns, values) = (self.columns.join(", "), self.values.join(", "));
        let insert = table.insert;
        if self.guards.is_empty() {
            return format!("{insert} ({columns}) VALUES ({values})");
        }
        let guards = self.guarded("WHERE");
        format!("{insert} ({columns}) SELECT {values}{guards}")
    }
}

/// Runs a statement that gives one row or none.
pub(super) async fn optional<'e, E, R>(
    db: E,
    sql: &'static str,
    arguments: Arguments,
) -> ::sqlx::Result<Option<R>>
where
    E: Executor<'e, Database = Postgres>,
    R: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    ::sqlx::query_as_with(sql, arguments.checked()?)
        .fetch_optional(db)
        .await
}

/// Runs a statement that gives rows.
pub(super) async fn all<'e, E, R>(
    db: E,
    sql: &'static str,
    arguments: Arguments,
) -> ::sqlx::Result<Vec<R>>
where
    E: Executor<'e, Database = Postgres>,
    R: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    ::sqlx::query_as_with(sql, arguments.checked()?)
        .fetch_all(db)
        .await
}

/// Runs a statement that counts.
pub(super) async fn count<'e, E>(
    db: E,
    sql: &'static str,
    arguments: Arguments,
) -> ::sqlx::Result<i64>
where
    E: Executor<'e, Database = Postgres>,
{
    ::sqlx::query_scalar_with(sql, arguments.checked()?)
        .fetch_one(db)
        .await
}

/// Inserts a row and gives it.
pub(super) async fn inserted<'e, E, R>(
    db: E,
    to: Assignments,
    table: &'static Fragments,
) -> ::sqlx::Result<R>
where
    E: Executor<'e, Database = Postgres>,
    R: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    let row = built(db, to.into_insert(table)).await?;
    row.ok_or(::sqlx::Error::RowNotFound)
}

/// Inserts a row, or changes the one that is there but for what is `kept`, and gives it.
pub(super) async fn upserted<'e, E, R>(
    db: E,
    to: Assignments,
    table: &Fragments,
    kept: &[&str],
) -> ::sqlx::Result<R>
where
    E: Executor<'e, Database = Postgres>,
    R: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    let row = built(db, to.into_upsert(table, kept)).await?;
    row.ok_or(::sqlx::Error::RowNotFound)
}

/// One column of keys of several.
pub(super) fn column<K, T: Clone>(keys: &[K], value: impl Fn(&K) -> &T) -> Vec<T> {
    keys.iter().map(|key| value(key).clone()).collect()
}

/// For a value that may be absent, but not null.
///
/// # Errors
///
/// What the type refuses.
pub fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: ::serde::Deserialize<'de>,
    D: ::serde::Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// For a value that may be absent, which is `None`, or null, which is `Some(None)`.
///
/// # Errors
///
/// What the type refuses.
pub fn double_option<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: ::serde::Deserialize<'de>,
    D: ::serde::Deserializer<'de>,
{
    ::serde::Deserialize::deserialize(deserializer).map(Some)
}

/// Runs a write that was built.
async fn built<'e, E, R>(db: E, (sql, arguments): (String, Arguments)) -> ::sqlx::Result<Option<R>>
where
    E: Executor<'e, Database = Postgres>,
    R: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    ::sqlx::QueryBuilder::with_arguments(sql, arguments.checked()?)
        .build_query_as()
        .fetch_optional(db)
        .await
}
"""
