//! The body of an answer that is an error.
//!
//! Which error it is stands in the head; the body has its words. So a body that is too long, breaks off or does not come is
//! taken as far as it came. The SDK reads it whole and by no clock.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::Response;
use http_body::{Body, Frame};
use tokio::time::{Instant, Sleep, sleep};

/// Longer than any text of an error.
const MOST: usize = 1 << 20;

struct Refusal {
    body: SdkBody,
    left: usize,
    idle: Option<(Duration, Pin<Box<Sleep>>)>,
}

/// Gives the body of an answer its bounds, if the answer is an error.
pub(super) fn bounded(answer: Response<SdkBody>, idle: Option<Duration>) -> Response<SdkBody> {
    if answer.status().is_success() || answer.body().bytes().is_some() {
        return answer;
    }
    answer.map(|body| {
        SdkBody::from_body_1_x(Refusal {
            body,
            left: MOST,
            idle: idle.map(|idle| (idle, Box::pin(sleep(idle)))),
        })
    })
}

impl Body for Refusal {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if let Some((after, sleep)) = &mut self.idle {
            if frame.is_pending() {
                ready!(sleep.as_mut().poll(context));
                return Poll::Ready(None);
            }
            let next = Instant::now() + *after;
            sleep.as_mut().reset(next);
        }
        let Some(Ok(frame)) = ready!(frame) else {
            return Poll::Ready(None);
        };
        let Ok(mut data) = frame.into_data() else {
            return Poll::Ready(None);
        };
        let data = data.split_to(self.left.min(data.len()));
        self.left -= data.len();
        Poll::Ready((!data.is_empty()).then(|| Ok(Frame::data(data))))
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::byte_stream::ByteStream;
    use http_body::SizeHint;

    use super::*;

    /// Pieces, and then an error or nothing any more.
    struct Broken(Vec<Bytes>, bool);

    impl Body for Broken {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
            match (self.0.pop(), self.1) {
                (Some(piece), _) => Poll::Ready(Some(Ok(Frame::data(piece)))),
                (None, true) => Poll::Ready(Some(Err(std::io::ErrorKind::ConnectionReset.into()))),
                (None, false) => Poll::Pending,
            }
        }

        fn size_hint(&self) -> SizeHint {
            SizeHint::default()
        }
    }

    async fn read(status: u16, body: Broken) -> Result<usize, String> {
        let answer = Response::builder()
            .status(status)
            .body(SdkBody::from_body_1_x(body));
        let answer = bounded(answer.expect("an answer"), Some(Duration::from_millis(1)));
        let whole = ByteStream::new(answer.into_body()).collect().await;
        whole
            .map(|whole| whole.into_bytes().len())
            .map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn an_error_is_taken_as_far_as_it_came() {
        let piece = || vec![Bytes::from_static(b"{\"message\": \"sl")];
        for fails in [false, true] {
            assert_eq!(read(503, Broken(piece(), fails)).await, Ok(15));
        }
        let endless = vec![Bytes::from(vec![b'x'; 3 * MOST / 4]); 9];
        assert_eq!(read(400, Broken(endless, false)).await, Ok(MOST));
        assert!(read(200, Broken(piece(), true)).await.is_err());
    }
}
