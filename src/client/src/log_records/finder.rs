//! One record, looked for by its request's id.

use memchr::memmem;

use super::{lines::Sink, record::Record};

/// Keeps the first line whose record has a request's id.
#[derive(Debug, Default)]
pub struct Finder {
    request_id: String,
    found: Option<Vec<u8>>,
}

impl Finder {
    /// One that looks for this id.
    #[must_use]
    pub fn new(request_id: String) -> Self {
        Self {
            request_id,
            found: None,
        }
    }

    /// The line, once it has come.
    #[must_use]
    pub fn found(&self) -> Option<&[u8]> {
        self.found.as_deref()
    }
}

impl Sink for Finder {
    fn line(&mut self, line: &[u8]) {
        // Few lines have it, and only those are read.
        if self.found.is_some() || memmem::find(line, self.request_id.as_bytes()).is_none() {
            return;
        }
        let record = Record::parse(line);
        if record.is_some_and(|it| it.request_id.as_deref() == Some(&self.request_id)) {
            self.found = Some(line.to_vec());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::Reader;
    use super::*;

    #[test]
    fn the_record_is_found_and_not_what_only_mentions_it() {
        let mut reader = Reader::new(Finder::new("two".into()));
        let lines = concat!(
            r#"{"requestId":"one","input":"two"}"#,
            "\n",
            r#"{"requestId":"two","region":"a"}"#,
            "\n",
            r#"{"requestId":"two","region":"b"}"#,
        );
        for piece in lines.as_bytes().chunks(7) {
            reader.write(piece).expect("nothing is damaged");
        }
        reader.end_object().expect("nothing is cut");
        let found = reader.sink_mut().found();
        assert_eq!(found, Some(&br#"{"requestId":"two","region":"a"}"#[..]));
    }
}
