//! The audit of one server. It is written by the connection that writes everything, and read by one of its
//! own, so that a long search keeps nobody waiting.

use model::{
    Timestamp,
    audit::AuditRecord,
    session::{AS_SYSTEM, Level},
};
use rusqlite::{Connection, params_from_iter, types::Value};

use super::{Filter, Found, Sight, Stretch, folded};
use crate::{Error, db::Database};

/// How many records are dropped by one transaction.
const DROPPED_AT_ONCE: i64 = 500;

/// A table that is only added to.
#[derive(Clone)]
pub struct SqliteAudit {
    writes: Database,
    reads: Database,
}

impl SqliteAudit {
    /// Both are of the same file.
    pub fn new(writes: Database, reads: Database) -> Self {
        Self { writes, reads }
    }

    pub(super) async fn append(&self, records: Vec<AuditRecord>) -> Result<(), Error> {
        let writes = self.writes.clone();
        off_the_runtime(move || {
            let mut connection = writes.lock();
            let transaction = connection.transaction()?;
            for record in &records {
                insert(&transaction, record)?;
            }
            transaction.commit()?;
            Ok(())
        })
        .await
    }

    pub(super) async fn page(
        &self,
        filter: Filter,
        stretch: Stretch,
        limit: usize,
    ) -> Result<Found, Error> {
        let reads = self.reads.clone();
        off_the_runtime(move || page(&mut reads.lock(), &filter, &stretch, limit)).await
    }

    pub(super) async fn forget(&self, before: Timestamp) -> Result<(), Error> {
        loop {
            let (writes, before) = (self.writes.clone(), before.unix_millis());
            let dropped = off_the_runtime(move || Ok(forget(&writes.lock(), before)?)).await?;
            if dropped == 0 {
                return Ok(());
            }
        }
    }
}

async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(Error::internal)?
        .map_err(Error::internal)
}

/// What goes wrong with the table.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("an audit record cannot be read or written as JSON")]
    Json(#[from] serde_json::Error),
}

fn level(level: Level) -> &'static str {
    match level {
        Level::System => "system",
        Level::Tenant => "tenant",
        Level::S3 => "s3",
    }
}

fn insert(connection: &Connection, record: &AuditRecord) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO audit (at_ms, tenant, level, person, action, result, target, record)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    statement.execute(rusqlite::params![
        record.time.unix_millis(),
        record.tenant,
        record.level.map(level),
        record.person,
        record.action,
        record.result.as_str(),
        folded(&record.target.text()),
        serde_json::to_string(record)?,
    ])?;
    Ok(())
}

/// What stands behind `WHERE`, and its values.
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    fn of(filter: &Filter) -> Self {
        let mut all = Self {
            sql: "1".to_owned(),
            values: Vec::new(),
        };
        let text = |text: &str| Value::Text(text.to_owned());
        match &filter.sight {
            Sight::All => {}
            Sight::Tenant(tenant) => all.add("tenant = ?", text(tenant)),
            Sight::Own(own) => {
                all.add("level = ?", text(level(own.level)));
                all.add("person = ?", text(&own.name));
                if own.level == Level::S3 {
                    all.add("person = ? COLLATE BINARY", text(&own.name));
                }
                if let Some(tenant) = &own.tenant {
                    all.add("tenant = ?", text(tenant));
                }
            }
        }
        if let Some(from) = filter.from {
            all.add("at_ms >= ?", Value::Integer(from));
        }
        if let Some(to) = filter.to {
            all.add("at_ms < ?", Value::Integer(to));
        }
        if let Some(person) = &filter.person {
            all.add("person = ?", text(person));
        }
        if let Some(action) = &filter.action {
            all.add("action = ?", text(action));
        }
        if let Some(target) = &filter.target {
            all.add("instr(target, ?) > 0", text(&folded(target)));
        }
        if let Some(result) = filter.result {
            all.add("result = ?", text(result.as_str()));
        }
        match filter.tenant.as_deref() {
            Some(AS_SYSTEM) => all.sql.push_str(" AND tenant IS NULL"),
            Some(tenant) => all.add("tenant = ?", text(tenant)),
            None => {}
        }
        all
    }

    fn add(&mut self, condition: &str, value: Value) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.values.push(value);
    }
}

fn page(
    connection: &mut Connection,
    filter: &Filter,
    stretch: &Stretch,
    limit: usize,
) -> Result<Found, Fault> {
    // One view of the table, so that nothing comes in between.
    let transaction = connection.transaction()?;
    let newest: i64 =
        transaction.query_row("SELECT coalesce(max(id), 0) FROM audit", [], |row| {
            row.get(0)
        })?;
    let mut conditions = Conditions::of(filter);
    let order = match stretch {
        Stretch::Newest => "at_ms DESC, id DESC",
        Stretch::OlderThan(id) => {
            let id = Value::Integer(id.parse().unwrap_or(0));
            conditions.add(
                "(at_ms, id) < (SELECT at_ms, id FROM audit WHERE id = ?)",
                id,
            );
            "at_ms DESC, id DESC"
        }
        Stretch::NewerThan(id) => {
            conditions.add("id > ?", Value::Integer(id.parse().unwrap_or(0)));
            "id"
        }
    };
    // One more than wanted tells whether there are more.
    let (wanted, where_) = (limit.saturating_add(1), &conditions.sql);
    let sql =
        format!("SELECT id, record FROM audit WHERE {where_} ORDER BY {order} LIMIT {wanted}");
    let mut found = {
        let mut statement = transaction.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(conditions.values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, text): (i64, String) = (row.get(0)?, row.get(1)?);
            let record: AuditRecord = serde_json::from_str(&text)?;
            found.push((
                id,
                AuditRecord {
                    id: id.to_string(),
                    ..record
                },
            ));
        }
        found
    };
    transaction.commit()?;
    let more = found.len() > limit;
    found.truncate(limit);
    let mut known = newest;
    if matches!(stretch, Stretch::NewerThan(_)) {
        if more {
            known = found.iter().map(|(id, _)| *id).max().unwrap_or(newest);
        }
        found.sort_by_key(|(id, record)| std::cmp::Reverse((record.time, *id)));
    }
    Ok(Found {
        records: found.into_iter().map(|(_, record)| record).collect(),
        more,
        newest: known.to_string(),
    })
}

/// Drops some of what happened before a time; how many.
fn forget(connection: &Connection, before_ms: i64) -> Result<usize, rusqlite::Error> {
    connection
        .prepare_cached("UPDATE audit_end SET before_ms = max(before_ms, ?1)")?
        .execute([before_ms])?;
    connection
        .prepare_cached(
            "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at_ms < ?1 LIMIT ?2)",
        )?
        .execute(rusqlite::params![before_ms, DROPPED_AT_ONCE])
}

#[cfg(test)]
mod tests {
    use model::{
        audit::{AuditResult, AuditTarget},
        session::AS_SYSTEM,
    };
    use proptest::{prelude::*, sample::select};

    use super::{super::Person, *};

    /// A record of few possible values, so that filters meet some.
    fn record(at_ms: i64, pick: [usize; 6]) -> AuditRecord {
        let of = |list: &[Option<&str>], at: usize| list[at % list.len()].map(str::to_owned);
        let levels = [
            Some(Level::Tenant),
            Some(Level::System),
            Some(Level::S3),
            None,
        ];
        AuditRecord {
            id: String::new(),
            time: Timestamp::from_unix_millis(at_ms).unwrap(),
            request_id: format!("r-{at_ms}"),
            level: levels[pick[0] % levels.len()],
            tenant: of(&[Some("demo"), Some("Other"), None], pick[1]),
            person: of(&[Some("ann"), Some("Ann"), Some("bob"), None], pick[2]),
            action: ["object.delete", "user.create"][pick[3] % 2].to_owned(),
            target: AuditTarget {
                bucket: of(&[Some("scans"), Some("b%_")], pick[4]),
                key: of(&[Some("A/Ö"), None], pick[4] / 2),
                ..AuditTarget::default()
            },
            method: "POST".to_owned(),
            route: "/".to_owned(),
            result: AuditResult::ALL[pick[5] % 3],
            status: 200,
            code: None,
            address: None,
            duration_ms: 1,
            fields: vec!["password".to_owned()],
            job: None,
            job_kind: None,
            failures: None,
            reason: None,
        }
    }

    fn world(folder: &tempfile::TempDir) -> SqliteAudit {
        let file = folder.path().join("server.sqlite");
        SqliteAudit::new(
            Database::open(&file).unwrap(),
            Database::open(&file).unwrap(),
        )
    }

    fn own(level: Level, tenant: Option<&str>, name: &str) -> Sight {
        Sight::Own(Person {
            level,
            tenant: tenant.map(str::to_owned),
            name: name.to_owned(),
        })
    }

    fn sights() -> Vec<Sight> {
        vec![
            Sight::All,
            Sight::Tenant("DEMO".to_owned()),
            own(Level::Tenant, Some("demo"), "ANN"),
            own(Level::System, None, "ann"),
            own(Level::S3, None, "Ann"),
        ]
    }

    fn filter() -> impl Strategy<Value = Filter> {
        let texts = |list: &[&'static str]| {
            let list: Vec<Option<String>> = list.iter().map(|t| Some((*t).to_owned())).collect();
            proptest::option::weighted(0.4, select(list)).prop_map(Option::flatten)
        };
        let time = || proptest::option::weighted(0.3, 0..20_i64);
        (
            select(sights()),
            (time(), time()),
            texts(&["ann", "BOB", "nobody"]),
            texts(&["object.delete", "other"]),
            texts(&["a/ö", "%", "CAN", "_"]),
            proptest::option::weighted(0.3, select(AuditResult::ALL.to_vec())),
            texts(&["demo", AS_SYSTEM, "other"]),
        )
            .prop_map(
                |(sight, (from, to), person, action, target, result, tenant)| Filter {
                    sight,
                    from,
                    to,
                    person,
                    action,
                    target,
                    result,
                    tenant,
                },
            )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_filter_finds_what_going_through_all_finds(
            picks in proptest::collection::vec((0..20_i64, any::<[u8; 6]>()), 0..60),
            filter in filter(),
            limit in 1..9_usize,
        ) {
            let folder = tempfile::tempdir().unwrap();
            let audit = world(&folder);
            let mut all: Vec<_> = picks
                .iter()
                .map(|(at, pick)| record(*at, pick.map(usize::from)))
                .collect();
            for (id, record) in (1..).zip(&mut all) {
                insert(&audit.writes.lock(), record).unwrap();
                record.id = i32::to_string(&id);
            }
            let mut expected: Vec<_> = all.iter().filter(|one| filter.passes(one)).cloned().collect();
            expected.sort_by_key(|one| std::cmp::Reverse((one.time, one.id.parse::<i64>().unwrap())));

            let read = |stretch: Stretch| page(&mut audit.reads.lock(), &filter, &stretch, limit).unwrap();
            let (mut found, mut stretch) = (Vec::new(), Stretch::Newest);
            loop {
                let page = read(stretch);
                found.extend(page.records);
                match found.last() {
                    Some(last) if page.more => stretch = Stretch::OlderThan(last.id.clone()),
                    _ => break,
                }
            }
            prop_assert_eq!(&found, &expected);

            // Following from the beginning meets each once, too.
            let (mut met, mut known) = (Vec::new(), "0".to_owned());
            loop {
                let page = read(Stretch::NewerThan(known));
                let ended = page.records.is_empty();
                known = page.newest;
                met.extend(page.records);
                if ended {
                    break;
                }
            }
            met.sort_by_key(|one| std::cmp::Reverse((one.time, one.id.parse::<i64>().unwrap())));
            prop_assert_eq!(&met, &expected);
            prop_assert_eq!(known, all.len().to_string());
        }
    }

    #[tokio::test]
    async fn records_are_neither_changed_nor_deleted_but_when_they_are_too_old() {
        let folder = tempfile::tempdir().unwrap();
        let audit = world(&folder);
        let records = [1, 2, 3].map(|at| record(at, [0; 6])).to_vec();
        audit.append(records).await.unwrap();
        for sql in [
            "UPDATE audit SET person = 'somebody else'",
            "UPDATE audit SET at_ms = 0 WHERE at_ms = 1",
            "UPDATE audit SET record = '{}'",
            "DELETE FROM audit",
            "DELETE FROM audit WHERE at_ms = 1",
            "INSERT INTO audit (at_ms, action, result, target, record) VALUES (4, '', 'odd', '', '{}')",
        ] {
            assert!(audit.writes.lock().execute(sql, []).is_err(), "{sql}");
        }
        let times = async || -> Vec<i64> {
            let filter = Filter::all(Sight::All);
            let found = audit.page(filter, Stretch::Newest, 10).await.unwrap();
            found.records.iter().map(|r| r.time.unix_millis()).collect()
        };
        assert_eq!(times().await, [3, 2, 1]);
        audit
            .forget(Timestamp::from_unix_millis(2).unwrap())
            .await
            .unwrap();
        assert_eq!(times().await, [3, 2]);
        // What was allowed to go once does not come closer by itself.
        let deleted = audit.writes.lock().execute("DELETE FROM audit", []);
        assert!(deleted.is_err());
        assert_eq!(times().await, [3, 2]);
    }
}
