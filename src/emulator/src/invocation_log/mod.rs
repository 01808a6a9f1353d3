//! Model invocation logging: a record of each call, kept here and delivered to CloudWatch Logs.

mod record;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::objects::{Objects, gzip};

pub use record::{Facts, Record};

/// How many records are kept for reading.
const MOST_RECORDS: usize = 10_000;
/// How many bytes of records are kept for reading.
const MOST_BYTES: usize = 64 << 20;

/// Takes records that shall be delivered elsewhere.
pub trait Delivery: Send + Sync {
    /// Takes one record, already written as JSON, for a log group of a Region. Must not block.
    fn deliver(&self, region: &str, log_group: &str, timestamp: u64, message: &str);
}

/// A record that is kept, and the objects that belong to it.
struct Written {
    text: String,
    objects: Vec<String>,
    bytes: usize,
}

#[derive(Default)]
struct Kept {
    records: VecDeque<Written>,
    bytes: usize,
}

/// Every Region's configuration, and the newest records.
pub struct InvocationLog {
    configurations: Mutex<HashMap<String, Value>>,
    kept: Mutex<Kept>,
    delivery: Mutex<Option<Arc<dyn Delivery>>>,
    objects: Arc<Objects>,
}

impl std::fmt::Debug for InvocationLog {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("InvocationLog")
            .finish_non_exhaustive()
    }
}

impl InvocationLog {
    /// A log that writes what goes to S3 into `objects`.
    #[must_use]
    pub fn new(objects: Arc<Objects>) -> Self {
        Self {
            configurations: Mutex::default(),
            kept: Mutex::default(),
            delivery: Mutex::default(),
            objects,
        }
    }

    /// Sets or removes a Region's configuration.
    pub fn configure(&self, region: &str, configuration: Option<Value>) {
        let mut configurations = crate::lock(&self.configurations);
        match configuration {
            Some(configuration) => configurations.insert(region.to_owned(), configuration),
            None => configurations.remove(region),
        };
    }

    /// A Region's configuration.
    #[must_use]
    pub fn configuration(&self, region: &str) -> Option<Value> {
        crate::lock(&self.configurations).get(region).cloned()
    }

    /// Whether a Region's calls are logged.
    #[must_use]
    pub fn is_configured(&self, region: &str) -> bool {
        crate::lock(&self.configurations).contains_key(region)
    }

    /// Sets where records go beside being kept.
    pub fn deliver_to(&self, delivery: Option<Arc<dyn Delivery>>) {
        *crate::lock(&self.delivery) = delivery;
    }

    /// Writes a record down and sends it on.
    pub fn deliver(&self, record: &Record) {
        let Some(configuration) = self.configuration(record.region()) else {
            return;
        };
        let (record_value, bodies) = record.write(&configuration);
        let text = record_value.to_string();
        let group = configuration
            .pointer("/cloudWatchConfig/logGroupName")
            .and_then(Value::as_str);
        let delivery = crate::lock(&self.delivery).clone();
        if let (Some(group), Some(delivery)) = (group, delivery) {
            delivery.deliver(record.region(), group, record.timestamp(), &text);
        }
        let place = record.place(&configuration, &text);
        let line = place.map(|place| (place, format!("{text}\n").into_bytes()));
        let (objects, object_bytes) = self.store(bodies.into_iter().chain(line), record);
        let bytes = text.len() + object_bytes;
        let mut kept = crate::lock(&self.kept);
        kept.bytes += bytes;
        kept.records.push_back(Written {
            text,
            objects,
            bytes,
        });
        while kept.records.len() > MOST_RECORDS
            || (kept.bytes > MOST_BYTES && kept.records.len() > 1)
        {
            let Some(oldest) = kept.records.pop_front() else {
                break;
            };
            kept.bytes -= oldest.bytes;
            oldest.objects.iter().for_each(|uri| {
                self.objects.remove(uri);
            });
        }
    }

    /// Writes objects, compressed, and gives their URIs and how many bytes they are.
    fn store(
        &self,
        objects: impl Iterator<Item = (String, Vec<u8>)>,
        record: &Record,
    ) -> (Vec<String>, usize) {
        let (mut uris, mut bytes) = (Vec::new(), 0);
        for (uri, body) in objects {
            // Compressing into memory does not fail.
            let Ok(compressed) = gzip(&body) else {
                continue;
            };
            bytes += compressed.len();
            self.objects.put(&uri, compressed, record.time());
            uris.push(uri);
        }
        (uris, bytes)
    }

    /// The records kept, oldest first, as JSON.
    #[must_use]
    pub fn records(&self) -> Vec<String> {
        let kept = crate::lock(&self.kept);
        kept.records
            .iter()
            .map(|record| record.text.clone())
            .collect()
    }

    /// Forgets the records, not the configurations.
    pub fn clear(&self) {
        let mut kept = crate::lock(&self.kept);
        for uri in kept.records.iter().flat_map(|record| &record.objects) {
            self.objects.remove(uri);
        }
        kept.records.clear();
        kept.bytes = 0;
    }
}
