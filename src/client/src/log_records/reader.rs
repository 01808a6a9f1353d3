//! Log objects, compressed or not, in pieces of any size.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use flate2::write::MultiGzDecoder;

use super::lines::{Lines, Sink};
use super::table::Table;

/// How much of a file is read at once.
const PIECE: usize = 256 * 1024;
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Takes the bytes of log objects, one after the other and each in pieces of any size, and gives their lines to a
/// [`Sink`]. Whether an object is compressed is seen from its first two bytes.
pub struct Reader<S: Sink = Table> {
    state: State<S>,
}

enum State<S: Sink> {
    /// Fewer than two bytes of the object have come.
    Beginning(Vec<u8>, Lines<S>),
    Plain(Lines<S>),
    Gzip(Box<MultiGzDecoder<Lines<S>>>),
    /// While the state changes hands, or after an object that could not be decompressed.
    Nothing,
}

impl<S: Sink> Reader<S> {
    /// A reader that gives lines to a sink.
    #[must_use]
    pub fn new(sink: S) -> Self {
        Self {
            state: State::Beginning(Vec::new(), Lines::new(sink)),
        }
    }

    /// Takes a piece of the current object. Fails if it is compressed and damaged; what came before is kept.
    pub fn write(&mut self, mut piece: &[u8]) -> io::Result<()> {
        if let State::Beginning(first, _) = &mut self.state {
            while first.len() < GZIP.len() {
                let Some((byte, rest)) = piece.split_first() else {
                    return Ok(());
                };
                first.push(*byte);
                piece = rest;
            }
            let State::Beginning(first, mut lines) =
                std::mem::replace(&mut self.state, State::Nothing)
            else {
                unreachable!("the state was looked at above");
            };
            self.state = if first == GZIP {
                let mut decoder = Box::new(MultiGzDecoder::new(lines));
                decoder.write_all(&first)?;
                State::Gzip(decoder)
            } else {
                lines.write_all(&first)?;
                State::Plain(lines)
            };
        }
        match &mut self.state {
            State::Plain(lines) => lines.write_all(piece),
            State::Gzip(decoder) => decoder.write_all(piece),
            State::Beginning(..) | State::Nothing => Ok(()),
        }
    }

    /// The current object ends here: its last line may have no line end. Fails if it is compressed and cut off; the
    /// records that came before are kept either way.
    pub fn end_object(&mut self) -> io::Result<()> {
        let mut result = Ok(());
        let mut lines = match std::mem::replace(&mut self.state, State::Nothing) {
            State::Beginning(first, mut lines) => {
                lines.write_all(&first)?;
                lines
            }
            State::Plain(lines) => lines,
            State::Gzip(mut decoder) => {
                result = decoder.try_finish();
                std::mem::take(decoder.get_mut())
            }
            State::Nothing => return Ok(()),
        };
        lines.finish();
        self.state = State::Beginning(Vec::new(), lines);
        result
    }

    /// What has the lines so far.
    pub fn sink_mut(&mut self) -> &mut S {
        match &mut self.state {
            State::Beginning(_, lines) | State::Plain(lines) => &mut lines.sink,
            State::Gzip(decoder) => &mut decoder.get_mut().sink,
            State::Nothing => unreachable!("every change of state ends with a sink"),
        }
    }
}

impl Reader {
    /// The table so far.
    pub fn table_mut(&mut self) -> &mut Table {
        self.sink_mut()
    }
}

/// Adds the records of a file.
pub fn read_file(reader: &mut Reader, path: &Path) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut piece = vec![0; PIECE];
    loop {
        let length = match file.read(&mut piece) {
            Ok(0) => return reader.end_object(),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if let Err(error) = reader.write(&piece[..length]) {
            // What follows the damage would be read as the next object.
            let _ = reader.end_object();
            return Err(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::super::lines::MAX_LINE;
    use super::super::table::{Table, Window};
    use super::Reader;

    const LINE: &str =
        r#"{"timestamp":"2026-04-02T10:11:12Z","region":"us-east-1","requestId":"é"}"#;

    fn reader() -> Reader {
        Reader::new(Table::new(Window::default()))
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory takes bytes");
        encoder.finish().expect("memory takes bytes")
    }

    fn counts(reader: &mut Reader) -> (u64, u64) {
        (reader.table_mut().records(), reader.table_mut().malformed())
    }

    proptest! {
        #[test]
        fn any_cut_of_any_objects_gives_the_same(
            lines in prop::collection::vec(prop_oneof![Just(LINE), Just("{"), Just("")], 0..6),
            last_ends in any::<bool>(), objects in 1_usize..3, compressed in any::<bool>(), piece in 1_usize..40,
        ) {
            let mut text = lines.join("\n");
            if last_ends { text.push('\n'); }
            let bytes = if compressed { gzip(text.as_bytes()) } else { text.into_bytes() };
            let mut reader = reader();
            for _ in 0..objects {
                for each in bytes.chunks(piece) { reader.write(each).expect("nothing is damaged"); }
                reader.end_object().expect("nothing is cut");
            }
            let good = lines.iter().filter(|line| **line == LINE).count() * objects;
            let bad = lines.iter().filter(|line| **line == "{").count() * objects;
            prop_assert_eq!(counts(&mut reader), (good as u64, bad as u64));
        }
    }

    #[test]
    fn gzip_members_one_after_the_other_are_one_object() {
        let mut bytes = gzip(format!("{LINE}\n").as_bytes());
        bytes.extend(gzip(format!("{LINE}\n").as_bytes()));
        let mut reader = reader();
        reader.write(&bytes).expect("nothing is damaged");
        reader.end_object().expect("nothing is cut");
        assert_eq!(counts(&mut reader), (2, 0));
    }

    #[test]
    fn a_damaged_object_fails_and_the_next_is_read() {
        let mut reader = reader();
        reader
            .write(LINE.as_bytes())
            .expect("plain text is not damaged");
        reader.end_object().expect("plain text is not cut");
        let whole = gzip(LINE.as_bytes());
        reader
            .write(&whole[..whole.len() / 2])
            .expect("the first half is whole so far");
        assert!(reader.end_object().is_err());
        reader.write(&whole).expect("nothing is damaged");
        reader.end_object().expect("nothing is cut");
        assert_eq!(counts(&mut reader).0, 2);
    }

    #[test]
    fn an_endless_line_is_passed_over() {
        let mut reader = reader();
        let piece = vec![b'x'; 1024 * 1024];
        for _ in 0..=MAX_LINE / piece.len() {
            reader.write(&piece).expect("memory is bounded");
        }
        reader
            .write(format!("\n{LINE}\n").as_bytes())
            .expect("memory is bounded");
        reader.end_object().expect("nothing is cut");
        assert_eq!(counts(&mut reader), (1, 1));
    }
}
