//! Changes bodies: frames that are cut, wrong or replaced, and connections that end inside.

use std::time::Duration;

use super::effect::InBody;
use crate::http::{Body, Content, End};

/// Makes a body go wrong. What happens to events does not happen to a body without any.
pub fn change(body: &mut Body, change: &InBody) {
    match (&mut body.content, change) {
        (Content::Events(events), InBody::Exception(after, error)) => {
            events.end_with(*after, error);
        }
        (Content::Events(events), InBody::CutFrame(after)) => events.cut_frame(*after),
        (Content::Events(events), InBody::BadChecksum(after)) => events.damage(*after),
        (Content::Events(events), InBody::Reset(after)) => {
            events.keep(*after);
            body.end = End::Reset;
        }
        (Content::Events(events), InBody::Truncate(bytes)) => {
            events.cut(*bytes);
            body.end = End::Cut;
        }
        (Content::Whole(whole), InBody::Truncate(bytes)) => {
            let length = whole.len();
            body.announced_length = Some(length);
            whole.truncate(bytes.unwrap_or(length / 2));
            body.end = End::Cut;
        }
        (Content::Whole(_), _) => {}
    }
}

/// Makes a stream pause after `events` events.
pub fn stall(body: &mut Body, after: usize, pause: Duration) {
    if let Content::Events(events) = &mut body.content {
        events.stall(after, pause);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::stream::{Events, Kind};

    #[test]
    fn a_whole_body_is_announced_longer_than_it_is() {
        let mut body = Body::whole(vec![1; 100]);
        change(&mut body, &InBody::Truncate(None));
        let Content::Whole(bytes) = &body.content else {
            panic!("it was whole")
        };
        assert_eq!(
            (body.announced_length, bytes.len(), body.end),
            (Some(100), 50, End::Cut)
        );
    }

    #[test]
    fn a_connection_is_reset_after_the_events_before() {
        let mut events = Events::new(Duration::ZERO, 1);
        (0..3).for_each(|_| events.push(Kind::BlockDelta, &json!({}), true));
        let mut body = Body::streamed(events);
        change(&mut body, &InBody::Reset(2));
        stall(&mut body, 2, Duration::from_secs(9));
        let Content::Events(events) = &body.content else {
            panic!("it was a stream")
        };
        assert_eq!((events.len(), body.end), (2, End::Reset));
        assert_eq!(events.wait(2), Duration::from_secs(9));
    }
}
