//! Answers that arrive event by event, for `for` and for `async for`.

mod asynchronous;
mod blocking;
mod events;

pub use asynchronous::{AsyncEventIterator, NextEvent};
pub use blocking::EventIterator;
pub use events::mark_kept;
