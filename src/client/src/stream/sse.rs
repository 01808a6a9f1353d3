//! Server-sent events: from bytes to events, each with the bytes that it came in.
//!
//! Clients of these APIs read the events themselves, so nothing in them is changed. What is found here is where one ends
//! and what it means.

use bytes::{Buf, Bytes, BytesMut};

use super::Event;
use crate::{
    apis::{Api, Meaning, data, meaning, name},
    error::Error,
    json_check,
};

/// The longest event: some repeat all of a request, and none is as long as this.
const LONGEST: usize = 64 * 1024 * 1024;

/// What may stand before the first event.
const MARK: &[u8] = b"\xef\xbb\xbf";
/// What OpenAI's streams end with.
const DONE: &[u8] = b"[DONE]";

/// Turns bytes into events.
#[derive(Debug)]
pub(crate) struct Sse {
    api: Api,
    buffer: BytesMut,
    /// Where the line begins that has no end yet.
    line: usize,
    /// Up to where its end has been looked for.
    searched: usize,
    /// Whether the first event was read, before which a byte order mark may stand.
    opened: bool,
    begun: bool,
    /// What must come has come.
    over: bool,
    failed: Option<Error>,
}

impl Sse {
    pub(crate) fn new(api: Api) -> Self {
        Self {
            api,
            buffer: BytesMut::new(),
            line: 0,
            searched: 0,
            opened: false,
            begun: false,
            over: false,
            failed: None,
        }
    }

    pub(crate) fn push(&mut self, chunk: &[u8]) {
        self.buffer.extend_from_slice(chunk);
    }

    /// The events that are complete. An error comes alone, after the events before it.
    pub(crate) fn take(&mut self) -> Result<Vec<Event>, Error> {
        let mut events = vec![];
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        while let Some(event) = self.event() {
            match event {
                Ok(event) => events.push(event),
                Err(error) => {
                    self.failed = Some(error.clone());
                    if events.is_empty() {
                        return Err(error);
                    }
                    break;
                }
            }
        }
        Ok(events)
    }

    fn event(&mut self) -> Option<Result<Event, Error>> {
        loop {
            let Some(end) = self.end() else {
                return (self.buffer.len() > LONGEST)
                    .then(|| Err(broken(&format!("is longer than {LONGEST} bytes"))));
            };
            (self.line, self.searched) = (0, 0);
            let mut bytes = self.buffer.split_to(end).freeze();
            if !std::mem::replace(&mut self.opened, true) && bytes.starts_with(MARK) {
                bytes.advance(MARK.len());
            }
            if let Some(told) = self.told(bytes).transpose() {
                return Some(told);
            }
        }
    }

    /// What an event is; nothing for one that carries nothing, such as a comment, or that comes after the end.
    fn told(&mut self, bytes: Bytes) -> Result<Option<Event>, Error> {
        let (name, data) = (name(&bytes), data(&bytes));
        let is_done = data.starts_with(DONE);
        let is_error = name == Some(b"error") && self.api == Api::Messages;
        if self.api != Api::Other {
            if data.is_empty() && !is_error || self.over && !is_done {
                return Ok(None);
            }
            // Anthropic's client reads no event without a name.
            let is_read = name.is_some() || self.api != Api::Messages;
            if is_read && !is_done && !is_error {
                checked(&data)?;
            }
        }
        let meaning = if self.over {
            Meaning::Content
        } else {
            meaning(self.api, name, &data, self.begun)
        };
        match meaning {
            Meaning::Fault(code, message) => {
                return Err(Error::Stream {
                    code,
                    message,
                    body: bytes,
                });
            }
            Meaning::End => self.over = true,
            Meaning::Opening => {}
            Meaning::Content | Meaning::Usage => self.begun = true,
        }
        Ok(Some(Event {
            kind: meaning.kind().to_owned(),
            payload: bytes,
        }))
    }

    /// Where the first event ends: after an empty line.
    fn end(&mut self) -> Option<usize> {
        loop {
            let from = self.line.max(self.searched);
            let Some(found) = memchr::memchr2(b'\n', b'\r', &self.buffer[from..]) else {
                self.searched = self.buffer.len();
                return None;
            };
            let rest = &self.buffer[self.line..];
            let length = from + found - self.line;
            let ends = match (rest[length], rest.get(length + 1)) {
                (b'\n', _) => 1,
                (_, Some(b'\n')) => 2,
                (_, Some(_)) => 1,
                // Half of an end, perhaps.
                (_, None) => return None,
            };
            self.line += length + ends;
            if length == 0 {
                return Some(self.line);
            }
        }
    }

    /// Whether nothing that matters can come any more.
    pub(crate) fn is_over(&self) -> bool {
        self.over
    }

    /// The bytes have ended. A last event without its empty line is one if it is whole.
    pub(crate) fn close(&mut self) {
        let rest = data(&self.buffer);
        let whole = rest.starts_with(DONE) || checked(&rest).is_ok();
        if whole {
            self.buffer.extend_from_slice(b"\n\n");
        }
    }

    /// The bytes that became no event.
    pub(crate) fn rest(&mut self) -> BytesMut {
        (self.line, self.searched) = (0, 0);
        self.buffer.split()
    }

    /// Checks that the stream may end here.
    pub(crate) fn finish(&self) -> Result<(), Error> {
        let last = match self.api {
            Api::Other => return Ok(()),
            _ if self.over => return Ok(()),
            Api::Chat => "[DONE]",
            Api::Responses | Api::Stored => "response.completed or response.incomplete",
            Api::Messages => "message_stop",
        };
        Err(Error::StreamCut {
            reason: format!("the stream ended without {last}, so the answer is not whole"),
        })
    }
}

/// Sees that an event can be read: what its reader would make of one that cannot is no error of a stream.
fn checked(data: &[u8]) -> Result<(), Error> {
    match json_check::check(data, usize::MAX, |_, _| {}) {
        Ok(b'{') => Ok(()),
        Ok(_) => Err(broken("is JSON but no object")),
        Err(flaw) => Err(broken(&format!("is no JSON, but has {flaw}"))),
    }
}

fn broken(what: &str) -> Error {
    Error::StreamBroken {
        reason: format!("an event of the stream {what}"),
        checksum: false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::apis::{CONTENT, END, OPENING, USAGE};

    const MESSAGES: &str = "event: message_start\ndata: {\"type\":\"message_start\"}\n\n: hello\n\n\
        event: content_block_delta\r\ndata: {\"type\":\r\ndata: \"x\"}\r\n\r\n\
        event: message_delta\ndata: {}\n\nevent: message_stop\ndata: {}\n\n";

    fn kinds(events: &[Event]) -> Vec<&str> {
        events.iter().map(|event| event.kind.as_str()).collect()
    }

    #[test]
    fn events_come_as_they_came() {
        let mut sse = Sse::new(Api::Messages);
        sse.push(MESSAGES.as_bytes());
        let events = sse.take().expect("they are sound");
        assert_eq!(kinds(&events), [OPENING, CONTENT, USAGE, END]);
        let all: Vec<u8> = events.iter().flat_map(|it| it.payload.to_vec()).collect();
        assert_eq!(all, MESSAGES.replace(": hello\n\n", "").as_bytes());
        assert!(sse.is_over() && sse.finish().is_ok());
    }

    #[test]
    fn what_carries_nothing_or_comes_after_the_end_is_passed_over() {
        let content = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
        for before in [
            "\u{feff}",
            "retry: 5\n\n",
            ": hello\n\n",
            "id: 7\n\n",
            "event: ping\n\n",
            "\n\n",
        ] {
            for done in ["[DONE]", "[DONE] "] {
                let mut sse = Sse::new(Api::Chat);
                let after =
                    "data: {\"error\":{\"code\":\"server_error\"}}\n\ngarbage\n\ndata: }\n\n";
                sse.push(format!("{before}{content}data: {done}\n\n{after}").as_bytes());
                let events = sse.take().expect("they are sound");
                assert_eq!(kinds(&events), [CONTENT, END], "{before:?} {done:?}");
                assert_eq!(events[0].payload, content);
                assert!(sse.take().expect("it is over").is_empty());
            }
        }
        let mut sse = Sse::new(Api::Responses);
        sse.push(b"data: {\"type\":\"response.completed\"}\n\ndata: {}\n\ndata: [DONE]\n\n");
        assert_eq!(kinds(&sse.take().expect("they are sound")), [END, CONTENT]);
    }

    #[test]
    fn an_event_that_cannot_be_read_breaks_the_stream() {
        for (data, says) in [
            (
                "{\"choices\":[{\"MARKER",
                "is no JSON, but has its end too early at byte 20 of 20",
            ),
            ("MARKER", "is no JSON, but has"),
            ("[1]", "is JSON but no object"),
            ("{\"a\":\"\u{1}\"}", "is no JSON, but has"),
        ] {
            for api in [Api::Chat, Api::Responses, Api::Messages] {
                let mut sse = Sse::new(api);
                sse.push(format!("event: content_block_delta\ndata: {data}\n\n").as_bytes());
                let error = sse.take().expect_err("it is broken").to_string();
                assert!(error.contains(says), "{error}");
                assert!(!error.contains("MARKER"), "{error}");
            }
        }
        let mut sse = Sse::new(Api::Messages);
        sse.push(b"data: whatever\n\n");
        assert!(
            sse.take().is_ok(),
            "nobody reads an event of Messages without a name"
        );
    }

    #[test]
    fn a_stream_that_ends_early_is_cut_however_cleanly() {
        for (api, bytes, word) in [
            (
                Api::Chat,
                "data: {\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n",
                "[DONE]",
            ),
            (
                Api::Responses,
                "data: {\"type\":\"response.output_text.delta\"}\n\ndata: [DONE]\n\n",
                "response.completed",
            ),
            (
                Api::Messages,
                "event: message_delta\ndata: {}\n\n",
                "message_stop",
            ),
            (Api::Chat, "", "[DONE]"),
        ] {
            let mut sse = Sse::new(api);
            sse.push(bytes.as_bytes());
            sse.take().expect("they are sound");
            sse.close();
            let error = sse.finish().expect_err("it is cut").to_string();
            assert!(
                error.starts_with(&format!("the stream ended without {word}")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_last_event_without_its_empty_line_counts_if_it_is_whole() {
        for (bytes, over) in [
            ("data: [DONE]", true),
            ("data: [DO", false),
            ("data: {\"choices\":[", false),
        ] {
            let mut sse = Sse::new(Api::Chat);
            sse.push(bytes.as_bytes());
            assert!(sse.take().expect("it is sound").is_empty());
            sse.close();
            let _ = sse.take();
            assert_eq!(sse.finish().is_ok(), over, "{bytes}");
        }
    }

    #[test]
    fn an_error_comes_alone_after_what_came_before() {
        let mut sse = Sse::new(Api::Chat);
        let bad = "data: {\"error\":{\"code\":\"server_error\",\"message\":\"m\"}}\n\n";
        sse.push(b"data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n");
        sse.push(bad.as_bytes());
        assert_eq!(sse.take().expect("one came").len(), 1);
        let Err(Error::Stream { code, body, .. }) = sse.take() else {
            panic!("an error was sent")
        };
        assert_eq!((code.as_str(), &body[..]), ("server_error", bad.as_bytes()));
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference(cuts in prop::collection::vec(0..MESSAGES.len(), 0..12)) {
            let mut whole = Sse::new(Api::Messages);
            whole.push(MESSAGES.as_bytes());
            let expected = whole.take().expect("they are sound");
            let mut cuts = cuts;
            cuts.extend([0, MESSAGES.len()]);
            cuts.sort_unstable();
            let mut sse = Sse::new(Api::Messages);
            let mut found = vec![];
            for pair in cuts.windows(2) {
                sse.push(&MESSAGES.as_bytes()[pair[0]..pair[1]]);
                found.extend(sse.take().expect("they are sound"));
            }
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn any_bytes_are_borne(bytes in prop::collection::vec(any::<u8>(), 0..200), messages: bool) {
            let mut sse = Sse::new(if messages { Api::Messages } else { Api::Chat });
            sse.push(&bytes);
            let _ = sse.take();
            sse.close();
            let _ = sse.take();
            let _ = sse.finish();
        }
    }
}
