//! Changes bodies: frames that are cut, wrong or replaced, and connections that end inside.

use std::time::Duration;

use bytes::{Bytes, BytesMut};

use super::effect::InBody;
use crate::http::{Body, End, Step};
use crate::stream;

/// Where the event after `events` others starts, and where it ends.
fn event(body: &Body, events: usize) -> (usize, usize) {
    let start = events.checked_sub(1).map_or(0, |last| {
        body.steps
            .get(last)
            .map_or(body.bytes.len(), |step| step.end)
    });
    let end = body
        .steps
        .get(events)
        .map_or(body.bytes.len(), |step| step.end);
    (start, end)
}

/// Keeps the first `length` bytes, and the steps that they hold.
fn keep(body: &mut Body, length: usize) {
    body.bytes.truncate(length);
    let whole = body.steps.iter().filter(|step| step.end <= length).count();
    let inside = body.steps.get(whole).map(|step| step.wait);
    body.steps.truncate(whole);
    if let Some(wait) = inside.filter(|_| body.steps.last().map_or(0, |step| step.end) < length) {
        body.steps.push(Step { end: length, wait });
    }
}

/// Makes a body go wrong.
pub fn change(body: &mut Body, change: &InBody) {
    match change {
        InBody::Exception(events, error) => {
            let (start, _) = event(body, *events);
            keep(body, start);
            let frame = stream::exception(&error.event_type(), &error.message);
            let mut bytes = BytesMut::from(&body.bytes[..]);
            bytes.extend_from_slice(&frame);
            body.bytes = bytes.freeze();
            body.steps.push(Step {
                end: body.bytes.len(),
                wait: Duration::ZERO,
            });
        }
        InBody::CutFrame(events) => {
            let (start, end) = event(body, *events);
            keep(body, start + (end - start) / 2);
        }
        InBody::BadChecksum(events) => {
            let (start, end) = event(body, *events);
            if end > start {
                let mut bytes = body.bytes.to_vec();
                bytes[end - 1] ^= 0xff;
                body.bytes = Bytes::from(bytes);
            }
        }
        InBody::Reset(events) => {
            let (start, _) = event(body, *events);
            keep(body, start);
            body.end = End::Reset;
        }
        InBody::Truncate(bytes) => {
            let length = body.bytes.len();
            if body.steps.is_empty() {
                body.announced_length = Some(length);
            }
            keep(body, bytes.unwrap_or(length / 2).min(length));
            body.end = End::Cut;
        }
    }
}

/// Makes a stream pause after `events` events.
pub fn stall(body: &mut Body, events: usize, pause: Duration) {
    match body.steps.get_mut(events) {
        Some(step) => step.wait = step.wait.saturating_add(pause),
        None => body.steps.push(Step {
            end: body.bytes.len(),
            wait: pause,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ServiceError;

    fn body() -> Body {
        let steps = [10, 20, 30].map(|end| Step {
            end,
            wait: Duration::ZERO,
        });
        Body {
            bytes: Bytes::from(vec![7; 30]),
            steps: steps.to_vec(),
            ..Body::default()
        }
    }

    fn changed(how: &InBody) -> Body {
        let mut body = body();
        change(&mut body, how);
        body
    }

    #[test]
    fn streams_end_where_they_are_told_to() {
        assert_eq!(changed(&InBody::CutFrame(1)).bytes.len(), 15);
        assert_eq!(changed(&InBody::CutFrame(9)).bytes.len(), 30);
        let reset = changed(&InBody::Reset(2));
        assert_eq!((reset.bytes.len(), reset.end), (20, End::Reset));
        let wrong = changed(&InBody::BadChecksum(0));
        assert_eq!((wrong.bytes[9], wrong.bytes.len()), (7 ^ 0xff, 30));
        let ended = changed(&InBody::Exception(1, ServiceError::validation("x")));
        assert!(ended.bytes.len() > 10 && ended.steps.len() == 2);
    }

    #[test]
    fn a_whole_body_is_announced_longer_than_it_is() {
        let mut whole = Body::whole(vec![1; 100]);
        change(&mut whole, &InBody::Truncate(None));
        assert_eq!(
            (whole.announced_length, whole.bytes.len(), whole.end),
            (Some(100), 50, End::Cut)
        );
    }

    #[test]
    fn a_stall_waits_before_the_next_event() {
        let mut stalled = body();
        stall(&mut stalled, 1, Duration::from_secs(9));
        assert_eq!(stalled.steps[1].wait, Duration::from_secs(9));
    }
}
