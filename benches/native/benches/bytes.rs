//! What takes bytes apart: frames of event streams, and records of the invocation log.

use std::hint::black_box;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use outcrop_client::{
    log_records::{Reader, Table, Window},
    stream::Frames,
};

const EVENTS: u64 = 200;
/// What one read of a socket brings at most.
const READ: usize = 16 * 1024;
const RECORDS: u64 = 1000;

fn stream() -> Vec<u8> {
    let header = |name: &'static str, value: &'static str| {
        Header::new(name, HeaderValue::String(value.into()))
    };
    let mut bytes = vec![];
    for number in 0..EVENTS {
        let delta = format!(
            r#"{{"contentBlockIndex":0,"delta":{{"text":" word{number}"}},"p":"abcdefghijklmnop"}}"#
        );
        let message = Message::new(delta)
            .add_header(header(":event-type", "contentBlockDelta"))
            .add_header(header(":content-type", "application/json"))
            .add_header(header(":message-type", "event"));
        write_message_to(&message, &mut bytes).expect("a frame");
    }
    bytes
}

fn log() -> Vec<u8> {
    let prompt =
        "Some words of a document that was looked up, as people write them.\\n".repeat(100);
    let records = (0..RECORDS).map(|number| {
        let served = if number % 3 == 0 { r#""inferenceRegion":"us-west-2","# } else { "" };
        format!(
            r#"{{"timestamp":"2026-04-02T10:{:02}:00Z","region":"us-east-1","requestId":"{number:032x}","operation":"Converse","modelId":"us.amazon.nova-lite-v1:0","input":{{"inputBodyJson":{{"messages":[{{"role":"user","content":[{{"text":"{prompt}"}}]}}]}},"inputTokenCount":2500}},"output":{{"outputBodyJson":{{"metrics":{{"latencyMs":{}}}}},"outputTokenCount":600}},{served}"schemaType":"ModelInvocationLog","schemaVersion":"1.0"}}"#,
            number % 60,
            400 + number % 1000,
        ) + "\n"
    });
    records.collect::<String>().into_bytes()
}

fn frames(criterion: &mut Criterion) {
    let bytes = stream();
    let mut group = criterion.benchmark_group("event stream");
    group.throughput(Throughput::Elements(EVENTS));
    group.bench_function("frames to events", |bencher| {
        bencher.iter(|| {
            let mut frames = Frames::new(None);
            for chunk in bytes.chunks(READ) {
                frames.push(chunk);
                black_box(frames.take().expect("events"));
            }
        });
    });
    group.finish();
}

fn records(criterion: &mut Criterion) {
    let bytes = log();
    let mut group = criterion.benchmark_group("invocation log");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("lines to a table", |bencher| {
        bencher.iter_batched(
            || Reader::new(Table::new(Window::default())),
            |mut reader| {
                reader.write(&bytes).expect("a log");
                reader.end_object().expect("a log");
                assert_eq!(reader.table_mut().records(), RECORDS);
                reader
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, frames, records);
criterion_main!(benches);
