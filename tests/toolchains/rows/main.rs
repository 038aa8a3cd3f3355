//! Rows that a plan gives go in by the tables' own insert structs, are found, paged, patched, upserted, deleted.
//!
//! PLAN names the file of the plan; `calls` has a call for each table of it. `cargo test` runs it, and with it
//! the drift test that is generated.

mod db;

fn main() {}

#[cfg(test)]
mod calls;

#[cfg(test)]
mod rows {
    use std::collections::BTreeMap;

    pub use serde::de::DeserializeOwned;
    pub use serde::{Deserialize, Serialize};
    use serde_json::{Map, Value};

    pub type Row = Map<String, Value>;

    /// The tables of a catalog, those that are referred to first.
    #[derive(Deserialize)]
    pub struct Plan {
        pub name: String,
        pub tenant: Option<String>,
        pub given: Vec<String>,    // what an insert takes
        pub patched: Vec<String>,  // what a patch takes, less what refers to other rows
        pub computed: Vec<String>, // what Postgres makes of the others
        parents: Vec<Parent>,
        pub rows: Vec<Given>,
    }

    /// A foreign key: its columns and theirs, and what else must be equal in both rows.
    #[derive(Deserialize)]
    struct Parent {
        table: String,
        nullable: bool,
        pairs: Vec<(String, String)>,
        equal: Vec<(String, String)>,
        every: usize, // how many rows in a row refer to one parent
        among: usize, // how many parents are referred to
    }

    #[derive(Deserialize)]
    pub struct Given {
        values: Row,
        alone: bool, // refers to no parent unless it must
    }

    /// The rows that are in the database, by table.
    pub type World = BTreeMap<String, Vec<Row>>;

    impl Plan {
        /// The values of a new row, which refer to rows that are there; `None` where it must and there is none.
        pub fn row(&self, world: &World, n: usize) -> Option<Row> {
            let given = &self.rows[n];
            let mut row = given.values.clone();
            for parent in &self.parents {
                if given.alone && parent.nullable {
                    continue;
                }
                match parent.choose(world, &row, n) {
                    Some(chosen) => parent.pairs.iter().for_each(|(own, theirs)| {
                        row.insert(own.clone(), chosen[theirs].clone());
                    }),
                    None if parent.nullable => {}
                    None => return None,
                }
            }
            Some(row)
        }

        /// The tenant of a row.
        pub fn tenant<T: DeserializeOwned>(&self, row: &Row) -> T {
            read(row[self.tenant.as_ref().unwrap()].clone())
        }

        /// The rows of each tenant, or all of them.
        pub fn groups<'w>(&self, rows: &'w [Row]) -> Vec<Vec<&'w Row>> {
            let mut groups = BTreeMap::<String, Vec<&Row>>::new();
            for row in rows {
                let tenant = self.tenant.as_ref().map_or(String::new(), |t| row[t].to_string());
                groups.entry(tenant).or_default().push(row);
            }
            groups.into_values().collect()
        }

        /// Two rows of each tenant, or of all, that no row of the table refers to.
        pub fn pairs(&self, rows: &[Row]) -> Vec<Vec<Row>> {
            let own: Vec<_> = self.parents.iter().filter(|parent| parent.table == self.name).collect();
            let refers = |row: &Row, to: &Row| {
                own.iter().any(|parent| parent.pairs.iter().all(|(own, theirs)| row[own] == to[theirs]))
            };
            let free = |row: &&&Row| !rows.iter().any(|other| refers(other, row));
            let last = |group: Vec<&Row>| group.iter().rev().filter(free).take(2).map(|&row| row.clone()).collect();
            self.groups(rows).into_iter().map(last).collect()
        }

        /// The rows less what Postgres computes, as texts.
        pub fn texts(&self, rows: &[Row]) -> Vec<String> {
            let stored = |row: &Row| row.clone().into_iter().filter(|(key, _)| !self.computed.contains(key)).collect();
            sorted(&rows.iter().map(stored).collect::<Vec<Row>>())
        }

        /// Whether a row is what was wanted of it, but for what Postgres computes.
        pub fn same(&self, found: &Row, wanted: &Row) {
            for (key, value) in wanted.iter().filter(|(key, _)| !self.computed.contains(key)) {
                let same = found.get(key).is_some_and(|found| equal(found, value));
                assert!(same, "{}.{key}: {:?}, not {value}", self.name, found.get(key));
            }
        }
    }

    impl Parent {
        fn choose<'w>(&self, world: &'w World, row: &Row, n: usize) -> Option<&'w Row> {
            let rows = world.get(&self.table)?.iter();
            let fits = |made: &&Row| {
                self.equal.iter().all(|(own, theirs)| row.get(own).is_none_or(|v| v == &made[theirs]))
            };
            let fitting: Vec<_> = rows.filter(fits).collect();
            let among = fitting.len().min(self.among);
            (among > 0).then(|| fitting[n / self.every % among])
        }
    }

    /// Whether two values are the same to JSON, to which 1 and 1.0 are.
    fn equal(one: &Value, other: &Value) -> bool {
        match (one, other) {
            (Value::Number(a), Value::Number(b)) if a.is_f64() || b.is_f64() => a.as_f64() == b.as_f64(),
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
            }
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(k, a)| b.get(k).is_some_and(|b| equal(a, b)))
            }
            _ => one == other,
        }
    }

    /// A row as JSON says it, in its text: a `Value` made at once would have floats of other sizes.
    pub fn shown(row: &impl Serialize) -> Row {
        serde_json::from_str(&serde_json::to_string(row).unwrap()).unwrap()
    }

    pub fn read<T: DeserializeOwned>(value: Value) -> T {
        let text = value.to_string();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    pub fn part(row: &Row, keys: &[String]) -> Value {
        keys.iter().filter_map(|key| Some((key.clone(), row.get(key)?.clone()))).collect::<Row>().into()
    }

    /// A row with some values of the one before it, the first with those of the last.
    #[allow(dead_code)]
    pub fn changed(rows: &[Row], n: usize, keys: &[&str]) -> Row {
        let mut row = rows[n].clone();
        let before = &rows[(n + rows.len() - 1) % rows.len()];
        row.extend(keys.iter().map(|&key| (key.to_owned(), before[key].clone())));
        row
    }

    pub fn sorted<'r>(rows: impl IntoIterator<Item = &'r Row>) -> Vec<String> {
        let mut texts: Vec<_> = rows.into_iter().map(|row| Value::Object(row.clone()).to_string()).collect();
        texts.sort();
        texts
    }

    /// What is done with tables of a tenant, and of none: `$tenant` is the type of the one.
    macro_rules! flavour {
        ($put:ident, $take:ident, $retake:ident, $table:ident, $upsert:ident, $list:ident, $count:ident $(, $tenant:ident)?) => {
            /// Inserts the rows of a plan, and finds them one by one, all at once, and by pages; two go in again
            /// together.
            pub async fn $put<T: $table>(db: &sqlx::PgPool, world: &mut World, plan: &Plan)
            where
                T::Row: Serialize + DeserializeOwned,
                T::Insert: DeserializeOwned,
                $(T::$tenant: DeserializeOwned,)?
            {
                for n in 0..plan.rows.len() {
                    let Some(new) = plan.row(world, n) else { continue };
                    let values = read(part(&new, &plan.given));
                    let made = T::insert(db, $(&plan.tenant::<T::$tenant>(&new),)? values).await;
                    let made = made.unwrap_or_else(|e| panic!("{}: {e}: {new:?}", plan.name));
                    let row = shown(&made);
                    plan.same(&row, &new);
                    let found = T::find_by_id(db, $(&plan.tenant::<T::$tenant>(&row),)? &T::key_of(&made)).await;
                    assert_eq!(shown(&found.unwrap().unwrap()), row);
                    world.entry(plan.name.clone()).or_default().push(row);
                }
                let rows = world.get(&plan.name).map_or(&[][..], |rows| rows);
                for group in plan.groups(rows) {
                    let (mut pages, mut keys, mut page) = (Vec::new(), Vec::new(), Page::first(3));
                    loop {
                        let found = T::$list(db, $(&plan.tenant::<T::$tenant>(group[0]),)? &page).await.unwrap();
                        let Some(last) = found.last() else { break };
                        page = Page::after(T::key_of(last), 3);
                        keys.extend(found.iter().map(T::key_of));
                        pages.extend(found.iter().map(shown));
                        assert!(pages.len() <= group.len(), "{}: a page shows a row again", plan.name);
                    }
                    let wanted = sorted(group.iter().copied());
                    assert_eq!(sorted(&pages), wanted, "{}", plan.name);
                    let many = T::find_many(db, $(&plan.tenant::<T::$tenant>(group[0]),)? &keys).await.unwrap();
                    assert_eq!(sorted(&many.iter().map(shown).collect::<Vec<_>>()), wanted, "{}", plan.name);
                    let count = T::$count(db $(, &plan.tenant::<T::$tenant>(group[0]))?).await.unwrap();
                    assert_eq!(count, group.len() as i64);
                }
                assert_eq!(rows.len(), plan.rows.len(), "{}", plan.name);
                for pair in plan.pairs(rows) {
                    let Some(_first) = pair.first() else { continue };
                    for row in &pair {
                        let key = T::key_of(&read(row.clone().into()));
                        T::delete_by_id(db, $(&plan.tenant::<T::$tenant>(row),)? &key).await.unwrap().unwrap();
                    }
                    let values = pair.iter().map(|row| read(part(row, &plan.given))).collect();
                    let made = T::insert_many(db, $(&plan.tenant::<T::$tenant>(_first),)? values).await.unwrap();
                    let made: Vec<_> = made.iter().map(shown).collect();
                    assert_eq!(plan.texts(&made), plan.texts(&pair), "{}", plan.name);
                    let rows = world.get_mut(&plan.name).unwrap();
                    rows.retain(|row| !pair.contains(row));
                    rows.extend(made);
                }
            }

            flavour!(@take $take, $table, $table, $count, (row, key, db, plan) {} $(, $tenant)?);
            flavour!(@take $retake, $table, $upsert, $count, (row, key, db, plan) {
                for there in [true, false] {
                    let values = read(part(&row, &plan.given));
                    let back = T::upsert(db, $(&plan.tenant::<T::$tenant>(&row),)? &key, values).await.unwrap();
                    plan.same(&shown(&back$(.ok_or(stringify!($tenant)).unwrap())?), &row);
                    if there {
                        T::delete_by_id(db, $(&plan.tenant::<T::$tenant>(&row),)? &key).await.unwrap().unwrap();
                    }
                }
            } $(, $tenant)?);
        };
        (@take $take:ident, $table:ident, $bound:ident, $count:ident, ($row:ident, $key:ident, $db:ident, $plan:ident) $more:block $(, $tenant:ident)?) => {
            /// Patches each row with the values of the one before, the last first, and deletes it.
            pub async fn $take<T: $bound>($db: &sqlx::PgPool, world: &mut World, $plan: &Plan)
            where
                T::Row: Serialize + DeserializeOwned,
                T::Insert: DeserializeOwned,
                T::Patch: DeserializeOwned,
                $(T::$tenant: DeserializeOwned,)?
            {
                let mut before: Option<Row> = None;
                for $row in world.remove(&$plan.name).unwrap_or_default().into_iter().rev() {
                    let $key = T::key_of(&read($row.clone().into()));
                    let patch = before.as_ref().map_or(Row::new().into(), |b| part(b, &$plan.patched));
                    let mut wanted = $row.clone();
                    wanted.extend(patch.as_object().unwrap().clone());
                    let found = T::update($db, $(&$plan.tenant::<T::$tenant>(&$row),)? &$key, read(patch)).await;
                    $plan.same(&shown(&found.unwrap().unwrap()), &wanted);
                    $more
                    let there = T::find_by_id($db, $(&$plan.tenant::<T::$tenant>(&$row),)? &$key).await.unwrap().unwrap();
                    let gone = T::delete_by_id($db, $(&$plan.tenant::<T::$tenant>(&$row),)? &$key).await.unwrap();
                    assert_eq!(gone.map(|gone| shown(&gone)), Some(shown(&there)), "{}", $plan.name);
                    let found = T::find_by_id($db, $(&$plan.tenant::<T::$tenant>(&$row),)? &$key).await;
                    assert!(found.unwrap().is_none());
                    before = Some($row);
                }
                if let Some(_row) = before {
                    assert_eq!(T::$count($db $(, &$plan.tenant::<T::$tenant>(&_row))?).await.unwrap(), 0);
                }
            }
        };
    }
    pub(crate) use flavour;
}
