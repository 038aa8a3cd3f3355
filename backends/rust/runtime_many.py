"""The part of rt.rs that inserts many rows at once: one statement, however their columns differ."""

from typing import Final

MANY: Final = """
/// New rows that are given the same columns.
struct Group {
    columns: Vec<&'static str>,
    rows: Vec<String>,
}

impl Assignments {
    /// Ends one of many new rows; the next has the columns that are fixed, and no others yet.
    pub(super) fn end_row(&mut self) {
        let row = format!("({})", self.values.join(", "));
        let known = self.groups.iter_mut().find(|g| g.columns == self.columns);
        match known {
            Some(group) => group.rows.push(row),
            None => self.groups.push(Group {
                columns: self.columns.clone(),
                rows: vec![row],
            }),
        }
        self.columns.truncate(self.fixed);
        self.values.truncate(self.fixed);
    }

    /// One insert, or one for each group in one statement, of all rows or of none.
    fn into_insert_many(self, table: &Fragments) -> (String, Arguments) {
        let guards = self.guarded("WHERE");
        if let [group] = self.groups.as_slice() {
            let insert = group.inserted(table, &guards);
            return (insert, self.arguments);
        }
        let mut parts = vec![format!("allowed AS (SELECT{guards})")];
        let mut rows = Vec::new();
        for (number, group) in self.groups.iter().enumerate() {
            let insert = group.inserted(table, " WHERE EXISTS (SELECT FROM allowed)");
            parts.push(format!("w{number} AS ({insert})"));
            rows.push(format!("SELECT * FROM w{number}"));
        }
        let sql = format!("WITH {} {}", parts.join(", "), rows.join(" UNION ALL "));
        (sql, self.arguments)
    }
}

impl Group {
    fn inserted(&self, table: &Fragments, guards: &str) -> String {
        let Fragments {
            insert, returning, ..
        } = table;
        if self.columns.is_empty() {
            let count = self.rows.len();
            let rows = format!("SELECT FROM pg_catalog.generate_series(1, {count})");
            return format!("{insert} {rows}{guards}{returning}");
        }
        let (columns, rows) = (self.columns.join(", "), self.rows.join(", "));
        format!("{insert} ({columns}) SELECT * FROM (VALUES {rows}) AS v{guards}{returning}")
    }
}

/// Inserts rows, all or none, and gives them.
pub(super) async fn inserted_all<'e, E, R>(
    db: E,
    to: Assignments,
    table: &'static Fragments,
) -> ::sqlx::Result<Vec<R>>
where
    E: Executor<'e, Database = Postgres>,
    R: for<'r> FromRow<'r, PgRow> + Send + Unpin,
{
    if to.groups.is_empty() {
        return Ok(Vec::new());
    }
    let (sql, arguments) = to.into_insert_many(table);
    // Not `persistent(false)`: what sqlx asks of types in between takes the nameless statement away.
    let rows = ::sqlx::QueryBuilder::with_arguments(sql, arguments.checked()?)
        .build_query_as()
        .fetch_all(db)
        .await?;
    if rows.is_empty() {
        return Err(::sqlx::Error::RowNotFound);
    }
    Ok(rows)
}
"""
