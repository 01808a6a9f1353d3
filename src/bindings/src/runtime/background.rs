//! The background thread: asynchronous calls, fetches of credentials, and blocking calls beyond the lanes that there are.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use outcrop_client::{error::Error, process::EachProcess};
use tokio::runtime::{Builder, Handle, Runtime};

struct Background {
    handle: Handle,
    /// The runtime until a thread drives it.
    idle: Arc<Mutex<Option<Runtime>>>,
    driven: AtomicBool,
}

/// The background runtime of this process. Its thread starts with the first call that needs it, never takes the
/// interpreter's lock, and so holds nothing up when the interpreter ends.
pub fn background() -> Result<Handle, Error> {
    static CURRENT: EachProcess<Background> = EachProcess::new();

    let background = CURRENT.get(|| {
        let runtime = runtime()?;
        Ok::<_, Error>(Background {
            handle: runtime.handle().clone(),
            idle: Arc::new(Mutex::new(Some(runtime))),
            driven: AtomicBool::new(false),
        })
    })?;
    if !background.driven.load(Ordering::Acquire) {
        drive(background)?;
    }
    Ok(background.handle.clone())
}

/// Starts the thread. Where two are started at a time, one finds nothing to do.
fn drive(background: &'static Background) -> Result<(), Error> {
    let idle = Arc::clone(&background.idle);
    let taken = move || idle.lock().unwrap_or_else(PoisonError::into_inner).take();
    let started = thread::Builder::new()
        .name("outcrop-io".into())
        .spawn(move || {
            if let Some(runtime) = taken() {
                runtime.block_on(std::future::pending::<()>());
            }
        });
    started.map_err(|error| Error::ProcessLimit {
        reason: format!(
            "no thread could be started ({error}); outcrop needs one beside yours: raise what `ulimit -u` shows"
        ),
    })?;
    background.driven.store(true, Ordering::Release);
    Ok(())
}

/// A runtime that is driven by one thread.
pub(super) fn runtime() -> Result<Runtime, Error> {
    let built = Builder::new_current_thread().enable_all().build();
    built.map_err(|error| Error::ProcessLimit {
        reason: format!(
            "no file descriptors are left to wait with ({error}): raise what `ulimit -n` shows, or close files"
        ),
    })
}
