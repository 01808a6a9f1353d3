//! Everything about runtimes, threads, fork, Ctrl-C, panics and awaitables. The other rooms only call it.
//!
//! A blocking call is driven on the thread that makes it, on a runtime of its own (a [`Lane`]): handing it to another
//! thread would cost more than the call. Asynchronous calls are driven by one background thread, which never takes the
//! interpreter's lock: what it has done is fetched by the event loop, woken through a socket ([`bridge`]).

mod background;
mod block;
mod bridge;
mod clients;
mod guard;
mod lanes;
mod loops;
mod pending;
mod process;
mod task;

pub use background::background;
pub use block::{TICK, block};
pub use bridge::{Bridge, Mailbox, Wake};
pub use clients::Clients;
pub use guard::guarded;
pub use lanes::{Lane, Lanes};
pub use pending::Pending;
pub use process::{OfProcess, PerProcess, is_here};
pub use task::{Answer, Task};
