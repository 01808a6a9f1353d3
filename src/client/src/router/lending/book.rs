//! The file in which all processes of a host write down what is left of their quotas.
//!
//! A transaction is a visit of one process, about once a second. Whoever is killed in one has changed nothing: the locks
//! are the system's, and the file is whole. What it says is worth nothing after a restart of the machine, so nothing waits
//! for a disk.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Weak},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use rusqlite::{Transaction, TransactionBehavior, params};

use super::{
    Borrower,
    lease::{AWAY, Asked, Lent, lend},
    ledger::{Among, HOLD, Moment, Row},
};
use crate::{
    database::{self, Failure, Form, Opened},
    desk::Keeper,
};

const FORM: Form = Form {
    what: "the shared limits",
    // `outl` in ASCII.
    application: 0x6f75_746c,
    version: 1,
    tables: "
        DROP TABLE IF EXISTS quotas;
        DROP TABLE IF EXISTS holders;
        CREATE TABLE quotas (name TEXT NOT NULL, kind INTEGER NOT NULL, level REAL NOT NULL, monotonic REAL NOT NULL,
            wall REAL NOT NULL, PRIMARY KEY (name, kind)) WITHOUT ROWID;
        CREATE TABLE holders (name TEXT NOT NULL, holder INTEGER NOT NULL, held REAL NOT NULL, seen REAL NOT NULL,
            PRIMARY KEY (name, holder)) WITHOUT ROWID;
    ",
    first: "SELECT level FROM quotas LIMIT 1",
    holds: "it decides what calls may go",
    busy: Duration::from_millis(250),
    settings: "PRAGMA synchronous = OFF; PRAGMA journal_size_limit = 1048576",
};
/// A lease is renewed when this part of its time is over.
const SOONER: f64 = 0.8;
/// Seconds after which a holder that did not ask is none any more.
const LATELY: f64 = 5.0;
/// Seconds after which nobody remembers a quota: it is full long since.
const FORGOTTEN: f64 = 86_400.0;

/// The file, and who is to be visited again.
pub(super) struct Book {
    path: PathBuf,
    opened: Option<Open>,
    due: HashMap<i64, (Instant, Weak<Borrower>)>,
    /// Said once, until it works again.
    complained: bool,
    /// Nothing is tried before, for this reason.
    out: Option<(Instant, String)>,
}

struct Open {
    database: rusqlite::Connection,
    /// Which file it is: one that was deleted is nobody else's any more.
    identity: Option<(u64, u64)>,
}

impl Book {
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            opened: None,
            due: HashMap::new(),
            complained: false,
            out: None,
        }
    }

    /// Opens the file, if that was not done.
    pub fn open(&mut self) -> Result<(), Failure> {
        if self.opened.is_none() {
            let opened = database::open(&self.path, &FORM)?;
            self.take(opened)?;
        }
        Ok(())
    }

    fn take(&mut self, opened: Opened) -> Result<(), Failure> {
        if let Some(set_aside) = opened.set_aside {
            tracing::warn!(target: "outcrop::cross_region", "{set_aside}");
        }
        let forgotten = now_by_the_wall() - FORGOTTEN;
        let database = opened.connection;
        database.execute("DELETE FROM quotas WHERE wall < ?1", [forgotten])?;
        self.opened = Some(Open {
            database,
            identity: identity(&self.path),
        });
        Ok(())
    }

    /// Lends to a holder of the quotas of that name.
    pub fn lend(
        &mut self,
        name: &str,
        holder: i64,
        asked: &Asked,
        now: Moment,
    ) -> Result<Lent, Failure> {
        if let Some((until, reason)) = &self.out
            && Instant::now() < *until
        {
            return Err(Failure::Held(reason.clone()));
        }
        let lent = self.opened_and_lent(name, holder, asked, now);
        self.out = None;
        match &lent {
            Ok(_) => self.complained = false,
            Err(failure) => {
                // Whatever it was, the next one begins with an open file. Whoever holds it now will hold it on.
                self.opened = None;
                self.out = Some((Instant::now() + AWAY, failure.to_string()));
            }
        }
        lent
    }

    fn opened_and_lent(
        &mut self,
        name: &str,
        holder: i64,
        asked: &Asked,
        now: Moment,
    ) -> Result<Lent, Failure> {
        if let Some(open) = &self.opened
            && open.identity != identity(&self.path)
        {
            self.opened = None;
        }
        self.open()?;
        match self.try_to_lend(name, holder, asked, now) {
            Err(failure) if failure.is_corrupt() => {
                self.opened = None;
                let opened = database::reopen(&self.path, &FORM, &failure)?;
                self.take(opened)?;
                self.try_to_lend(name, holder, asked, now)
            }
            lent => lent,
        }
    }

    fn try_to_lend(
        &mut self,
        name: &str,
        holder: i64,
        asked: &Asked,
        now: Moment,
    ) -> Result<Lent, Failure> {
        let Some(open) = &mut self.opened else {
            return Err(Failure::Held("it is closed".into()));
        };
        let change = open
            .database
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let among = note(&change, name, (holder, asked), now)?;
        let mut rows = read(&change, name)?;
        let lent = lend(&mut rows, &asked.asks, among, now);
        for (kind, row) in (0_i64..).zip(rows) {
            if let Some(row) = row {
                change
                    .prepare_cached(
                        "INSERT OR REPLACE INTO quotas (name, kind, level, monotonic, wall) VALUES (?1, ?2, ?3, ?4, ?5)",
                    )?
                    .execute(params![name, kind, row.level, row.at.monotonic, row.at.wall])?;
            }
        }
        change.commit()?;
        Ok(lent)
    }

    /// Somebody has leased something: he is visited again when that is over.
    pub fn remember(&mut self, holder: i64, borrower: &Arc<Borrower>) {
        if borrower.is_active() {
            let when = Instant::now() + Duration::from_secs_f64(HOLD * SOONER);
            self.due.insert(holder, (when, Arc::downgrade(borrower)));
        } else {
            self.due.remove(&holder);
        }
    }

    /// Says what is wrong, once.
    pub fn complain(&mut self, failure: &Failure, holders: u32) {
        if !std::mem::replace(&mut self.complained, true) {
            let part = match holders {
                0 | 1 => "its limits alone".to_owned(),
                several => format!("1/{several} of its limits"),
            };
            tracing::warn!(
                target: "outcrop::cross_region",
                "the limits in {} are not shared for now: {failure}; this process goes by {part}", self.path.display()
            );
        }
    }
}

impl Keeper for Book {
    fn close(&mut self) {
        self.opened = None;
    }

    fn due(&mut self) -> Option<Duration> {
        let now = Instant::now();
        let due = self.due.iter().filter(|(_, (when, _))| *when <= now);
        let due: Vec<i64> = due.map(|(holder, _)| *holder).collect();
        for holder in due {
            let borrower = self.due.remove(&holder).and_then(|it| it.1.upgrade());
            if let Some(borrower) = borrower {
                borrower.visit(self);
            }
        }
        let next = self.due.values().map(|(when, _)| *when).min();
        next.map(|next| next.saturating_duration_since(Instant::now()))
    }
}

/// Notes who asks, and tells how many did lately.
fn note(
    change: &Transaction<'_>,
    name: &str,
    (holder, asked): (i64, &Asked),
    now: Moment,
) -> Result<Among, Failure> {
    let (early, late) = (now.wall - LATELY, now.wall + LATELY);
    let (others, held, gone): (u32, f64, u32) = change
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE lately), total(held) FILTER (WHERE lately), count(*) FILTER (WHERE NOT lately)
             FROM (SELECT held, seen BETWEEN ?3 AND ?4 AS lately FROM holders WHERE name = ?1 AND holder <> ?2)",
        )?
        .query_row(params![name, holder, early, late], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    if asked.leaves {
        change
            .prepare_cached("DELETE FROM holders WHERE name = ?1 AND holder = ?2")?
            .execute(params![name, holder])?;
    } else {
        change
            .prepare_cached(
                "INSERT OR REPLACE INTO holders (name, holder, held, seen) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![name, holder, asked.held, now.wall])?;
    }
    if gone > 0 {
        change
            .prepare_cached("DELETE FROM holders WHERE name = ?1 AND seen NOT BETWEEN ?2 AND ?3")?
            .execute(params![name, early, late])?;
    }
    Ok(Among {
        holders: others + 1,
        held: held + asked.held,
        passed: asked.passed,
    })
}

fn read(change: &Transaction<'_>, name: &str) -> Result<[Option<Row>; 2], Failure> {
    let mut query = change.prepare_cached(
        "SELECT kind, level, monotonic, wall FROM quotas WHERE name = ?1 AND kind IN (0, 1)",
    )?;
    let mut found = query.query([name])?;
    let mut rows = [None; 2];
    while let Some(row) = found.next()? {
        let kind = usize::from(row.get::<_, u8>(0)?);
        let (level, monotonic, wall): (f64, f64, f64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        // What is no number was written by nobody of us.
        if let Some(place) = rows.get_mut(kind).filter(|_| level.is_finite()) {
            let at = Moment { monotonic, wall };
            *place = Some(Row { level, at });
        }
    }
    Ok(rows)
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;

    fs::metadata(path).ok().map(|it| (it.dev(), it.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().map(|_| (0, 0))
}

pub(super) fn now_by_the_wall() -> f64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0.0, |it| it.as_secs_f64())
}
