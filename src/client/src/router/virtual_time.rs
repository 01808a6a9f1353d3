//! Time that passes only when nobody has anything else to do: hours of calls in a moment, the same on every run.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use super::clock::{Clock, Time, Wait};

/// A virtual time, for tests and simulations.
#[derive(Clone, Debug)]
pub struct VirtualTime(Arc<Mutex<Timers>>);

#[derive(Debug)]
struct Timers {
    start: Instant,
    now: Instant,
    counter: u64,
    waiting: BTreeMap<(Instant, u64), Waker>,
}

impl Default for VirtualTime {
    fn default() -> Self {
        let now = Instant::now();
        Self(Arc::new(Mutex::new(Timers {
            start: now,
            now,
            counter: 0,
            waiting: BTreeMap::new(),
        })))
    }
}

impl VirtualTime {
    fn timers(&self) -> MutexGuard<'_, Timers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A clock that goes by it.
    #[must_use]
    pub fn clock(&self) -> Clock {
        Clock::of(Arc::new(self.clone()))
    }

    /// What has passed since it was made.
    #[must_use]
    pub fn passed(&self) -> Duration {
        let timers = self.timers();
        timers.now - timers.start
    }

    /// Drives a future, and what it spawns, to its end.
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        let this = self.clone();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .on_thread_park(move || this.step())
            .build()
            .expect("a runtime without drivers needs nothing of the system");
        runtime.block_on(future)
    }

    /// Goes on to the next moment that somebody waits for.
    fn step(&self) {
        let mut timers = self.timers();
        let Some(((moment, _), waker)) = timers.waiting.pop_first() else {
            return;
        };
        timers.now = timers.now.max(moment);
        drop(timers);
        waker.wake();
    }
}

impl Time for VirtualTime {
    fn now(&self) -> Instant {
        self.timers().now
    }

    fn sleep(&self, pause: Duration) -> Wait {
        self.until(self.now() + pause)
    }

    fn until(&self, moment: Instant) -> Wait {
        Box::pin(Timer {
            time: self.clone(),
            moment,
            number: None,
        })
    }
}

struct Timer {
    time: VirtualTime,
    moment: Instant,
    number: Option<u64>,
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let time = self.time.clone();
        let mut timers = time.timers();
        if timers.now >= self.moment {
            return Poll::Ready(());
        }
        timers.counter += 1;
        let counter = timers.counter;
        let number = *self.number.get_or_insert(counter);
        let key = (self.moment, number);
        timers.waiting.insert(key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.time.timers().waiting.remove(&(self.moment, number));
        }
    }
}
