//! A local, multi-Region Amazon Bedrock on loopback.
//!
//! [`Service`] is the emulator without a socket: a request goes in, an answer with its timing comes out. [`Server`] puts it
//! on a loopback port. Nothing here comes from an AWS SDK but the event-stream frame codec, so that a client built on the
//! SDK is judged by something that does not share its mistakes.

pub mod arn;
pub mod auth;
mod bodies;
pub mod catalogue;
pub mod clock;
mod completion;
pub mod delivery;
pub mod error;
pub mod faults;
pub mod guardrail;
pub mod http;
mod ids;
pub mod invocation_log;
pub mod jobs;
pub mod journal;
pub mod metrics;
pub mod model;
pub mod objects;
mod operations;
mod percent;
mod prompt_cache;
mod refusals;
pub mod regions;
pub mod resources;
pub mod server;
mod service;
mod shapes;
mod state;
mod stream;
mod targets;
mod words;

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub use completion::{Completion, Settlement};
pub use refusals::Evidence;
pub use server::Server;
pub use state::{ACCESS_KEY_ID, ACCOUNT, BEARER_TOKEN, Options, SECRET_ACCESS_KEY, Service};

/// Locks a mutex; one request that panicked must not silence all others.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read<T: ?Sized>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T: ?Sized>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
