//! One quota for all processes of a host: each leases about a second's worth of its own use, and spends that in memory.
//!
//! [`ledger`] says how much there is to lend, [`lease`] what a process does with it, [`book`] where it is written down.
//! `docs/dev/shared_limits.md` tells why it is as it is.

mod book;
mod lease;
mod ledger;

use std::{
    collections::HashMap,
    convert::Infallible,
    fmt::Write,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak, mpsc::sync_channel},
    time::{Duration, Instant},
};

use self::{
    book::{Book, now_by_the_wall},
    lease::Lease,
    ledger::Moment,
};
use super::{clock::Clock, queue::Queue};
use crate::{account::Account, database::Failure, desk::Desk, identity::Who, process::EachProcess};

/// How long a call that finds no lease waits on the spot, once for each lease at most.
const PROMPT: Duration = Duration::from_millis(3);

/// On whose quotas a target draws, in words that all processes of a host have in common.
#[derive(Clone, Debug)]
pub struct Drawn {
    account: Account,
    /// What stands for the account for as long as nobody knows its id; no secret.
    caller: String,
    /// The source Region, and its endpoint if the user named one.
    place: String,
    /// The time that leases go by.
    clock: Clock,
}

impl Drawn {
    /// Those of an account, called through an endpoint in a Region, by a clock. `caller` stands for the account while its
    /// id is not known.
    #[must_use]
    pub fn new(
        (account, caller): (Account, &str),
        (region, url): (&str, Option<&str>),
        clock: Clock,
    ) -> Self {
        // A URL may have a password in it.
        let place = url.map_or_else(
            || region.to_owned(),
            |url| format!("{region} {}", hexadecimal(&Who::named(url))),
        );
        Self {
            account,
            caller: caller.to_owned(),
            place,
            clock,
        }
    }

    /// The same for an account that a call brings.
    pub(super) fn of_tenant(&self, who: Who, account: &Account) -> Self {
        Self {
            account: account.clone(),
            caller: hexadecimal(&who),
            ..self.clone()
        }
    }
}

fn hexadecimal(who: &Who) -> String {
    who.bytes()[..16]
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Sees that the file can be used. What is no matter of the moment is an error; the rest is said when it is met.
pub fn check(path: &Path) -> Result<(), String> {
    let opened = Lender::of(path).desk.wait_for(Book::open);
    match opened {
        Ok(Err(Failure::Refused(reason))) => Err(reason),
        _ => Ok(()),
    }
}

/// The thread that keeps a file.
#[derive(Debug)]
struct Lender {
    path: PathBuf,
    desk: Desk<Book>,
}

impl Lender {
    /// The one of this process.
    fn of(path: &Path) -> Arc<Self> {
        type Known = Mutex<HashMap<PathBuf, Weak<Lender>>>;
        static KNOWN: EachProcess<Known> = EachProcess::new();

        let Ok(known) = KNOWN.get(|| Ok::<_, Infallible>(Mutex::default()));
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lender) = known.get(path).and_then(Weak::upgrade) {
            return lender;
        }
        // Where there is no thread nobody answers, and each process goes by itself.
        let (desk, _) = Desk::start("outcrop-limits", Book::new(path.to_owned()));
        let lender = Arc::new(Self {
            path: path.to_owned(),
            desk,
        });
        known.retain(|_, it| it.strong_count() > 0);
        known.insert(path.to_owned(), Arc::downgrade(&lender));
        lender
    }
}

/// Whoever leases: the limiter of one quota in one process.
#[derive(Debug)]
pub(super) struct Borrower {
    lease: Mutex<Lease>,
    queue: Arc<Queue>,
    drawn: Drawn,
    quota: String,
    holder: i64,
    lender: Arc<Lender>,
}

impl Borrower {
    /// One that leases of what is called `quota`.
    pub fn new(path: &Path, drawn: Drawn, quota: &str, queue: Arc<Queue>) -> Arc<Self> {
        let mut holder = [0; 8];
        // Forked children would draw the same numbers from a generator of the process's own.
        if getrandom::fill(&mut holder).is_err() {
            holder = u64::from(std::process::id()).to_be_bytes();
        }
        Arc::new(Self {
            lease: Mutex::default(),
            queue,
            drawn,
            quota: quota.to_owned(),
            holder: i64::from_be_bytes(holder),
            lender: Lender::of(path),
        })
    }

    fn lease(&self) -> MutexGuard<'_, Lease> {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the quotas are known by in the file.
    fn name(&self) -> String {
        let Drawn { caller, place, .. } = &self.drawn;
        let whose = self.drawn.account.id().map_or_else(
            || format!("caller {caller}"),
            |account| format!("account {account}"),
        );
        format!("{whose} {place} {}", self.quota)
    }

    pub fn set_quotas(&self, quotas: [Option<f64>; 2]) {
        self.lease().set_quotas(quotas);
    }

    /// Takes room for a call; when it is worth another try, where there is none.
    pub fn take(self: &Arc<Self>, tokens: f64, now: Instant) -> Option<Duration> {
        let mut lease = self.lease();
        if !lease.counts() {
            return None;
        }
        let tried = lease.take(tokens, now);
        drop(lease);
        if !tried.ask {
            return tried.after;
        }
        if tried.after.is_none() {
            self.ask();
            return None;
        }
        // A visit takes some hundred microseconds. Whoever went on at once would be sent to the next target, although there
        // is room in this one.
        let this = Arc::clone(self);
        let (done, is_done) = sync_channel(1);
        self.lender.desk.send(move |book| {
            this.visit(book);
            let _ = done.send(());
        });
        match is_done.recv_timeout(PROMPT) {
            Ok(()) => {
                let again = self.lease().take(tokens, now);
                // Another call took what was lent.
                if again.ask {
                    self.ask();
                }
                again.after
            }
            Err(_) => tried.after,
        }
    }

    fn ask(self: &Arc<Self>) {
        let this = Arc::clone(self);
        self.lender.desk.send(move |book| this.visit(book));
    }

    pub fn release(&self, reserved: f64, used: Option<f64>, unsent: bool) {
        self.lease().release(reserved, used, unsent);
    }

    /// What is left of tokens and requests, and of how much a minute.
    pub fn load(&self) -> [Option<(f64, f64)>; 2] {
        self.lease().load()
    }

    /// Who shares, in words.
    pub fn told(&self) -> String {
        let lease = self.lease();
        let (holders, alone) = lease.told();
        let path = self.lender.path.display();
        match (alone, holders) {
            (Some(reason), 0 | 1) => format!("{path} is not used for now: {reason}"),
            (Some(reason), _) => {
                format!("{path} is not used for now: {reason}; 1/{holders} is this process's")
            }
            (None, 0) => format!("{path}, not asked yet"),
            (None, 1) => format!("{path}, by this process alone"),
            (None, _) => format!("{path}, by {holders} processes"),
        }
    }

    fn is_active(&self) -> bool {
        self.lease().is_active()
    }

    /// Gives back and leases, on the thread that has the file.
    fn visit(self: &Arc<Self>, book: &mut Book) {
        let now = self.drawn.clock.now();
        let asked = self.lease().collect(now);
        let lent = book.lend(&self.name(), self.holder, &asked, moment(now));
        let mut lease = self.lease();
        match &lent {
            Ok(lent) => lease.deposit(lent, now),
            Err(failure) => {
                lease.miss(&asked, &failure.to_string(), now);
                book.complain(failure, lease.told().0);
            }
        }
        drop(lease);
        book.remember(self.holder, self);
        self.queue.wake();
    }
}

/// A moment by the clocks that all processes have in common. A test's clock that was moved on moves both.
fn moment(now: Instant) -> Moment {
    let real = Instant::now();
    let moved = now.saturating_duration_since(real).as_secs_f64()
        - real.saturating_duration_since(now).as_secs_f64();
    Moment {
        monotonic: monotonic() + moved,
        wall: now_by_the_wall() + moved,
    }
}

/// Seconds since the machine was started, or something like it.
#[cfg(unix)]
fn monotonic() -> f64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: The structure is there, and of the type that the call fills.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    #[expect(clippy::cast_precision_loss, reason = "no machine runs that long")]
    let seconds = time.tv_sec as f64 + time.tv_nsec as f64 / 1e9;
    seconds
}

/// There the wall's clock is the only one that processes have in common.
#[cfg(not(unix))]
fn monotonic() -> f64 {
    now_by_the_wall()
}

#[cfg(test)]
mod tests;
