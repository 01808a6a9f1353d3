//! One connection: requests in, answers out.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderValue};
use hyper::service::service_fn;
use hyper::{Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;

use super::body::Timeline;
use super::wire::{Fuse, Wire};
use crate::error::ServiceError;
use crate::http::{Answer, Content, End, Refusal, Request};
use crate::journal::Outcome;
use crate::state::Service;

/// `InvokeModel` takes 25,000,000 bytes; Converse's base64 makes documents a third larger.
const LARGEST_BODY: usize = 36_000_000;
/// How long the headers of a request may take.
const HEADERS: Duration = Duration::from_secs(30);

/// Serves a connection to its end.
pub async fn serve(stream: TcpStream, service: Arc<Service>) {
    let _ = stream.set_nodelay(true);
    let fuse = Fuse::default();
    let wire = TokioIo::new(Wire::new(stream, fuse.clone()));
    let answering = service_fn(move |request| answer(request, Arc::clone(&service), fuse.clone()));
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .pipeline_flush(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(1_024);
    // A connection that breaks, or that speaks no HTTP, ends; its requests have been noted already.
    let _ = builder.serve_connection(wire, answering).await;
}

async fn answer(
    request: hyper::Request<Incoming>,
    service: Arc<Service>,
    fuse: Fuse,
) -> io::Result<Response<Timeline>> {
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            let message =
                format!("the request body is larger than {LARGEST_BODY} bytes: send less");
            let error = ServiceError::new("RequestEntityTooLargeException", message);
            return Ok(response(Answer::error(&error), fuse));
        }
        Err(_) => return Err(io::ErrorKind::UnexpectedEof.into()),
    };
    let keeps = keeps_alive(&parts);
    let mut answer = service.handle(read(parts, &body));
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    if let Some(refusal) = answer.refusal {
        if refusal == Refusal::Reset {
            fuse.blow();
        }
        if let Some(completion) = answer.completion.take() {
            completion.finish(Outcome::Broken);
        }
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    let mut response = response(answer, fuse);
    if keeps {
        let value = HeaderValue::from_static("keep-alive");
        response.headers_mut().insert(CONNECTION, value);
    }
    Ok(response)
}

/// Whether the connection is one of HTTP/1.1 that stays, which Bedrock says.
fn keeps_alive(parts: &hyper::http::request::Parts) -> bool {
    let closes = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"close");
    parts.version == Version::HTTP_11 && !parts.headers.get_all(CONNECTION).iter().any(closes)
}

fn read(parts: hyper::http::request::Parts, body: &[u8]) -> Request {
    let mut headers: HeaderMap = parts.headers;
    // Both are windows into the connection's read buffer, and the journal keeps them: copies let the buffer go.
    let body = Bytes::copy_from_slice(body);
    for value in headers.values_mut() {
        if let Ok(copy) = HeaderValue::from_bytes(value.as_bytes()) {
            *value = copy;
        }
    }
    if !headers.contains_key(HOST)
        && let Some(host) = parts
            .uri
            .authority()
            .and_then(|authority| HeaderValue::from_str(authority.as_str()).ok())
    {
        headers.insert(HOST, host);
    }
    Request {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers,
        body,
        http2: parts.version == Version::HTTP_2,
    }
}

fn response(mut answer: Answer, fuse: Fuse) -> Response<Timeline> {
    let announced = answer.body.announced_length;
    let completion = answer.completion.take();
    let whole =
        matches!(answer.body.content, Content::Whole(_)) && answer.body.end == End::Complete;
    if let Some(completion) = completion.as_ref().filter(|_| whole) {
        // The caller may look at the journal as soon as it has the answer.
        completion.finish(Outcome::Answered);
    }
    let mut response = Response::new(Timeline::new(answer.body, fuse, completion));
    *response.status_mut() = answer.status;
    response.headers_mut().extend(answer.headers);
    if let Some(length) = announced {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    response
}
