//! Bedrock's invocation log, read fast and with bounded memory.
//!
//! A log export is gigabytes of JSON lines, most of it prompts and answers that a report never looks at. So nothing is
//! built from them: [`scan`] walks over a line, skips what is not wanted by searching for the ends of strings, and
//! borrows the dozen values that are. [`Reader`] cuts a stream, compressed or not, into lines, and [`Table`] adds them
//! up by serving Region, source Region, profile and time.

mod finder;
mod lines;
mod reader;
mod record;
pub(crate) mod scan;
mod table;
mod time;

pub use finder::Finder;
pub use lines::{MAX_LINE, Sink};
pub use reader::{Reader, read_file};
pub use record::{Record, profile_of};
pub use table::{Dimension, Row, Table, Window};
