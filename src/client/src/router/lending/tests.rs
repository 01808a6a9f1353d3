//! Processes that share a file, played by a clock that is moved: each has its own handle of the file.

use std::{fs, os::unix::fs::PermissionsExt};

use proptest::prelude::*;

use super::{super::clock::HeldClock, book::Book, *};

/// A folder of one test's.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let mut name = [0; 8];
        getrandom::fill(&mut name).expect("there are random numbers");
        let name = format!("outcrop-limits-{:x}", u64::from_be_bytes(name));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).expect("there is a folder for tests");
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("limits.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A process, or a router in one.
struct Worker {
    book: Book,
    borrower: Arc<Borrower>,
    clock: HeldClock,
}

impl Worker {
    fn new(path: &Path, clock: &HeldClock, account: Option<&str>, requests: f64) -> Self {
        let account = Account::of(account.map(str::to_owned));
        let clock_of = Clock::of(Arc::new(clock.clone()));
        let drawn = Drawn::new((account, "someone"), ("us-east-1", None), clock_of);
        let borrower = Borrower::new(path, drawn, "L-1", Arc::default());
        borrower.set_quotas([None, Some(requests)]);
        Self {
            book: Book::new(path.to_owned()),
            borrower,
            clock: clock.clone(),
        }
    }

    /// Makes a call if there is room, or else is told when to come again.
    fn call(&mut self) -> Option<Duration> {
        let now = crate::router::clock::Time::now(&self.clock);
        let tried = self.borrower.lease().take(0.0, now);
        if !tried.ask {
            return tried.after;
        }
        self.borrower.visit(&mut self.book);
        match tried.after {
            None => None,
            Some(_) => self.borrower.lease().take(0.0, now).after,
        }
    }

    /// As many calls as there is room for.
    fn calls(&mut self, most: u32) -> u32 {
        (0..most)
            .take_while(|_| self.call().is_none())
            .count()
            .try_into()
            .expect("few")
    }
}

#[test]
fn processes_of_one_account_share_and_others_do_not() {
    let (folder, clock) = (Folder::new(), HeldClock::default());
    let path = folder.file();
    let of = |account| Worker::new(&path, &clock, account, 60.0);
    let (mut one, mut other) = (of(Some("111111111111")), of(Some("111111111111")));
    let mut stranger = of(Some("222222222222"));
    let (mut unknown, mut like) = (of(None), of(None));
    assert_eq!(one.calls(9), 1);
    assert_eq!(other.calls(9), 0);
    assert_eq!(stranger.calls(9), 1);
    assert_eq!((unknown.calls(9), like.calls(9)), (1, 0));
    clock.0.advance(Duration::from_millis(1100));
    assert_eq!((other.calls(9), one.calls(9)), (1, 0));
    assert!(
        one.borrower.told().ends_with("limits.db, by 2 processes"),
        "{}",
        one.borrower.told()
    );
    assert_eq!(
        fs::metadata(&path)
            .expect("it is there")
            .permissions()
            .mode()
            & 0o777,
        0o600
    );
}

#[test]
fn an_account_whose_id_becomes_known_is_shared_from_then_on() {
    let (folder, clock) = (Folder::new(), HeldClock::default());
    let path = folder.file();
    let mut known = Worker::new(&path, &clock, Some("111111111111"), 60.0);
    let mut late = Worker::new(&path, &clock, None, 60.0);
    assert_eq!((known.calls(9), late.calls(9)), (1, 1));
    late.borrower
        .drawn
        .account
        .learn(Some("111111111111".into()));
    clock.0.advance(Duration::from_millis(1100));
    assert_eq!((late.calls(9), known.calls(9)), (1, 0));
}

#[test]
fn a_file_that_fails_holds_nobody_up() {
    let (folder, clock) = (Folder::new(), HeldClock::default());
    let path = folder.file();
    // Nothing of SQLite's can be there: its journal's place is taken by a folder.
    fs::create_dir(folder.0.join("limits.db-wal")).expect("a folder");
    let mut worker = Worker::new(&path, &clock, None, 600.0);
    assert_eq!(worker.calls(99), 10);
    assert!(
        worker.borrower.told().contains("is not used for now"),
        "{}",
        worker.borrower.told()
    );
    fs::remove_dir(folder.0.join("limits.db-wal")).expect("a folder");
    clock.0.advance(Duration::from_secs(6));
    worker.book = Book::new(path);
    assert!(worker.calls(99) > 0);
    assert!(worker.borrower.told().ends_with("by this process alone"));
}

#[test]
fn a_file_that_was_deleted_or_damaged_is_made_anew() {
    let (folder, clock) = (Folder::new(), HeldClock::default());
    let path = folder.file();
    let (mut one, mut other) = (
        Worker::new(&path, &clock, None, 60.0),
        Worker::new(&path, &clock, None, 60.0),
    );
    assert_eq!((one.calls(9), other.calls(9)), (1, 0));
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(folder.0.join(format!("limits.db{ending}")));
    }
    clock.0.advance(Duration::from_millis(1100));
    // Both find the new one.
    assert_eq!((one.calls(9), other.calls(9)), (1, 0));
    (one.book, other.book) = (Book::new(path.clone()), Book::new(path.clone()));
    fs::write(&path, [b'x'; 9000]).expect("it is written");
    clock.0.advance(Duration::from_millis(1100));
    assert_eq!((one.calls(9), other.calls(9)), (1, 0));
    assert!(folder.0.join("limits.db.corrupt").exists());
}

#[derive(Clone, Copy, Debug)]
enum Event {
    Calls(usize, u32),
    Passes(u64),
    Killed(usize),
    Settled(usize),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0_usize..4, 1_u32..40).prop_map(|(who, most)| Event::Calls(who, most)),
        3 => (1_u64..1500).prop_map(Event::Passes),
        1 => (0_usize..4).prop_map(Event::Killed),
        1 => (0_usize..4).prop_map(Event::Settled),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// In no minute do all of them together make more calls than the quota, whoever dies with what he had leased; and
    /// whoever is left is never kept waiting for good.
    #[test]
    fn in_no_minute_more_than_the_quota_is_spent(events in prop::collection::vec(event(), 1..120)) {
        const QUOTA: f64 = 1200.0;
        let (folder, clock) = (Folder::new(), HeldClock::default());
        let path = folder.file();
        let new = || Worker::new(&path, &clock, None, QUOTA);
        let mut workers: Vec<Worker> = (0..4).map(|_| new()).collect();
        let (mut passed, mut made) = (0_u64, vec![]);
        for event in events {
            match event {
                Event::Calls(who, most) => made.push((passed, workers[who].calls(most))),
                Event::Passes(milliseconds) => {
                    clock.0.advance(Duration::from_millis(milliseconds));
                    passed += milliseconds;
                }
                Event::Killed(who) => workers[who] = new(),
                Event::Settled(who) => {
                    let Worker { book, borrower, .. } = &mut workers[who];
                    borrower.visit(book);
                }
            }
        }
        for (from, _) in &made {
            let within = made.iter().filter(|(when, _)| (*from..from + 60_000).contains(when));
            let sum: u32 = within.map(|(_, calls)| calls).sum();
            prop_assert!(f64::from(sum) <= QUOTA, "{sum}");
        }
        for worker in &mut workers {
            let mut waited = Duration::ZERO;
            while let Some(after) = worker.call() {
                clock.0.advance(after);
                waited += after;
                prop_assert!(waited < Duration::from_secs(5));
            }
        }
    }
}
