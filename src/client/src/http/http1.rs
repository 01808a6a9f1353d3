//! One request and its answer over an HTTP/1.1 connection.
//!
//! What stands on the wire is `ureq-proto`'s business: it lays out the head and reads heads, lengths and chunks. This file
//! moves the bytes. The call itself reads and writes the socket; there is no task beside it and no buffer while it waits,
//! which is what a thousand calls in flight cost little by.

use std::{
    future::poll_fn,
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use aws_smithy_types::body::SdkBody;
use bytes::{Buf, Bytes, BytesMut};
use http::{
    HeaderValue, Request, Response,
    header::{CONTENT_LENGTH, PROXY_AUTHORIZATION},
};
use http_body::{Body, Frame};
use tokio::{io::AsyncWrite, time::Instant};
use ureq_proto::{
    BodyMode,
    client::{
        Call, RecvBodyResult, RecvResponseResult, SendRequestResult,
        state::{Cleanup, RecvBody, RecvResponse},
    },
};

use super::{Before, origin::Origin, transport::Transport};
use crate::sent::{Passage, Sent};

/// What a head may take at most, so that a peer that never ends one cannot fill the memory. hyper allows about as much.
const HEAD: usize = 256 * 1024;

/// What a request's head takes as a rule, its signature included.
const USUAL_HEAD: usize = 1024;

/// A request, laid out, and what has come back so far.
pub(super) struct Http1Call {
    call: Call<RecvResponse>,
    head: Vec<u8>,
    body: Bytes,
    /// How much of the two the connection has taken.
    taken: usize,
    reads: bool,
    whole: Option<Instant>,
    /// The answer's head, where it came before the request was sent whole.
    early: Option<Response<()>>,
    heard: bool,
    received: BytesMut,
}

impl Http1Call {
    /// Lays a request out, in the form for the proxy that it is handed to, if there is one.
    pub(super) fn new(request: Request<Bytes>, proxy: Option<&Before>) -> io::Result<Self> {
        let reads = request.method().is_safe();
        let (mut parts, body) = request.into_parts();
        if let Some(authorization) = proxy.and_then(|proxy| proxy.authorization.clone()) {
            parts.headers.insert(PROXY_AUTHORIZATION, authorization);
        }
        let server = proxy.and_then(|_| Some(format!("http://{}", parts.uri.authority()?)));
        if !parts.headers.contains_key(CONTENT_LENGTH) {
            parts
                .headers
                .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        }
        let (mut head, _) = laid_out(Request::from_parts(parts, ()), &body)?;
        if let Some(server) = server
            && let Some(method) = head.iter().position(|byte| *byte == b' ')
        {
            head.splice(method + 1..=method, server.into_bytes());
        }
        // All of AWS's answers end where an answer to a plain GET would, so the request's headers need not wait for the
        // model, too.
        let (_, call) = laid_out(Request::new(()), &[])?;
        Ok(Self {
            call,
            head,
            body,
            taken: 0,
            reads,
            whole: None,
            early: None,
            heard: false,
            received: BytesMut::new(),
        })
    }

    /// Sends some more of the request; whether that was all, or all that the server wants to have before it answers.
    pub(super) async fn send(&mut self, transport: &mut Transport) -> io::Result<bool> {
        let stopped = poll_fn(|context| self.poll_send(transport, context)).await?;
        if !self.received.is_empty() {
            self.early = self.parse()?;
        }
        if self.whole.is_some() {
            // They need not wait for the model, either.
            (self.head, self.body) = (vec![], Bytes::new());
        }
        Ok(stopped || self.early.is_some() || self.whole.is_some())
    }

    /// Writes, or reads what comes meanwhile; whether the server takes no more.
    fn poll_send(
        &mut self,
        transport: &mut Transport,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<bool>> {
        let mut rest = (&self.head[..]).chain(&self.body[..]);
        rest.advance(self.taken);
        let done = if rest.has_remaining() {
            let mut slices = [IoSlice::new(&[]); 2];
            let count = rest.chunks_vectored(&mut slices);
            let written = Pin::new(&mut *transport).poll_write_vectored(context, &slices[..count]);
            written.map(|written| {
                let written = written?;
                self.taken += written;
                if written == 0 {
                    return Err(io::ErrorKind::WriteZero.into());
                }
                Ok(())
            })
        } else {
            let flushed = Pin::new(&mut *transport).poll_flush(context);
            flushed.map_ok(|()| self.whole = Some(Instant::now()))
        };
        match done {
            Poll::Ready(Ok(())) => Poll::Ready(Ok(false)),
            // A server that refuses a long prompt may answer and close before it has read all: the answer is what counts.
            Poll::Ready(Err(error)) => match self.poll_read(transport, context) {
                Poll::Ready(Ok(count)) if count > 0 => Poll::Ready(Ok(true)),
                _ => Poll::Ready(Err(error)),
            },
            Poll::Pending => match ready!(self.poll_read(transport, context))? {
                0 => Poll::Ready(Err(ended("before the request was sent"))),
                _ => Poll::Ready(Ok(false)),
            },
        }
    }

    fn poll_read(
        &mut self,
        transport: &mut Transport,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let count = ready!(transport.poll_append(context, &mut self.received))?;
        self.heard |= count > 0;
        Poll::Ready(Ok(count))
    }

    /// Reads the head of the answer.
    pub(super) async fn receive(&mut self, transport: &mut Transport) -> io::Result<Response<()>> {
        if let Some(answer) = self.early.take() {
            return Ok(answer);
        }
        loop {
            if let Some(answer) = self.parse()? {
                return Ok(answer);
            }
            if poll_fn(|context| self.poll_read(transport, context)).await? == 0 {
                return Err(ended(if self.heard {
                    "inside the answer's head"
                } else {
                    "before the answer"
                }));
            }
        }
    }

    /// The answer's head, if all of it has come. Interim answers before it are passed over.
    fn parse(&mut self) -> io::Result<Option<Response<()>>> {
        loop {
            let answer = self.call.try_response(&self.received, false);
            let (used, answer) = answer.map_err(|error| invalid(&error))?;
            self.received.advance(used);
            match answer {
                None if used > 0 => {}
                None if self.received.len() > HEAD => {
                    return Err(io::Error::other("the answer's head has no end"));
                }
                answer => return Ok(answer),
            }
        }
    }

    /// How far the request had come, now that the connection has ended. `kept` says whether it had served others before.
    pub(super) fn sent(&self, kept: bool) -> Sent {
        let passage = Passage {
            reads: self.reads,
            kept,
            whole: self.whole.map(|whole| whole.elapsed()),
            heard: self.heard,
        };
        passage.ended()
    }

    /// The body of an answer whose head was read. The connection goes back to `origin` at its end, unless the server waits
    /// for the rest of the request.
    pub(super) fn body(self, transport: Transport, origin: &Arc<Origin>) -> io::Result<SdkBody> {
        let origin = self.whole.map(|_| Arc::clone(origin));
        let mut body = match self.call.proceed() {
            Some(RecvResponseResult::RecvBody(call)) => Http1Body {
                under_way: Some((transport, call)),
                received: self.received,
                origin,
            },
            Some(RecvResponseResult::Redirect(call)) => {
                give_back(transport, &call.proceed(), &self.received, origin.as_ref());
                return Ok(SdkBody::empty());
            }
            Some(RecvResponseResult::Cleanup(call)) => {
                give_back(transport, &call, &self.received, origin.as_ref());
                return Ok(SdkBody::empty());
            }
            None => return Err(ended("inside the answer's head")),
        };
        // Most whole answers have come with their head. What is wrong with one is the same error whenever it comes.
        let first = body.decode().transpose();
        Ok(match (body.under_way.is_some(), first) {
            (false, None) => SdkBody::empty(),
            (false, Some(Ok(first))) => SdkBody::from(first),
            (_, first) => SdkBody::from_body_1_x(Begun { first, body }),
        })
    }
}

/// A request's head, and what reads the answer to it.
fn laid_out(request: Request<()>, body: &[u8]) -> io::Result<(Vec<u8>, Call<RecvResponse>)> {
    let mut call = Call::new(request).map_err(io::Error::other)?;
    if !body.is_empty() {
        call.force_send_body();
    }
    let mut call = call.proceed();
    let (mut head, mut written) = (vec![0; USUAL_HEAD], 0);
    while !call.can_proceed() {
        match call.write(&mut head[written..]) {
            Ok(count) => written += count,
            Err(ureq_proto::Error::OutputOverflow) => head.resize(2 * head.len(), 0),
            Err(error) => return Err(io::Error::other(error)),
        }
    }
    head.truncate(written);
    let call = match call.proceed().map_err(io::Error::other)? {
        Some(SendRequestResult::SendBody(mut call)) => {
            call.consume_direct_write(body.len())
                .map_err(io::Error::other)?;
            call.proceed()
        }
        Some(SendRequestResult::RecvResponse(call)) => Some(call),
        // Nobody here says `Expect: 100-continue`.
        Some(SendRequestResult::Await100(_)) | None => None,
    };
    let call = call.ok_or_else(|| io::Error::other("the request cannot be sent"))?;
    Ok((head, call))
}

/// An answer's body while it comes.
struct Http1Body {
    /// The connection, until the body has ended.
    under_way: Option<(Transport, Call<RecvBody>)>,
    received: BytesMut,
    /// Who takes the connection back.
    origin: Option<Arc<Origin>>,
}

impl Http1Body {
    /// Takes lengths and chunk marks off what has been received.
    fn decode(&mut self) -> io::Result<Option<Bytes>> {
        let Some((_, call)) = &mut self.under_way else {
            return Ok(None);
        };
        let mut data = BytesMut::zeroed(self.received.len());
        let (mut used, mut decoded) = (0, 0);
        loop {
            let step = call.read(&self.received[used..], &mut data[decoded..]);
            let (taken, given) = step.map_err(|error| invalid(&error))?;
            used += taken;
            decoded += given;
            if taken == 0 {
                break;
            }
        }
        self.received.advance(used);
        if self.received.is_empty() {
            // A stream may now wait for long.
            self.received = BytesMut::new();
        }
        data.truncate(decoded);
        if call.can_proceed() && call.body_mode() != BodyMode::CloseDelimited {
            self.end();
        }
        Ok((decoded > 0).then(|| data.freeze()))
    }

    fn end(&mut self) {
        let Some((transport, call)) = self.under_way.take() else {
            return;
        };
        match call.proceed() {
            Some(RecvBodyResult::Cleanup(call)) => {
                give_back(transport, &call, &self.received, self.origin.as_ref());
            }
            Some(RecvBodyResult::Redirect(call)) => {
                give_back(
                    transport,
                    &call.proceed(),
                    &self.received,
                    self.origin.as_ref(),
                );
            }
            None => {}
        }
    }

    fn poll_data(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        loop {
            if let Some(data) = self.decode()? {
                return Poll::Ready(Ok(Some(data)));
            }
            let Some((transport, call)) = &mut self.under_way else {
                return Poll::Ready(Ok(None));
            };
            if ready!(transport.poll_append(context, &mut self.received))? == 0 {
                if call.body_mode() == BodyMode::CloseDelimited {
                    self.under_way = None;
                    return Poll::Ready(Ok(None));
                }
                return Poll::Ready(Err(ended("inside the answer")));
            }
        }
    }
}

/// A connection that has done its work is kept for the next, unless one side said that it closes or bytes came that
/// belong to no answer.
fn give_back(
    transport: Transport,
    call: &Call<Cleanup>,
    left: &BytesMut,
    origin: Option<&Arc<Origin>>,
) {
    if let Some(origin) = origin
        && !call.must_close_connection()
        && left.is_empty()
    {
        origin.keep(transport);
    }
}

/// A body whose first bytes came with the head.
struct Begun {
    first: Option<io::Result<Bytes>>,
    body: Http1Body,
}

impl Body for Begun {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(first.map(Frame::data)));
        }
        let data = ready!(self.body.poll_data(context)).transpose();
        Poll::Ready(data.map(|data| data.map(Frame::data)))
    }
}

fn ended(place: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        format!("the connection ended {place}"),
    )
}

fn invalid(error: &ureq_proto::Error) -> io::Error {
    io::Error::other(format!("the answer is no HTTP/1.1: {error}"))
}

#[cfg(test)]
#[path = "http1_tests.rs"]
mod tests;
