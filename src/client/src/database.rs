//! Files of `SQLite`'s that several processes use at once, each for its owner alone to read.
//!
//! All of this blocks. A file that cannot be read is set aside and made anew: it holds nothing that cannot be had again.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior};

/// What a file is.
#[derive(Debug)]
pub(crate) struct Form {
    /// What it is called in a sentence.
    pub what: &'static str,
    /// Whose file it is, by the place that `SQLite` has for that.
    pub application: i32,
    /// Of the tables and of the rows in them.
    pub version: i32,
    /// What makes the tables, whatever was there.
    pub tables: &'static str,
    /// A query that shows that there are tables to be read, and both ends of the file.
    pub first: &'static str,
    /// Why only its owner may read it.
    pub holds: &'static str,
    /// How long another process may hold the file.
    pub busy: Duration,
    /// What is said to each connection.
    pub settings: &'static str,
}

/// A file, open.
#[derive(Debug)]
pub(crate) struct Opened {
    pub connection: Connection,
    /// What there is to say where another was set aside for it.
    pub set_aside: Option<String>,
}

/// Why there is no store.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The file is not ours, or cannot be.
    Refused(String),
    /// Another process has it for now.
    Held(String),
    /// What `SQLite` says.
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Failure {
    /// Whether the file is broken.
    pub fn is_corrupt(&self) -> bool {
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
            Self::Refused(reason) | Self::Held(reason) => formatter.write_str(reason),
            Self::Sqlite(error) => error.fmt(formatter),
        }
    }
}

/// Opens the file, or makes it. One that is broken is set aside first, by one process at a time, so that none sets aside
/// what another has just made.
pub(crate) fn open(path: &Path, form: &Form) -> Result<Opened, Failure> {
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
    let _lock = locked(path, form.busy)?;
    make(path).map_err(refused)?;
    match connect(path, form) {
        Err(failure) if failure.is_corrupt() => {
            set_aside(path).map_err(refused)?;
            make(path).map_err(refused)?;
            Ok(Opened {
                connection: connect(path, form)?,
                set_aside: Some(said(path, form, "cannot be read", &failure)),
            })
        }
        connected => Ok(Opened {
            connection: connected?,
            set_aside: None,
        }),
    }
}

/// Opens a file again that turned out to be broken. Its head may be well while its pages are not, so it is looked at whole.
pub(crate) fn reopen(path: &Path, form: &Form, failure: &Failure) -> Result<Opened, Failure> {
    let opened = open(path, form)?;
    let check = "PRAGMA quick_check(1)";
    let verdict = opened
        .connection
        .query_row(check, [], |row| row.get::<_, String>(0));
    if verdict.is_ok_and(|it| it == "ok") {
        return Ok(opened);
    }
    drop(opened);
    let refused = |error: io::Error| Failure::Refused(error.to_string());
    let lock = locked(path, form.busy)?;
    set_aside(path).map_err(refused)?;
    drop(lock);
    Ok(Opened {
        set_aside: Some(said(path, form, "is damaged", failure)),
        ..open(path, form)?
    })
}

fn said(path: &Path, form: &Form, state: &str, failure: &Failure) -> String {
    format!(
        "{} {} {state} ({failure}): it was set aside as {} and is built anew",
        form.what,
        path.display(),
        beside(path, ".corrupt").display()
    )
}

fn connect(path: &Path, form: &Form) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(form.busy)?;
    let number = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0));
    let (application, version): (i32, i32) = (number("application_id")?, number("user_version")?);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != form.application && (application != 0 || tables != 0) {
        return Err(Failure::Refused(
            "it is a database of another program: name another file".into(),
        ));
    }
    check_mode(path, form.holds)?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch(form.settings)?;
    if application != form.application || version != form.version {
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        change.execute_batch(form.tables)?;
        change.execute_batch(&format!(
            "PRAGMA application_id = {}; PRAGMA user_version = {}",
            form.application, form.version
        ))?;
        change.commit()?;
    }
    connection
        .query_row(form.first, [], |_| Ok(()))
        .optional()?;
    Ok(connection)
}

/// Holds the lock that lies beside the file. Another process may have it no longer than it may have the file itself.
fn locked(path: &Path, busy: Duration) -> Result<File, Failure> {
    let path = beside(path, ".lock");
    let refused = |error: io::Error| Failure::Refused(error.to_string());
    let file = private(&path).map_err(refused)?;
    let deadline = Instant::now() + busy;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(refused(error)),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                thread::sleep(Duration::from_millis(5));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::Held(format!(
                    "another process has held {} for {} s: end it, or name another file",
                    path.display(),
                    busy.as_secs_f64()
                )));
            }
        }
    }
}

/// What is this user's is not written where another can read it, nor is another's taken for it.
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
fn check_mode(path: &Path, holds: &str) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt;

    let refused = |error: io::Error| Failure::Refused(error.to_string());
    let mode = fs::metadata(path).map_err(refused)?.mode() & 0o777;
    if mode.trailing_zeros() >= 6 {
        return Ok(());
    }
    Err(Failure::Refused(format!(
        "others than its owner may use it, and {holds} (its mode is {mode:04o}): chmod 600 it, or name \
         another file"
    )))
}

#[cfg(not(unix))]
fn check_owner(_: &Path) -> Result<(), Failure> {
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(_: &Path, _: &str) -> Result<(), Failure> {
    Ok(())
}

/// Opens a file that only its owner can read; makes it if it is not there.
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
