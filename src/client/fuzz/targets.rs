//! What parses bytes from outside, each as a function that must bear anything.
//!
//! `make fuzz` lets coverage choose the bytes, `tests/bytes.rs` lets proptest do it within every run of the tests. The
//! first byte says how the others are read.

#![allow(dead_code, reason = "each binary has one target of these")]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use flate2::Crc;
use outcrop_client::call::{Answer, Call};
use outcrop_client::client::Client;
use outcrop_client::error::Error;
use outcrop_client::log_records::{Dimension, Reader, Record, Table, Window};
use outcrop_client::metrics::Usage;
use outcrop_client::model::{Location, Service};
use outcrop_client::session::Session;
use outcrop_client::settings::{Keys, Proxy, Retries, Secret, Settings, Timeouts};
use outcrop_client::stream::{End, Event, Frames};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// How the bytes come, and the bytes: in pieces of 1 to 64, and with the lowest bit set in the other of two ways.
fn cut(bytes: &[u8]) -> Option<(usize, bool, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    Some((usize::from(first >> 2) + 1, first & 1 == 1, rest))
}

/// Nobody guesses a checksum, so those of frames that are long enough are put right.
fn with_checksums(bytes: &[u8]) -> Vec<u8> {
    let checksum = |bytes: &[u8]| {
        let mut crc = Crc::new();
        crc.update(bytes);
        crc.sum().to_be_bytes()
    };
    let (mut bytes, mut start) = (bytes.to_vec(), 0);
    while let Some(length) = bytes[start..].first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        let Some(frame) = bytes[start..].get_mut(..length).filter(|it| it.len() >= 16) else {
            break;
        };
        let prelude = checksum(&frame[..8]);
        frame[8..12].copy_from_slice(&prelude);
        let whole = checksum(&frame[..length - 4]);
        frame[length - 4..].copy_from_slice(&whole);
        start += length;
    }
    bytes
}

/// The events of a stream that comes in pieces, and how it failed.
pub fn decoded(bytes: &[u8], piece: usize) -> (Vec<Event>, Option<String>) {
    let (mut frames, mut events) = (Frames::new(End::Kind("messageStop")), vec![]);
    for chunk in bytes.chunks(piece) {
        frames.push(chunk);
        loop {
            match frames.take() {
                Ok(more) if more.is_empty() => break,
                Ok(more) => events.extend(more),
                Err(error) => return (events, Some(error.to_string())),
            }
        }
    }
    (events, frames.finish().err().map(|error| error.to_string()))
}

/// Frames of an event stream: where the network cuts them makes no difference.
pub fn frames(bytes: &[u8]) {
    let Some((piece, mended, bytes)) = cut(bytes) else {
        return;
    };
    let bytes = if mended {
        with_checksums(bytes)
    } else {
        bytes.to_vec()
    };
    let whole = decoded(&bytes, usize::MAX);
    assert_eq!(decoded(&bytes, piece), whole);
    for event in whole.0 {
        let _ = Usage::of_body(&event.payload);
        let _ = Usage::of_chunk(&event.payload);
    }
}

/// Log objects, compressed or not: where they are cut makes no difference, and a record says what it says to `serde_json`.
pub fn log(bytes: &[u8]) {
    let Some((piece, _, bytes)) = cut(bytes) else {
        return;
    };
    let read = |piece: usize| {
        let mut reader = Reader::new(Table::new(Window::default()));
        let failed = bytes
            .chunks(piece)
            .any(|chunk| reader.write(chunk).is_err());
        let failed = reader.end_object().is_err() || failed;
        let table = reader.table_mut();
        let calls: u64 = table
            .rows(&Dimension::ALL)
            .iter()
            .map(|it| it.sums.calls)
            .sum();
        assert_eq!(calls, table.records());
        (failed, table.records(), table.malformed())
    };
    // A damaged archive gives what stood before the damage, which is more or less by how it was cut.
    let (whole, cut) = (read(bytes.len().max(1)), read(piece));
    assert!(
        whole.0 == cut.0 && (whole.0 || whole == cut),
        "{whole:?} {cut:?}"
    );
    for line in bytes.split(|byte| *byte == b'\n') {
        let Ok(Value::Object(json)) = serde_json::from_slice(line) else {
            let _ = Record::parse(line);
            continue;
        };
        let record = Record::parse(line).expect("a JSON object is a record");
        // A name that is written with escapes is not looked for.
        if !line.contains(&b'\\') {
            let text = |name: &str| json.get(name).and_then(Value::as_str);
            assert_eq!(record.region.as_deref(), text("region"));
            assert_eq!(record.model_id.as_deref(), text("modelId"));
            let serving = text("inferenceRegion").filter(|region| !region.is_empty());
            assert_eq!(record.inference_region.as_deref(), serving);
        }
    }
}

/// Tokens in a body: what `serde_json` finds there.
pub fn body(bytes: &[u8]) {
    let usage = Usage::of_body(bytes);
    let _ = Usage::of_chunk(bytes);
    let Ok(Value::Object(json)) = serde_json::from_slice(bytes) else {
        return;
    };
    let said_once = bytes.windows(7).filter(|it| it == b"\"usage\"").count() == 1;
    if !said_once || bytes.contains(&b'\\') {
        return;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float cast saturates, as the one that is looked at"
    )]
    let count = |name: &str| {
        let number = json.get("usage").and_then(|usage| usage.get(name));
        number.and_then(Value::as_f64).unwrap_or(0.0) as u64
    };
    let expected = Usage {
        input: count("inputTokens"),
        output: count("outputTokens"),
        cache_read: count("cacheReadInputTokens"),
        cache_write: count("cacheWriteInputTokens"),
    };
    assert_eq!(usage, expected);
}

/// A client, and what its server answers next.
struct Called {
    runtime: Runtime,
    client: Client,
    said: Arc<Mutex<Vec<u8>>>,
}

static CALLED: LazyLock<Mutex<Called>> = LazyLock::new(|| Mutex::new(called()));

fn called() -> Called {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a port");
    let port = listener.local_addr().expect("it is bound").port();
    let said = Arc::<Mutex<Vec<u8>>>::default();
    let saying = Arc::clone(&said);
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            // A client that has heard enough may be gone.
            let _ = say(
                socket,
                &saying.lock().unwrap_or_else(PoisonError::into_inner),
            );
        }
    });
    let settings = Settings {
        region_name: Some("us-east-1".into()),
        endpoint_url: Some(format!("http://127.0.0.1:{port}")),
        keys: Some(Keys {
            access_key_id: "AKIDEXAMPLE".into(),
            secret_access_key: Secret::new("secret".into()),
            session_token: None,
        }),
        timeouts: Timeouts {
            total: Some(Duration::from_secs(20)),
            ..Timeouts::default()
        },
        retries: Retries {
            mode: None,
            max_attempts: Some(1),
        },
        proxy: Proxy::None,
        ..Settings::default()
    };
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let handle = runtime.handle().clone();
    let client = runtime.block_on(async {
        let connection = Session::open(settings, Arc::new(move || Ok(handle.clone())))?;
        Client::new(&connection, Service::BedrockRuntime, &connection.http()).await
    });
    let client = client.expect("nothing is missing");
    Called {
        runtime,
        client,
        said,
    }
}

/// Reads a request to its end, which is `}` here, answers and closes.
fn say(mut socket: TcpStream, answer: &[u8]) -> std::io::Result<()> {
    let (mut request, mut piece) = (vec![], [0; 4096]);
    while !request.ends_with(b"\r\n\r\n{}") {
        match socket.read(&mut piece)? {
            0 => return Ok(()),
            count => request.extend_from_slice(&piece[..count]),
        }
    }
    socket.write_all(answer)?;
    socket.shutdown(Shutdown::Both)
}

/// What a call comes to whose server says these bytes. A stream is read to its end.
pub fn heard(bytes: &[u8], streams: bool) -> Result<Option<Answer>, Error> {
    let called = CALLED.lock().unwrap_or_else(PoisonError::into_inner);
    *called.said.lock().unwrap_or_else(PoisonError::into_inner) = bytes.to_vec();
    let name = if streams {
        "ConverseStream"
    } else {
        "Converse"
    };
    let operation = Service::BedrockRuntime
        .operation(name)
        .expect("it is known");
    let mut call = Call::new(operation);
    call.located = vec![(Location::Uri("modelId"), "us.amazon.nova-lite-v1:0".into())];
    call.body = "{}".into();
    called.runtime.block_on(async {
        if !streams {
            return called.client.call(call).await.map(Some);
        }
        let mut stream = called.client.open(call).await?;
        while !stream.next().await?.is_empty() {}
        Ok(None)
    })
}

/// What a server may say: heads, lengths, chunks, errors, frames. It is an answer or an error that says something.
pub fn answer(bytes: &[u8]) {
    let Some((_, streams, bytes)) = cut(bytes) else {
        return;
    };
    if let Err(error) = heard(bytes, streams) {
        assert!(!error.to_string().is_empty());
        assert!(!matches!(error, Error::TimedOut { .. }), "{error}");
    }
}
