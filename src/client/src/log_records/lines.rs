//! Cutting a stream of bytes into lines, with bounded memory.

use std::io::{self, Write};

use memchr::memchr;

/// The longest line that is read, in bytes. Bedrock writes bodies up to 100 kB into a record; a line beyond this is
/// damage, and is counted and passed over instead of being kept in memory.
pub const MAX_LINE: usize = 16 * 1024 * 1024;

/// What is done with whole lines.
pub trait Sink: Default {
    /// Takes a line without its end.
    fn line(&mut self, line: &[u8]);
    /// A line was too long to be read.
    fn overlong(&mut self) {}
}

/// Takes bytes and gives whole lines to a [`Sink`].
#[derive(Default)]
pub(super) struct Lines<S> {
    /// The beginning of a line whose end has not come yet.
    partial: Vec<u8>,
    /// The line that is coming is too long: pass over its rest.
    overlong: bool,
    pub(super) sink: S,
}

impl<S: Sink> Lines<S> {
    pub(super) fn new(sink: S) -> Self {
        Self {
            sink,
            ..Self::default()
        }
    }

    /// The last line may have no line end.
    pub(super) fn finish(&mut self) {
        let line = std::mem::take(&mut self.partial);
        if !self.overlong {
            self.sink.line(&line);
        }
        self.overlong = false;
    }

    fn keep(&mut self, rest: &[u8]) {
        if self.overlong {
            return;
        }
        if self.partial.len() + rest.len() > MAX_LINE {
            self.partial = Vec::new();
            self.overlong = true;
            self.sink.overlong();
        } else {
            self.partial.extend_from_slice(rest);
        }
    }
}

impl<S: Sink> Write for Lines<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some(end) = memchr(b'\n', rest) {
            let line = &rest[..end];
            if self.partial.is_empty() && !self.overlong {
                // Most lines lie whole in the buffer and are never copied.
                self.sink.line(line);
            } else {
                self.keep(line);
                self.finish();
                self.partial.clear();
            }
            rest = &rest[end + 1..];
        }
        self.keep(rest);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
