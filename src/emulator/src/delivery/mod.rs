//! Records on their way to CloudWatch Logs: queued without waiting, sent in batches by a thread of its own.

mod request;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::auth::Key;
use crate::invocation_log::Delivery;
pub use request::Endpoint;
use request::Refused;

/// The stream that Bedrock writes to in the log group it is given.
const STREAM: &str = "aws/bedrock/modelinvocations";
/// Records that may wait; what comes on top is dropped and reported.
const MOST_WAITING: usize = 10_000;
/// `PutLogEvents` takes 10,000 events and 1,048,576 bytes, 26 of which go with each event.
const MOST_EVENTS: usize = 1_000;
const MOST_BYTES: usize = 1_000_000;
const EVENT_OVERHEAD: usize = 26;
/// Failures that are kept for reading.
const MOST_FAILURES: usize = 100;
/// Attempts for one batch, and the pause before the second.
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(100);

/// One record for one log group.
struct Event {
    region: String,
    group: String,
    timestamp: u64,
    message: String,
}

#[derive(Debug, Default)]
struct State {
    waiting: usize,
    delivered: u64,
    failures: VecDeque<String>,
    stopping: bool,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    idle: Condvar,
}

impl Shared {
    fn done(&self, events: usize, failure: Option<String>) {
        let mut state = crate::lock(&self.state);
        state.waiting -= events;
        match failure {
            None => state.delivered += events as u64,
            Some(failure) => {
                if state.failures.len() == MOST_FAILURES {
                    state.failures.pop_front();
                }
                state.failures.push_back(failure);
            }
        }
        if state.waiting == 0 {
            self.idle.notify_all();
        }
    }

    fn stopping(&self) -> bool {
        crate::lock(&self.state).stopping
    }
}

/// Sends records to a CloudWatch Logs endpoint; dropping it sends what is left, once.
#[derive(Debug)]
pub struct LogDelivery {
    queue: Option<mpsc::Sender<Event>>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for Event {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Event")
            .field("group", &self.group)
            .finish_non_exhaustive()
    }
}

impl LogDelivery {
    /// Starts the thread that sends to an endpoint, signing with a key.
    pub fn start(endpoint: Endpoint, key: Key) -> std::io::Result<Self> {
        let (queue, waiting) = mpsc::channel(MOST_WAITING);
        let shared = Arc::new(Shared::default());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let sender = Sender {
            endpoint,
            key,
            shared: Arc::clone(&shared),
        };
        let thread = std::thread::Builder::new()
            .name("outcrop-emulator-logs".to_owned())
            .spawn(move || runtime.block_on(sender.run(waiting)))?;
        Ok(Self {
            queue: Some(queue),
            shared,
            thread: Some(thread),
        })
    }

    /// Waits until nothing is waiting; tells whether that came in time.
    #[must_use]
    pub fn flush(&self, patience: Duration) -> bool {
        let state = crate::lock(&self.shared.state);
        let waited = self
            .shared
            .idle
            .wait_timeout_while(state, patience, |state| state.waiting > 0);
        waited.is_ok_and(|(_, waited)| !waited.timed_out())
    }

    /// How many records were delivered.
    #[must_use]
    pub fn delivered(&self) -> u64 {
        crate::lock(&self.shared.state).delivered
    }

    /// Why records were not delivered, the newest last.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        crate::lock(&self.shared.state)
            .failures
            .iter()
            .cloned()
            .collect()
    }
}

impl Delivery for LogDelivery {
    fn deliver(&self, region: &str, log_group: &str, timestamp: u64, message: &str) {
        let Some(queue) = &self.queue else { return };
        crate::lock(&self.shared.state).waiting += 1;
        let event = Event {
            region: region.to_owned(),
            group: log_group.to_owned(),
            timestamp,
            message: message.to_owned(),
        };
        if queue.try_send(event).is_err() {
            let failure =
                format!("{MOST_WAITING} records wait already: one for {log_group} was dropped");
            self.shared.done(1, Some(failure));
        }
    }
}

impl Drop for LogDelivery {
    fn drop(&mut self) {
        crate::lock(&self.shared.state).stopping = true;
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A panic has been printed by the panic hook; there is nobody else to tell.
            let _ = thread.join();
        }
    }
}

struct Sender {
    endpoint: Endpoint,
    key: Key,
    shared: Arc<Shared>,
}

impl Sender {
    async fn run(self, mut waiting: mpsc::Receiver<Event>) {
        let mut batch = Vec::new();
        while waiting.recv_many(&mut batch, MOST_EVENTS).await > 0 {
            let mut groups: BTreeMap<(String, String), Vec<Event>> = BTreeMap::new();
            for event in batch.drain(..) {
                let place = (event.region.clone(), event.group.clone());
                groups.entry(place).or_default().push(event);
            }
            for ((region, group), mut events) in groups {
                events.sort_by_key(|event| event.timestamp);
                for part in parts(&events) {
                    let failure = self.send(&region, &group, part).await.err();
                    let told = failure.map(|why| {
                        format!("{} records for {group} in {region}: {why}", part.len())
                    });
                    self.shared.done(part.len(), told);
                }
            }
        }
    }

    /// Sends a batch, making the stream if it is not there yet.
    async fn send(&self, region: &str, group: &str, events: &[Event]) -> Result<(), String> {
        let events: Vec<Value> = events
            .iter()
            .map(|event| json!({"timestamp": event.timestamp, "message": event.message}))
            .collect();
        let body = json!({"logGroupName": group, "logStreamName": STREAM, "logEvents": events});
        let stream = json!({"logGroupName": group, "logStreamName": STREAM});
        let mut pause = PAUSE;
        let mut made = false;
        for attempt in 1.. {
            let refused = match self.call(region, "PutLogEvents", &body).await {
                Ok(()) => return Ok(()),
                Err(refused) => refused,
            };
            if refused.code == "ResourceNotFoundException" && !made {
                made = true;
                match self.call(region, "CreateLogStream", &stream).await {
                    Err(other) if other.code != "ResourceAlreadyExistsException" => {
                        return Err(other.message);
                    }
                    _ => continue,
                }
            }
            if !refused.may_pass || attempt >= ATTEMPTS || self.shared.stopping() {
                return Err(refused.message);
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        unreachable!("the loop ends with an answer or a refusal")
    }

    async fn call(&self, region: &str, operation: &str, body: &Value) -> Result<(), Refused> {
        self.endpoint.call(&self.key, region, operation, body).await
    }
}

/// Batches that `PutLogEvents` takes.
fn parts(events: &[Event]) -> Vec<&[Event]> {
    let mut parts = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (index, event) in events.iter().enumerate() {
        let size = event.message.len() + EVENT_OVERHEAD;
        if index > start && bytes + size > MOST_BYTES {
            parts.push(&events[start..index]);
            (start, bytes) = (index, 0);
        }
        bytes += size;
    }
    parts.push(&events[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(size: usize) -> Event {
        Event {
            region: "us-east-1".to_owned(),
            group: "g".to_owned(),
            timestamp: 0,
            message: "x".repeat(size),
        }
    }

    #[test]
    fn batches_fit_into_a_request() {
        let events: Vec<Event> = [400_000, 400_000, 400_000, 10].map(event).into();
        let sizes: Vec<usize> = parts(&events).iter().map(|part| part.len()).collect();
        assert_eq!(sizes, [2, 2]);
    }

    #[test]
    fn nobody_there_is_reported_and_not_raised() {
        let key = Key {
            access_key_id: "a".to_owned(),
            secret_access_key: "b".to_owned(),
            session_token: None,
            expired: false,
        };
        // Bound and never accepting anything: the port is surely nobody else's, and closed once it is dropped.
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .unwrap()
            .port();
        let endpoint = Endpoint::parse(&format!("http://127.0.0.1:{port}")).unwrap();
        let delivery = LogDelivery::start(endpoint, key).unwrap();
        delivery.deliver("us-east-1", "/bedrock", 1, "{}");
        assert!(delivery.flush(Duration::from_secs(30)));
        assert_eq!(delivery.delivered(), 0);
        let failures = delivery.failures();
        assert!(
            failures[0].starts_with("1 records for /bedrock in us-east-1: cannot reach"),
            "{failures:?}"
        );
    }
}
