//! The lines of a server-sent event.

use std::borrow::Cow;

/// The lines of an event that begin with `field`, without it.
fn lines<'a>(event: &'a [u8], field: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
    let lines = event.split(|byte| matches!(byte, b'\n' | b'\r'));
    lines.filter_map(move |line| {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        match line.strip_prefix(field)? {
            [] => Some(&b""[..]),
            [b':', b' ', rest @ ..] | [b':', rest @ ..] => Some(rest),
            _ => None,
        }
    })
}

/// The event's name, where it has one.
pub(crate) fn name(event: &[u8]) -> Option<&[u8]> {
    lines(event, b"event").last()
}

/// What an event carries.
pub(crate) fn data(event: &[u8]) -> Cow<'_, [u8]> {
    let mut lines = lines(event, b"data");
    let first = lines.next().unwrap_or_default();
    let mut all = Cow::Borrowed(first);
    for line in lines {
        let all = all.to_mut();
        all.push(b'\n');
        all.extend_from_slice(line);
    }
    all
}
