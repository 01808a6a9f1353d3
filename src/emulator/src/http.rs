//! A request as it arrived and an answer as it shall leave, without a socket.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, StatusCode};

use crate::completion::Completion;
use crate::stream::Events;

/// One HTTP request, read to its end.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: Method,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// What stands after `?`, still percent-encoded.
    pub query: String,
    /// All headers; `host` is there for HTTP/2 too.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
    /// Whether it came over HTTP/2.
    pub http2: bool,
}

impl Request {
    /// A header as text, or nothing when it is absent or not text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// How a body ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// As HTTP wants it.
    #[default]
    Complete,
    /// The connection closes although more was announced.
    Cut,
    /// The connection is reset (TCP RST).
    Reset,
}

/// What a body holds.
#[derive(Clone, Debug)]
pub enum Content {
    /// Bytes that are sent at once.
    Whole(Bytes),
    /// Events, each sent when it is due.
    Events(Events),
}

/// What an answer sends after its headers.
#[derive(Clone, Debug)]
pub struct Body {
    /// Everything that will be sent.
    pub content: Content,
    /// How it ends.
    pub end: End,
    /// A length to announce that differs from what is sent.
    pub announced_length: Option<usize>,
}

impl Body {
    /// A body that is sent at once.
    #[must_use]
    pub fn whole(bytes: impl Into<Bytes>) -> Self {
        Self::new(Content::Whole(bytes.into()))
    }

    /// A body of events.
    #[must_use]
    pub fn streamed(events: Events) -> Self {
        Self::new(Content::Events(events))
    }

    fn new(content: Content) -> Self {
        Self {
            content,
            end: End::Complete,
            announced_length: None,
        }
    }
}

/// What happens to the connection before any answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is closed.
    Closed,
    /// It is reset (TCP RST).
    Reset,
}

/// An answer: what to send, when, and what to note once it is sent.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// All headers but those that HTTP itself adds.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// What is sent.
    pub body: Body,
    /// How long to wait before the first byte.
    pub delay: Duration,
    /// Instead of an answer: a connection that ends.
    pub refusal: Option<Refusal>,
    /// Tells journal, capacity and log how it went.
    pub completion: Option<Arc<Completion>>,
}

impl Answer {
    /// An answer with a body of the content type given.
    #[must_use]
    pub fn new(status: u16, content_type: &'static str, body: Body) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            headers: vec![(
                hyper::header::CONTENT_TYPE,
                HeaderValue::from_static(content_type),
            )],
            body,
            delay: Duration::ZERO,
            refusal: None,
            completion: None,
        }
    }

    /// A JSON answer.
    #[must_use]
    pub fn json(status: u16, value: &serde_json::Value) -> Self {
        Self::new(status, "application/json", Body::whole(value.to_string()))
    }

    /// The answer for an error.
    #[must_use]
    pub fn error(error: &crate::error::ServiceError) -> Self {
        Self::new(error.status, "application/json", Body::whole(error.body()))
            .with_header("x-amzn-errortype", &error.error_type())
    }

    /// Adds a header; a value that HTTP cannot carry is left out.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((HeaderName::from_static(name), value));
        }
        self
    }
}
