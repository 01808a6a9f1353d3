//! The time that breakers, budgets and deadlines go by. A test, or a simulation, brings its own.

use std::{
    fmt::Debug,
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::Notify;

/// A wait.
pub type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A time other than the machine's.
pub trait Time: Debug + Send + Sync {
    /// The present moment.
    fn now(&self) -> Instant;
    /// A pause that the router makes, such as a back-off.
    fn sleep(&self, pause: Duration) -> Wait;
    /// A moment that ends what others do, such as a deadline.
    fn until(&self, moment: Instant) -> Wait;
}

/// The machine's time, or another.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<dyn Time>>);

impl Clock {
    /// A clock that goes by `time`.
    #[must_use]
    pub fn of(time: Arc<dyn Time>) -> Self {
        Self(Some(time))
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.0.as_ref().map_or_else(Instant::now, |time| time.now())
    }

    /// Waits for so long.
    pub async fn sleep(&self, pause: Duration) {
        match &self.0 {
            None => tokio::time::sleep(pause).await,
            Some(time) => time.sleep(pause).await,
        }
    }

    /// Waits until then.
    pub async fn until(&self, moment: Instant) {
        match &self.0 {
            None => tokio::time::sleep_until(moment.into()).await,
            Some(time) => time.until(moment).await,
        }
    }
}

/// A clock that stands still. Pauses take no time and move it on; so does whoever holds it.
#[derive(Debug)]
pub struct HeldTime {
    now: Mutex<Instant>,
    moved: Notify,
    fails: AtomicBool,
}

impl Default for HeldTime {
    fn default() -> Self {
        Self {
            now: Mutex::new(Instant::now()),
            moved: Notify::new(),
            fails: AtomicBool::new(false),
        }
    }
}

impl HeldTime {
    /// Moves it on.
    pub fn advance(&self, step: Duration) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) += step;
        self.moved.notify_waiters();
    }

    /// Lets whoever asks for the time next run into a panic, as a bug would: what stands above must bear it.
    pub fn fail_once(&self) {
        self.fails.store(true, Ordering::Relaxed);
    }
}

/// The same clock in the hands of a router and of a test.
#[derive(Clone, Debug, Default)]
pub struct HeldClock(pub Arc<HeldTime>);

impl Time for HeldClock {
    fn now(&self) -> Instant {
        assert!(
            !self.0.fails.swap(false, Ordering::Relaxed),
            "the clock was told to fail once"
        );
        *self.0.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self, pause: Duration) -> Wait {
        self.0.advance(pause);
        Box::pin(std::future::ready(()))
    }

    fn until(&self, moment: Instant) -> Wait {
        let this = self.clone();
        Box::pin(async move {
            loop {
                let mut moved = std::pin::pin!(this.0.moved.notified());
                moved.as_mut().enable();
                if this.now() >= moment {
                    return;
                }
                moved.await;
            }
        })
    }
}
