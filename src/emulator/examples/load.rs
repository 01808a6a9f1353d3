//! Measures the emulator: `cargo run --release -p outcrop-emulator --example load`.
//!
//! Server and clients share this process; what counts is the processor time of the server's one thread, which does not
//! depend on what else the machine does. Linux only, since that is where threads tell it.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::header::{HOST, HeaderMap, HeaderValue};
use outcrop_emulator::http::Request;
use outcrop_emulator::model::Manner;
use outcrop_emulator::{Options, Server, Service, auth, clock};

type Outcome<T> = Result<T, Box<dyn Error>>;

const MODEL: &str = "/model/us.amazon.nova-lite-v1%3A0";
const BODY: &str = r#"{"messages":[{"role":"user","content":[{"text":"Name a mineral."}]}]}"#;
const CONNECTIONS: usize = 8;
const CALLS: usize = 10_000;
const STREAMS: usize = 500;
const REPLY_TOKENS: usize = 400;
const IDLE: usize = 5_000;
/// The kernel counts a thread's time in hundredths of a second.
const TICKS: f64 = 100.0;

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn main() -> Outcome<()> {
    let start = Instant::now();
    let server = started(Options::default())?;
    exchange(
        &mut TcpStream::connect(server.address())?,
        &signed("/converse", server.address())?,
    )?;
    println!(
        "start to first answer      {:>9.1} ms",
        start.elapsed().as_secs_f64() * 1e3
    );

    let plain = || Options {
        verify_signatures: false,
        ..Options::default()
    };
    let request = signed("/converse", server.address())?;
    let rate = calls(&server, &request, CALLS)?;
    println!("Converse, signed           {rate:>9.0} answers/s on one core");
    let open = started(plain())?;
    let rate = calls(&open, &unsigned("/converse"), CALLS)?;
    println!("Converse, not signed       {rate:>9.0} answers/s on one core");

    let manner = Manner {
        reply_tokens: REPLY_TOKENS,
        time_per_token: Duration::ZERO,
    };
    let streaming = started(Options { manner, ..plain() })?;
    let request = unsigned("/converse-stream");
    let mut connection = TcpStream::connect(streaming.address())?;
    let events = count(&exchange(&mut connection, &request)?, b":event-type");
    #[expect(
        clippy::cast_precision_loss,
        reason = "an answer has hundreds of events"
    )]
    let rate = calls(&streaming, &request, STREAMS)? * events as f64;
    println!("stream events              {rate:>9.0} events/s on one core ({events} a stream)");

    let slow = Manner {
        time_per_token: Duration::from_hours(1),
        ..Manner::default()
    };
    let waiting = started(Options {
        manner: slow,
        ..plain()
    })?;
    let before = resident()?;
    let mut streams = Vec::with_capacity(IDLE);
    for _ in 0..IDLE {
        let mut stream = TcpStream::connect(waiting.address()).map_err(|error| {
            format!("{error}: raise the limit of open files with `ulimit -n 16384`")
        })?;
        stream.write_all(&request)?;
        let mut first = [0; 4_096];
        if stream.read(&mut first)? == 0 {
            return Err("a stream ended".into());
        }
        streams.push(stream);
    }
    println!(
        "{IDLE} idle streams          {:>9.1} MiB",
        (resident()? - before) / 1_024.0
    );
    Ok(())
}

fn started(options: Options) -> Outcome<Server> {
    Ok(Server::start(Service::new(options)?, 0)?)
}

fn head(path: &str) -> String {
    format!(
        "POST {MODEL}{path} HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
        BODY.len()
    )
}

fn unsigned(path: &str) -> Arc<[u8]> {
    format!("{}host: localhost\r\n\r\n{BODY}", head(path))
        .into_bytes()
        .into()
}

/// A signature holds for five minutes, so one does for all; the server checks each of them.
fn signed(path: &str, address: SocketAddr) -> Outcome<Arc<[u8]>> {
    let time = auth::basic_format(clock::machine_time());
    let host = address.to_string();
    let mut headers = HeaderMap::new();
    headers.insert(HOST, HeaderValue::from_str(&host)?);
    headers.insert("x-amz-date", HeaderValue::from_str(&time)?);
    let request = Request {
        method: hyper::Method::POST,
        path: format!("{MODEL}{path}"),
        query: String::new(),
        headers,
        body: Bytes::from_static(BODY.as_bytes()),
        http2: false,
    };
    let key = Options::default().keys.remove(0);
    let scope = ("us-east-1", "bedrock");
    let authorization = auth::authorization(&request, &key, scope, &time, "host;x-amz-date")?;
    let mut text = head(path);
    write!(
        text,
        "host: {host}\r\nx-amz-date: {time}\r\nauthorization: {authorization}\r\n\r\n{BODY}"
    )?;
    Ok(text.into_bytes().into())
}

/// Answers in a second of the server's processor time.
fn calls(server: &Server, request: &Arc<[u8]>, each: usize) -> Outcome<f64> {
    let address = server.address();
    let before = server_time()?;
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let request = Arc::clone(request);
            std::thread::spawn(move || -> Result<(), String> {
                let mut connection =
                    TcpStream::connect(address).map_err(|error| error.to_string())?;
                for _ in 0..each {
                    exchange(&mut connection, &request).map_err(|error| error.to_string())?;
                }
                Ok(())
            })
        })
        .collect();
    for client in clients {
        client.join().map_err(|_| "a client panicked")??;
    }
    #[expect(clippy::cast_precision_loss, reason = "these are thousands")]
    let answers = (CONNECTIONS * each) as f64;
    Ok(answers / (server_time()? - before))
}

/// Sends a request and reads its answer to the end.
fn exchange(connection: &mut TcpStream, request: &[u8]) -> Outcome<Vec<u8>> {
    connection.write_all(request)?;
    let mut answer = Vec::with_capacity(1_024);
    let mut piece = [0; 16_384];
    loop {
        let length = connection.read(&mut piece)?;
        if length == 0 {
            return Err("the connection ended".into());
        }
        answer.extend_from_slice(&piece[..length]);
        if is_whole(&answer)? {
            return Ok(answer);
        }
    }
}

fn is_whole(answer: &[u8]) -> Outcome<bool> {
    let Some(end) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
        return Ok(false);
    };
    let head = std::str::from_utf8(&answer[..end])?.to_ascii_lowercase();
    if !head.starts_with("http/1.1 200") {
        return Err(format!("not answered: {}", String::from_utf8_lossy(answer)).into());
    }
    match head.split("content-length: ").nth(1) {
        Some(rest) => {
            let length: usize = rest.lines().next().unwrap_or_default().parse()?;
            Ok(answer.len() >= end + 4 + length)
        }
        None => Ok(answer.ends_with(b"\r\n0\r\n\r\n")),
    }
}

fn count(haystack: &[u8], needle: &[u8]) -> usize {
    haystack
        .windows(needle.len())
        .filter(|window| *window == needle)
        .count()
}

/// Seconds of processor time that the servers' threads have used.
fn server_time() -> Outcome<f64> {
    let mut ticks = 0;
    for task in fs::read_dir("/proc/self/task")? {
        let folder = task?.path();
        // A thread may end while the list is read.
        let Ok(told) = fs::read_to_string(folder.join("stat")) else {
            continue;
        };
        // The kernel cuts names at 15 characters.
        if told.contains("(outcrop-emulato)") {
            let fields: Vec<&str> = told
                .rsplit(')')
                .next()
                .unwrap_or_default()
                .split_whitespace()
                .collect();
            ticks += fields[11].parse::<u32>()? + fields[12].parse::<u32>()?;
        }
    }
    Ok(f64::from(ticks) / TICKS)
}

/// Resident memory of this process in KiB.
fn resident() -> Outcome<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .ok_or("no VmRSS")?;
    Ok(line.split_whitespace().next().unwrap_or_default().parse()?)
}
