//! Work that blocks, such as looking up a name: on threads of its own, few at a time.
//!
//! The runtime's own pool panics where the system gives it no thread.

use std::{convert::Infallible, fmt, io, sync::Arc, thread};

use tokio::sync::{Semaphore, oneshot};

use crate::process::EachProcess;

/// A lookup opens files, and may take seconds: more at a time are in each other's way.
const MOST: usize = 16;

/// The system gave no thread.
#[derive(Debug)]
pub(crate) struct NoThread(io::Error);

impl fmt::Display for NoThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no thread could be started ({})", self.0)
    }
}

impl std::error::Error for NoThread {}

/// Runs `work` on a thread of its own, when its turn has come.
pub(crate) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    static TURNS: EachProcess<Arc<Semaphore>> = EachProcess::new();

    let Ok(turns) = TURNS.get(|| Ok::<_, Infallible>(Arc::new(Semaphore::new(MOST))));
    let turn = Arc::clone(turns).acquire_owned().await;
    let (done, waited_for) = oneshot::channel();
    let started = thread::Builder::new()
        .name("outcrop-helper".into())
        .spawn(move || {
            let outcome = work();
            drop(turn);
            // Nobody waits for it any longer where this fails.
            drop(done.send(outcome));
        });
    started.map_err(|error| io::Error::other(NoThread(error)))?;
    waited_for
        .await
        .unwrap_or_else(|_| Err(io::Error::other("it ended without an outcome")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_done_apart_comes_back_and_a_panic_is_an_error() {
        assert_eq!(apart(|| Ok(3)).await.expect("it is done"), 3);
        let died = apart::<()>(|| panic!("on purpose")).await;
        assert!(died.is_err());
        let mut many = tokio::task::JoinSet::new();
        for it in 0..100 {
            many.spawn(apart(move || Ok(it)));
        }
        let done: Vec<_> = many.join_all().await;
        assert_eq!(done.into_iter().map(Result::unwrap).sum::<i32>(), 4950);
    }
}
