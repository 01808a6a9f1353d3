//! Answers of every framing, cut into pieces anywhere, read over a real socket.

use std::time::Duration;

use aws_smithy_types::byte_stream::ByteStream;
use proptest::prelude::*;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Builder,
};

use super::*;
use crate::{
    http::{
        Room,
        origin::Keeping,
        transport::{Link, Stream},
    },
    settings::HttpVersion,
};

/// How an answer says where it ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Framing {
    Length,
    Chunks,
    Close,
}

fn answer(framing: Framing, pieces: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n".to_vec();
    match framing {
        Framing::Length => {
            let length: usize = pieces.iter().map(Vec::len).sum();
            bytes.extend(format!("Content-Length: {length}\r\n\r\n").bytes());
            bytes.extend(pieces.concat());
        }
        Framing::Chunks => {
            bytes.extend(b"Transfer-Encoding: chunked\r\n\r\n");
            for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
                bytes.extend(format!("{:X};why=not\r\n", piece.len()).bytes());
                bytes.extend(piece);
                bytes.extend(b"\r\n");
            }
            bytes.extend(b"0\r\n\r\n");
        }
        Framing::Close => {
            bytes.extend(b"\r\n");
            bytes.extend(pieces.concat());
        }
    }
    bytes
}

/// Asks a server that reads a whole request and then writes `parts`, one at a time; it hangs up then, or when the answer's
/// head was read. What came back: the body, and whether the connection was kept.
async fn ask(
    parts: Vec<Vec<u8>>,
    body: &'static [u8],
    hangs_up: bool,
) -> io::Result<(Bytes, bool)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await?;
        socket.set_nodelay(true)?;
        let (mut request, mut buffer) = (vec![], [0; 4096]);
        while !request.ends_with(body) || !request.windows(4).any(|end| end == b"\r\n\r\n") {
            let count = socket.read(&mut buffer).await?;
            request.extend_from_slice(&buffer[..count]);
        }
        for part in parts {
            socket.write_all(&part).await?;
            tokio::task::yield_now().await;
        }
        io::Result::Ok((!hangs_up).then_some(socket))
    });
    let url = format!("http://{address}");
    let keeping = Keeping {
        idle: Duration::from_secs(50),
        most: 1,
        patience: None,
    };
    let room = Room::of(8);
    let origin = Origin::new(&url, HttpVersion::Automatic, keeping, &room).expect("a URL");
    let mut transport =
        Transport::from(Stream::Plain(Link::Tcp(TcpStream::connect(address).await?)));
    let request = Request::post(format!("http://{address}/model/m/converse"));
    let request = request.body(Bytes::from_static(body)).expect("a request");
    let mut exchange = Http1Call::new(request, None)?;
    while !exchange.send(&mut transport).await? {}
    let head = exchange.receive(&mut transport).await?;
    assert!(hangs_up || head.status() == 200);
    let socket = server.await??;
    let kept = async {
        let answer = exchange.body(transport, &origin)?;
        ByteStream::new(answer)
            .collect()
            .await
            .map_err(io::Error::other)
    };
    // This ends answers without a length.
    drop(socket);
    let whole = kept.await?;
    Ok((whole.into_bytes(), origin.keeps() == 1))
}

fn run<T>(work: impl Future<Output = T>) -> T {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

fn cut(bytes: &[u8], at: &[prop::sample::Index]) -> Vec<Vec<u8>> {
    let mut places: Vec<usize> = at.iter().map(|index| index.index(bytes.len())).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places
        .windows(2)
        .map(|pair| bytes[pair[0]..pair[1]].to_vec())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_framing_gives_the_same_bytes(
        framing in prop_oneof![Just(Framing::Length), Just(Framing::Chunks), Just(Framing::Close)],
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3000), 0..5),
        at in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let parts = cut(&answer(framing, &pieces), &at);
        let (body, kept) = run(ask(parts, b"{}", false)).expect("an answer");
        prop_assert_eq!(&body[..], &pieces.concat()[..]);
        prop_assert_eq!(kept, framing != Framing::Close);
    }

    #[test]
    fn nonsense_is_an_error_and_no_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        framing in prop_oneof![Just(Framing::Length), Just(Framing::Chunks)],
        at in any::<prop::sample::Index>(),
    ) {
        let mut mangled = answer(framing, &[b"0123456789".to_vec()]);
        let at = at.index(mangled.len());
        mangled.splice(at.., bytes);
        // What comes of it is the server's affair; that it comes to an end is ours.
        let _ = run(ask(vec![mangled], b"{}", true));
    }
}

#[test]
fn bytes_that_belong_to_no_answer_end_the_connection() {
    let mut bytes = answer(Framing::Length, &[b"{}".to_vec()]);
    bytes.extend(b"HTTP/1.1 200 OK\r\n\r\n");
    let (body, kept) = run(ask(vec![bytes], b"", false)).expect("an answer");
    assert_eq!((&body[..], kept), (&b"{}"[..], false));
}

#[test]
fn a_long_request_that_is_refused_early_gets_its_answer() {
    let refused = run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await?;
            let answer = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n";
            socket.write_all(answer).await?;
            io::Result::Ok(socket)
        });
        let mut transport =
            Transport::from(Stream::Plain(Link::Tcp(TcpStream::connect(address).await?)));
        let request = Request::post(format!("http://{address}/"));
        let body = Bytes::from(vec![b'x'; 64 << 20]);
        let mut exchange = Http1Call::new(request.body(body).expect("a request"), None)?;
        while !exchange.send(&mut transport).await? {}
        let head = exchange.receive(&mut transport).await?;
        let _socket = server.await??;
        io::Result::Ok(head.status())
    });
    assert_eq!(refused.expect("an answer"), 413);
}
