//! Answers in a file of `SQLite`'s, which several processes may use at once.
//!
//! All of this blocks; [`super::disk`] keeps a thread for it. A file that cannot be read is set aside and made anew: it
//! holds nothing that cannot be asked for again.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior, params};

use super::{Key, entry::Entry};

/// `outc` in ASCII: whose file it is, by the place that `SQLite` has for that.
const APPLICATION: i32 = 0x6f75_7463;
/// Of the tables below and of the rows in them.
const VERSION: i32 = 1;
/// How long another process may hold the file.
const BUSY: Duration = Duration::from_secs(5);

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

/// Why there is no store.
#[derive(Debug)]
pub(super) enum Failure {
    /// The file is not ours, or cannot be.
    Refused(String),
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Failure {
    fn is_corrupt(&self) -> bool {
        matches!(
            self,
            Self::Sqlite(rusqlite::Error::SqliteFailure(error, _))
                if matches!(error.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        )
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(reason) => formatter.write_str(reason),
            Self::Sqlite(error) => error.fmt(formatter),
        }
    }
}

impl Store {
    /// Opens the file, or makes it. One that is broken is set aside first, by one process at a time, so that none sets
    /// aside what another has just made.
    pub fn open(path: &Path, most: u64) -> Result<Self, Failure> {
        let refused = |error: io::Error| Failure::Refused(error.to_string());
        if let Ok(found) = fs::metadata(path)
            && !found.is_file()
        {
            let reason = if found.is_dir() {
                "it is a folder: name a file in it"
            } else {
                "it is a device or a pipe: name a plain file"
            };
            return Err(Failure::Refused(reason.into()));
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(refused)?;
        }
        if path.exists() {
            check_owner(path)?;
        }
        let _lock = locked(path)?;
        make(path).map_err(refused)?;
        let connection = match connect(path) {
            Err(failure) if failure.is_corrupt() => {
                set_aside(path).map_err(refused)?;
                tracing::warn!(
                    target: "outcrop::cache",
                    "the cache {} cannot be read ({failure}): it was set aside as {} and is built anew",
                    path.display(), beside(path, ".corrupt").display()
                );
                make(path).map_err(refused)?;
                connect(path)?
            }
            connected => connected?,
        };
        Ok(Self {
            path: path.to_owned(),
            most,
            connection,
        })
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
                *self = Self::reopen(&self.path, self.most, &failure)?;
                work(self)
            }
            done => done,
        }
    }

    /// The head of the file may be well while its pages are not, so it is looked at whole.
    fn reopen(path: &Path, most: u64, failure: &Failure) -> Result<Self, Failure> {
        let store = Self::open(path, most)?;
        let check = "PRAGMA quick_check(1)";
        let verdict = store
            .connection
            .query_row(check, [], |row| row.get::<_, String>(0));
        if verdict.is_ok_and(|it| it == "ok") {
            return Ok(store);
        }
        drop(store);
        let refused = |error: io::Error| Failure::Refused(error.to_string());
        let lock = locked(path)?;
        set_aside(path).map_err(refused)?;
        drop(lock);
        tracing::warn!(
            target: "outcrop::cache",
            "the cache {} is damaged ({failure}): it was set aside as {} and is built anew",
            path.display(), beside(path, ".corrupt").display()
        );
        Self::open(path, most)
    }
}

/// Whether an answer may still be given; one from the future was stored by a clock that was wrong.
pub(super) fn is_fresh(entry: &Entry, now: u64, longest: Option<u64>) -> bool {
    longest.is_none_or(|longest| now.abs_diff(entry.stored) < longest)
}

fn connect(path: &Path) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    let number = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0));
    let (application, version): (i32, i32) = (number("application_id")?, number("user_version")?);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION && (application != 0 || tables != 0) {
        return Err(Failure::Refused(
            "it is a database of another program: name another file".into(),
        ));
    }
    check_mode(path)?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    // The last answers may be lost when the machine loses power; the file stays whole.
    connection.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304")?;
    if application != APPLICATION || version != VERSION {
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        change.execute_batch(TABLES)?;
        change.execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}"
        ))?;
        change.commit()?;
    }
    // Both ends of the file are there, and the table can be read.
    connection
        .query_row(
            "SELECT rowid FROM answers ORDER BY rowid DESC LIMIT 1",
            [],
            |_| Ok(()),
        )
        .optional()?;
    Ok(connection)
}

/// The bytes of the file that hold something.
fn used(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |name: &str| {
        connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0))
    };
    let pages = number("page_count")? - number("freelist_count")?;
    Ok((pages * number("page_size")?).unsigned_abs())
}

/// Holds the lock that lies beside the file. Another process may have it no longer than it may have the file itself.
fn locked(path: &Path) -> Result<File, Failure> {
    let path = beside(path, ".lock");
    let refused = |error: io::Error| Failure::Refused(error.to_string());
    let file = private(&path).map_err(refused)?;
    let deadline = Instant::now() + BUSY;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(refused(error)),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                thread::sleep(Duration::from_millis(5));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::Refused(format!(
                    "another process has held {} for {} s: end it, or name another file",
                    path.display(),
                    BUSY.as_secs()
                )));
            }
        }
    }
}

/// Answers of this user are not written where another can read them, nor are another's taken for them.
#[cfg(unix)]
fn check_owner(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt;

    let refused = |error: io::Error| Failure::Refused(error.to_string());
    let owner = fs::metadata(path).map_err(refused)?.uid();
    let own = rustix::process::geteuid().as_raw();
    if owner == own {
        return Ok(());
    }
    Err(Failure::Refused(format!(
        "it belongs to the user {owner}, and this process runs as {own}: name a file of your own"
    )))
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt;

    let refused = |error: io::Error| Failure::Refused(error.to_string());
    let mode = fs::metadata(path).map_err(refused)?.mode() & 0o777;
    if mode.trailing_zeros() >= 6 {
        return Ok(());
    }
    Err(Failure::Refused(format!(
        "others than its owner may use it, and it holds answers (its mode is {mode:04o}): chmod 600 it, or name \
         another file"
    )))
}

#[cfg(not(unix))]
fn check_owner(_: &Path) -> Result<(), Failure> {
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<(), Failure> {
    Ok(())
}

/// Opens a file that only its owner can read, since it holds answers; makes it if it is not there.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the file, if it is not there. One that is there is not touched: closing any handle of a file takes away the
/// locks that `SQLite` holds on it in this process.
fn make(path: &Path) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    private(path).map(drop)
}

fn set_aside(path: &Path) -> io::Result<()> {
    for journal in ["-wal", "-shm"] {
        match fs::remove_file(beside(path, journal)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(path, beside(path, ".corrupt"))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
