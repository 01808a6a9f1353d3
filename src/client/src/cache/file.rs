//! Answers in a file of `SQLite`'s, which several processes may use at once.
//!
//! All of this blocks; [`super::disk`] keeps a thread for it. A file that cannot be read is set aside and made anew: it
//! holds nothing that cannot be asked for again.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::{Key, entry::Entry};
use crate::database::{self, Failure, Form, Opened};

/// What the file is.
const FORM: Form = Form {
    what: "the cache",
    // `outc` in ASCII.
    application: 0x6f75_7463,
    version: 1,
    tables: TABLES,
    first: "SELECT rowid FROM answers ORDER BY rowid DESC LIMIT 1",
    holds: "it holds answers",
    busy: Duration::from_secs(5),
    // The last answers may be lost when the machine loses power; the file stays whole.
    settings: "PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304",
};

const TABLES: &str = "
    DROP TABLE IF EXISTS answers;
    CREATE TABLE answers (key BLOB PRIMARY KEY NOT NULL, stored INTEGER NOT NULL, expires INTEGER, answer BLOB NOT NULL);
    CREATE INDEX answers_by_age ON answers (stored);
    CREATE INDEX answers_by_end ON answers (expires) WHERE expires IS NOT NULL;
";

/// The file, open.
pub(super) struct Store {
    path: PathBuf,
    most: u64,
    connection: Connection,
}

impl Store {
    /// Opens the file, or makes it.
    pub fn open(path: &Path, most: u64) -> Result<Self, Failure> {
        Ok(Self::of(path, most, database::open(path, &FORM)?))
    }

    fn of(path: &Path, most: u64, opened: Opened) -> Self {
        if let Some(set_aside) = opened.set_aside {
            tracing::warn!(target: "outcrop::cache", "{set_aside}");
        }
        Self {
            path: path.to_owned(),
            most,
            connection: opened.connection,
        }
    }

    /// The first of these keys that has an answer not older than `longest`, in milliseconds.
    pub fn find(
        &mut self,
        keys: &[Key],
        now: u64,
        longest: Option<u64>,
    ) -> Result<Option<(Key, Entry)>, Failure> {
        self.mended(|store| {
            for key in keys {
                if let Some(entry) = store.read(key)?
                    && is_fresh(&entry, now, longest)
                {
                    return Ok(Some((*key, entry)));
                }
            }
            Ok(None)
        })
    }

    /// Keeps an answer. The oldest make room, and those whose time is over.
    pub fn store(
        &mut self,
        key: &Key,
        entry: &Entry,
        now: u64,
        expires: Option<u64>,
    ) -> Result<(), Failure> {
        let row = entry.encode(key);
        self.mended(|store| {
            let most = store.most;
            let change = store
                .connection
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            change.execute("DELETE FROM answers WHERE expires <= ?1", [signed(now)])?;
            change.execute("DELETE FROM answers WHERE key = ?1", [&key[..]])?;
            // Every row may begin and end inside a page, and its index takes a little.
            let room = row.len() as u64 + 4 * 4096;
            while used(&change)? + room > most {
                let oldest = "DELETE FROM answers WHERE rowid = (SELECT rowid FROM answers ORDER BY stored LIMIT 1)";
                if change.execute(oldest, [])? == 0 {
                    // Alone it is too large.
                    return Ok(change.commit()?);
                }
            }
            change.execute(
                "INSERT INTO answers (key, stored, expires, answer) VALUES (?1, ?2, ?3, ?4)",
                params![&key[..], signed(entry.stored), expires.map(signed), row],
            )?;
            Ok(change.commit()?)
        })
    }

    /// Forgets everything; what is gone cannot be read in the file either.
    pub fn clear(&mut self) -> Result<(), Failure> {
        self.mended(|store| {
            store.connection.execute("DELETE FROM answers", [])?;
            // Another process that reads just now may be in its way; then the next one does it.
            let _ = store
                .connection
                .execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
            Ok(())
        })
    }

    /// How many answers there are, and how many bytes of the file are in use.
    pub fn usage(&mut self) -> Result<(u64, u64), Failure> {
        self.mended(|store| {
            let count: i64 =
                store
                    .connection
                    .query_row("SELECT count(*) FROM answers", [], |row| row.get(0))?;
            Ok((count.unsigned_abs(), used(&store.connection)?))
        })
    }

    fn read(&mut self, key: &Key) -> Result<Option<Entry>, Failure> {
        let found: Option<(i64, Vec<u8>)> = self
            .connection
            .prepare("SELECT stored, answer FROM answers WHERE key = ?1")?
            .query_row([&key[..]], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((stored, row)) = found else {
            return Ok(None);
        };
        let entry = Entry::decode(key, stored.unsigned_abs(), row);
        if entry.is_none() {
            tracing::warn!(
                target: "outcrop::cache",
                "an answer in the cache {} was damaged: it is asked for again", self.path.display()
            );
            self.connection
                .execute("DELETE FROM answers WHERE key = ?1", [&key[..]])?;
        }
        Ok(entry)
    }

    /// Does it, and does it again with another file if this one turns out to be broken.
    fn mended<T>(&mut self, work: impl Fn(&mut Self) -> Result<T, Failure>) -> Result<T, Failure> {
        match work(self) {
            Err(failure) if failure.is_corrupt() => {
                // Closed first: on its end, `SQLite` removes the journals that lie beside its file by name.
                drop(std::mem::replace(
                    &mut self.connection,
                    Connection::open_in_memory()?,
                ));
                let opened = database::reopen(&self.path, &FORM, &failure)?;
                *self = Self::of(&self.path, self.most, opened);
                work(self)
            }
            done => done,
        }
    }
}

/// Whether an answer may still be given; one from the future was stored by a clock that was wrong.
pub(super) fn is_fresh(entry: &Entry, now: u64, longest: Option<u64>) -> bool {
    longest.is_none_or(|longest| now.abs_diff(entry.stored) < longest)
}

/// The bytes of the file that hold something.
fn used(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |name: &str| {
        connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0))
    };
    let pages = number("page_count")? - number("freelist_count")?;
    Ok((pages * number("page_size")?).unsigned_abs())
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
