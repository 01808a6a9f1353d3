//! Work on the background thread, and where its outcome goes.

use std::future::Future;

use outcrop_client::error::Error;
use tokio::{runtime::Handle, task::AbortHandle};

use super::{OfProcess, Wake};
use crate::errors::exception;

/// Work that is under way on the background thread. Dropping it ends the work.
pub struct Task(pub(super) OfProcess<Aborted>);

impl Task {
    /// Starts it.
    pub fn start(handle: &Handle, work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(OfProcess::new(Aborted(handle.spawn(work).abort_handle())))
    }

    /// Ends it, from any thread.
    pub fn end(&self) {
        if self.0.is_here() {
            self.0.0.abort();
        }
    }
}

/// Aborted when it is dropped, which a child of its process does not do.
pub(super) struct Aborted(AbortHandle);

impl Drop for Aborted {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Where the outcome of work on the background thread goes.
///
/// Work that panics gives none, and whoever waits for it would wait for ever. So what is dropped without an outcome gives
/// an error. Work that is aborted does so, too, but then nobody waits any more.
pub struct Answer<F: FnOnce(Wake)>(Option<F>);

impl<F: FnOnce(Wake)> Answer<F> {
    /// An answer that `give` takes.
    pub fn new(give: F) -> Self {
        Self(Some(give))
    }

    /// Gives the outcome.
    pub fn give(mut self, wake: Wake) {
        if let Some(give) = self.0.take() {
            give(wake);
        }
    }
}

impl<F: FnOnce(Wake)> Drop for Answer<F> {
    fn drop(&mut self) {
        if let Some(give) = self.0.take() {
            give(Box::new(|py| Err(exception(py, Error::Bug, None))));
        }
    }
}
