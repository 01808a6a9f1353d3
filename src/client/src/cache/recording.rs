//! A stream on its way to its reader, written down to be kept when it has ended well.

use std::sync::Arc;

use super::{Cache, Key, entry::Entry, entry::size_of_event, flight::Lead};
use crate::{
    call::Head,
    error::Error,
    stream::{Event, Watch},
};

/// Writes down what is handed out. A stream that is cut or left, or too large to be kept, is forgotten.
#[derive(Debug)]
pub(crate) struct Recording {
    pub cache: Arc<Cache>,
    pub key: Key,
    pub head: Head,
    pub lead: Option<Lead>,
    pub events: Vec<Event>,
    pub bytes: usize,
}

impl Watch for Recording {
    fn asked(&mut self) {
        if let Some(lead) = &self.lead {
            lead.asked();
        }
    }

    fn seen(&mut self, events: &[Event]) {
        let Some(lead) = &self.lead else { return };
        self.bytes += events.iter().map(size_of_event).sum::<usize>();
        if self.bytes > self.cache.largest() {
            self.forget();
            return;
        }
        self.events.extend_from_slice(events);
        lead.given();
    }

    fn failed(&mut self, error: Error) -> Error {
        self.forget();
        error
    }

    fn ended(&mut self) {
        let Some(lead) = self.lead.take() else { return };
        if self.events.is_empty() {
            return;
        }
        let entry = Arc::new(Entry::events(self.cache.now(), &self.head, &self.events));
        self.events = vec![];
        self.cache.store(self.key, Arc::clone(&entry));
        lead.done(self.key, &entry);
    }
}

impl Recording {
    fn forget(&mut self) {
        self.events = vec![];
        self.lead = None;
    }
}
