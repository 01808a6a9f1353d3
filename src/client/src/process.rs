//! What belongs to one process: what a forked child makes anew, and what the process may open.

use std::sync::atomic::{AtomicPtr, Ordering};

/// A static value that each process makes when it first needs it.
///
/// There is no lock, since a process may be forked while another thread holds one. A child leaves its parent's value alone:
/// its threads are not there, and its locks may be taken.
#[derive(Debug)]
pub struct EachProcess<T: 'static>(AtomicPtr<(u32, T)>);

impl<T: Send + Sync> EachProcess<T> {
    /// A value that nobody has made yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(AtomicPtr::new(std::ptr::null_mut()))
    }

    /// The value of this process. Several threads may make one; that of the first is the value, the others' are dropped.
    pub fn get<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<&'static T, E> {
        let process = std::process::id();
        let found = self.0.load(Ordering::Acquire);
        // SAFETY: What is stored here is leaked, so it is there for ever.
        if let Some((owner, value)) = unsafe { found.as_ref() }
            && *owner == process
        {
            return Ok(value);
        }
        let boxed = Box::into_raw(Box::new((process, make()?)));
        match self
            .0
            .compare_exchange(found, boxed, Ordering::AcqRel, Ordering::Acquire)
        {
            // SAFETY: It is leaked from now on.
            Ok(_) => Ok(unsafe { &(*boxed).1 }),
            // SAFETY: `boxed` was never shared; `faster` is leaked like `found`, and of this process.
            Err(faster) => unsafe {
                drop(Box::from_raw(boxed));
                Ok(&(*faster).1)
            },
        }
    }
}

impl<T: Send + Sync> Default for EachProcess<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// How many files, and that is sockets too, this process may have open now: the soft limit, which it may raise.
#[must_use]
pub fn open_files() -> usize {
    /// What Linux gives a process as a rule.
    const USUAL: usize = 1024;

    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: The structure is there, and of the type that the call fills.
    let asked = unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) };
    if asked == 0 {
        usize::try_from(limit.rlim_cur).unwrap_or(usize::MAX)
    } else {
        USUAL
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn a_process_has_one_value_whoever_makes_it() {
        static VALUE: EachProcess<u32> = EachProcess::new();
        let made = |value| {
            *VALUE
                .get(|| Ok::<_, Infallible>(value))
                .expect("it is made")
        };
        let found: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|it| scope.spawn(move || made(it))).collect();
            threads
                .into_iter()
                .map(|it| it.join().expect("it ends"))
                .collect()
        });
        assert!(found.iter().all(|it| *it == found[0]));
        assert_eq!(made(9), found[0]);
    }

    #[test]
    fn what_cannot_be_made_is_made_another_time() {
        static VALUE: EachProcess<u32> = EachProcess::new();
        assert_eq!(VALUE.get(|| Err("no")), Err("no"));
        assert_eq!(VALUE.get(|| Ok::<_, &str>(1)), Ok(&1));
    }
}
