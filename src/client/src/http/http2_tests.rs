//! PINGs, and connections that die without a word, by a clock that the tests move.

use std::{
    future::pending,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use bytes::Bytes;
use h2::{
    Ping, PingPong, RecvStream,
    server::{SendResponse, handshake},
};
use http::{Request, Response};
use hyper::rt::{Sleep, Timer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, mpsc, watch},
    task::JoinHandle,
    time::sleep,
};

use super::*;
use crate::http::transport::{Link, Stream};

/// The silence before a PING, and the wait for its answer.
const MINUTE: Duration = Duration::from_mins(1);
const SECOND: Duration = Duration::from_secs(1);

/// The connection's clock.
#[derive(Clone)]
struct HeldTimer(watch::Sender<Instant>);

/// It may be asked again once it is over.
struct Until(Option<Pin<Box<dyn Future<Output = ()> + Send + Sync>>>);

impl Future for Until {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if let Some(waiting) = &mut self.0 {
            ready!(waiting.as_mut().poll(context));
            self.0 = None;
        }
        Poll::Ready(())
    }
}

impl Sleep for Until {}

impl Timer for HeldTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        let mut clock = self.0.subscribe();
        Box::pin(Until(Some(Box::pin(async move {
            let _ = clock.wait_for(|now| *now >= deadline).await;
        }))))
    }

    fn now(&self) -> Instant {
        *self.0.borrow()
    }
}

impl HeldTimer {
    fn new() -> Self {
        Self(watch::Sender::new(Instant::now()))
    }

    /// Lets time pass, second by second; what was said in one is heard before the next, since all is on one thread.
    async fn pass(&self, time: Duration) {
        for _ in 0..time.as_secs() {
            self.0.send_modify(|now| *now += SECOND);
            sleep(Duration::from_millis(1)).await;
        }
    }
}

/// Calls that would wait for ever.
struct Patient;

impl Clocks for Patient {
    fn stalled(&self) -> impl Future<Output = Error> {
        pending()
    }

    async fn first_byte<T>(&self, answer: impl Future<Output = T>) -> Result<T, Error> {
        Ok(answer.await)
    }
}

/// A server of one connection, and its client.
struct Pair {
    client: Arc<Http2>,
    clock: HeldTimer,
    asked: mpsc::UnboundedReceiver<(Request<RecvStream>, SendResponse<Bytes>)>,
    /// What pings the client.
    pings: PingPong,
    /// Rung to make the server deaf and dumb. Its system still acknowledges what comes.
    dies: Arc<Notify>,
}

type Call = JoinHandle<Result<Response<SdkBody>, Unanswered>>;

impl Pair {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("its address");
        let socket = TcpStream::connect(address).await.expect("a connection");
        let clock = HeldTimer::new();
        let client = Http2::timed(Stream::Plain(Link::Tcp(socket)).into(), clock.clone());
        let serving = async {
            let (socket, _) = listener.accept().await.expect("a connection");
            let mut server = handshake(socket).await.expect("a client of HTTP/2");
            let pings = server.ping_pong().expect("the first to ask");
            let (asks, asked) = mpsc::unbounded_channel();
            let dies = Arc::new(Notify::new());
            let dead = Arc::clone(&dies);
            tokio::spawn(async move {
                loop {
                    tokio::select! {
                        biased;
                        () = dead.notified() => pending().await,
                        request = server.accept() => match request {
                            Some(Ok(request)) => asks.send(request).expect("a test"),
                            _ => return,
                        },
                    }
                }
            });
            (asked, pings, dies)
        };
        let (client, (asked, pings, dies)) = tokio::join!(client, serving);
        Self {
            client: client.expect("an HTTP/2 connection"),
            clock,
            asked,
            pings,
            dies,
        }
    }

    /// Starts a call; it is under way when its request has come whole.
    async fn call(&mut self) -> (Call, SendResponse<Bytes>) {
        let request = Request::post("http://bedrock/model/m/converse");
        let request = request.body(Bytes::from_static(b"{}")).expect("a request");
        let place = self.client.place().expect("a place");
        let call = tokio::spawn(place.send(request, false, &Patient));
        let (mut request, answer) = self.asked.recv().await.expect("a request");
        while let Some(piece) = request.body_mut().data().await {
            piece.expect("a piece");
        }
        (call, answer)
    }
}

/// Answers with the head, and with a body where there is one.
fn say(mut answer: SendResponse<Bytes>, body: Option<&'static str>) -> h2::SendStream<Bytes> {
    let head = Response::new(());
    let mut sending = answer.send_response(head, false).expect("an answer");
    if let Some(body) = body {
        let body = Bytes::from_static(body.as_bytes());
        sending.send_data(body, true).expect("a body");
    }
    sending
}

/// What a call says whose connection died under it.
async fn assert_died(call: Call) {
    let Err(Unanswered::Failed { reason, sent }) = call.await.expect("no panic") else {
        panic!("it failed otherwise, or not");
    };
    assert_eq!(
        (reason.as_str(), sent),
        ("it has not answered a PING for 45 s", Sent::Paid)
    );
}

#[tokio::test]
async fn a_server_that_answers_pings_may_take_its_time() {
    let mut pair = Pair::new().await;
    let (call, answer) = pair.call().await;
    pair.clock.pass(MINUTE * 5).await;
    say(answer, Some("{}"));
    assert!(call.await.expect("no panic").is_ok());
}

#[tokio::test]
async fn a_server_that_answers_no_ping_is_given_up_after_a_minute_by_all_its_calls() {
    let mut pair = Pair::new().await;
    let calls = [pair.call().await, pair.call().await, pair.call().await];
    pair.dies.notify_one();
    pair.clock.pass(SECOND * 59).await;
    assert!(calls.iter().all(|(call, _)| !call.is_finished()));
    pair.clock.pass(SECOND * 2).await;
    for (call, _) in calls {
        assert_died(call).await;
    }
    // Nobody is given the dead connection.
    assert!(pair.client.place().is_none());
}

#[tokio::test]
async fn a_stream_whose_server_dies_ends_after_a_minute() {
    let mut pair = Pair::new().await;
    let (call, answer) = pair.call().await;
    let mut sending = say(answer, None);
    let answer = call.await.expect("no panic");
    let Ok(answer) = answer else {
        panic!("it was answered")
    };
    let piece = Bytes::from_static(b"one");
    sending.send_data(piece, false).expect("a piece");
    let mut body = ByteStream::new(answer.into_body());
    assert_eq!(body.next().await.expect("more").expect("a piece"), "one");
    pair.dies.notify_one();
    pair.clock.pass(MINUTE + SECOND).await;
    body.next()
        .await
        .expect("no clean end")
        .expect_err("an end");
}

#[tokio::test]
async fn a_connection_that_died_between_two_calls_is_pinged_by_the_next_at_once() {
    let mut pair = Pair::new().await;
    let (call, answer) = pair.call().await;
    say(answer, Some("{}"));
    drop(call.await);
    pair.dies.notify_one();
    pair.clock.pass(MINUTE / 2).await;
    let place = pair.client.place().expect("nobody knows of it");
    let request = Request::post("http://bedrock/").body(Bytes::new());
    let call = tokio::spawn(place.send(request.expect("a request"), false, &Patient));
    pair.clock.pass(PATIENCE + SECOND).await;
    assert_died(call).await;
}

#[tokio::test]
async fn a_servers_pings_are_answered_while_a_call_waits() {
    let mut pair = Pair::new().await;
    let (call, answer) = pair.call().await;
    for _ in 0..3 {
        pair.clock.pass(MINUTE).await;
        pair.pings.ping(Ping::opaque()).await.expect("its answer");
    }
    say(answer, Some("{}"));
    assert!(call.await.expect("no panic").is_ok());
}
