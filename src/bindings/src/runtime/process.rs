//! Values that belong to one process.

use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, PoisonError},
};

use pyo3::PyResult;

/// Whether this is still the process of that number, and no child that was forked from it.
pub fn is_here(process: u32) -> bool {
    process == std::process::id()
}

/// A value that is dropped only by the process that made it.
///
/// A child that was forked forgets it: dropping a runtime there would take the parent's sockets out of the epoll instance
/// that both share, and ending a task would wait for locks that a thread of the parent may have held.
pub struct OfProcess<T> {
    process: u32,
    value: Option<T>,
}

impl<T> OfProcess<T> {
    /// A value of this process.
    pub fn new(value: T) -> Self {
        Self {
            process: std::process::id(),
            value: Some(value),
        }
    }

    /// Whether this is its process.
    pub fn is_here(&self) -> bool {
        is_here(self.process)
    }

    /// The value, which its new owner drops.
    pub fn into_inner(mut self) -> T {
        self.value.take().expect("it is there until it is dropped")
    }
}

impl<T> Deref for OfProcess<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value
            .as_ref()
            .expect("it is there until it is dropped")
    }
}

impl<T> DerefMut for OfProcess<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value
            .as_mut()
            .expect("it is there until it is dropped")
    }
}

impl<T> Drop for OfProcess<T> {
    fn drop(&mut self) {
        if self.value.is_some() && !self.is_here() {
            std::mem::forget(self.value.take());
        }
    }
}

/// A value that a child process makes anew.
///
/// The lock is held for moments in which no Python runs and with the interpreter's lock, as is `fork`: no child finds it
/// taken.
pub struct PerProcess<T>(Mutex<Option<Arc<OfProcess<T>>>>);

impl<T> Default for PerProcess<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> PerProcess<T> {
    /// The value of this process.
    pub fn get(&self, make: impl FnOnce() -> PyResult<T>) -> PyResult<Arc<OfProcess<T>>> {
        self.get_in(std::process::id(), make)
    }

    /// The same for whoever knows already which process this is, since asking is a system call.
    ///
    /// `make` may run Python and so may let others in: two threads may make a value, and the first one is kept.
    pub fn get_in(
        &self,
        process: u32,
        make: impl FnOnce() -> PyResult<T>,
    ) -> PyResult<Arc<OfProcess<T>>> {
        if let Some(value) = self.here(process) {
            return Ok(value);
        }
        let anew = Arc::new(OfProcess::new(make()?));
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let faster = slot.as_ref().filter(|it| it.process == process).cloned();
        let value = faster.unwrap_or_else(|| Arc::clone(&anew));
        let replaced = slot.replace(Arc::clone(&value));
        drop(slot);
        // Only now that the lock is free: they may take long, or run Python.
        drop((replaced, anew));
        Ok(value)
    }

    fn here(&self, process: u32) -> Option<Arc<OfProcess<T>>> {
        let slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.as_ref().filter(|it| it.process == process).cloned()
    }
}
