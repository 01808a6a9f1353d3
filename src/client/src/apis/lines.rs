//! The lines of a server-sent event.

use std::borrow::Cow;

use bytes::Bytes;

/// The lines of an event that begin with `field`, without it.
fn lines<'a>(event: &'a [u8], field: &'static [u8]) -> impl Iterator<Item = &'a [u8]> {
    let lines = event.split(|byte| matches!(byte, b'\n' | b'\r'));
    lines.filter_map(move |line| match line.strip_prefix(field)? {
        [] => Some(&b""[..]),
        [b':', b' ', rest @ ..] | [b':', rest @ ..] => Some(rest),
        _ => None,
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

/// The event with other data, its lines but for those and all else as they are.
pub(super) fn with_data(event: &[u8], data: &[u8]) -> Bytes {
    let mut changed = Vec::with_capacity(event.len());
    let mut put = false;
    let mut rest = event;
    while !rest.is_empty() {
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let length = rest.iter().position(is_end).unwrap_or(rest.len());
        let ends = match rest[length..] {
            [b'\r', b'\n', ..] => 2,
            [_, ..] => 1,
            [] => 0,
        };
        let (line, after) = rest.split_at(length + ends);
        let (text, end) = line.split_at(length);
        rest = after;
        if lines(text, b"data").next().is_none() {
            changed.extend_from_slice(line);
        } else if !std::mem::replace(&mut put, true) {
            for part in data.split(|byte| *byte == b'\n') {
                changed.extend_from_slice(b"data: ");
                changed.extend_from_slice(part);
                changed.extend_from_slice(end);
            }
        }
    }
    changed.into()
}
