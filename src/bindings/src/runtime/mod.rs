//! Everything about runtimes, threads, fork, Ctrl-C and awaitables. The other rooms only call it.
//!
//! A blocking call is driven on the thread that makes it, on a runtime of its own (a [`Lane`]): handing it to another
//! thread would cost more than the call. Asynchronous calls are driven by one background thread, which never takes the
//! interpreter's lock: what it has done is fetched by the event loop, woken through a socket ([`bridge`]).

mod background;
mod bridge;
mod lanes;
mod pending;
mod process;

pub use background::{Shared, background};
pub use bridge::{Bridge, Wake};
pub use lanes::{Lane, Lanes, TICK, block};
pub use pending::{Answer, Pending};
pub use process::PerProcess;
