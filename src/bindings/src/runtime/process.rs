//! Values that belong to one process.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::PyResult;

/// A value that a child process makes anew.
///
/// The parent's value is forgotten in the child, not dropped: dropping a runtime there would take the parent's sockets
/// out of the epoll instance that both share. The lock is only held while the interpreter's lock is, and `fork` is
/// called with that held, so no child finds it locked.
pub struct PerProcess<T>(Mutex<Option<(u32, Arc<T>)>>);

impl<T> Default for PerProcess<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> PerProcess<T> {
    /// The value of this process. `make` must not let go of the interpreter's lock.
    pub fn get(&self, make: impl FnOnce() -> PyResult<T>) -> PyResult<Arc<T>> {
        self.get_in(std::process::id(), make)
    }

    /// The same for whoever knows already which process this is, since asking is a system call.
    pub fn get_in(&self, process: u32, make: impl FnOnce() -> PyResult<T>) -> PyResult<Arc<T>> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*slot {
            Some((of, value)) if *of == process => return Ok(Arc::clone(value)),
            _ => std::mem::forget(slot.take()),
        }
        let value = Arc::new(make()?);
        *slot = Some((process, Arc::clone(&value)));
        Ok(value)
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        let slot = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if slot
            .as_ref()
            .is_some_and(|(of, _)| *of != std::process::id())
        {
            std::mem::forget(slot.take());
        }
    }
}
