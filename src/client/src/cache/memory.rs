//! Answers in memory: the least recently used make room when they are too many bytes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;

use super::{Key, entry::Entry};

/// At most so many bytes of answers.
#[derive(Debug)]
pub(super) struct Memory {
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    entries: LruCache<Key, Arc<Entry>>,
    bytes: usize,
}

impl Memory {
    pub fn new(most: usize) -> Self {
        let entries = LruCache::unbounded();
        Self {
            most,
            state: Mutex::new(State { entries, bytes: 0 }),
        }
    }

    /// The entry, if `fresh` says that it may still be used; else it goes.
    pub fn find(&self, key: &Key, fresh: impl Fn(&Entry) -> bool) -> Option<Arc<Entry>> {
        let mut state = self.state();
        let entry = Arc::clone(state.entries.get(key)?);
        if fresh(&entry) {
            return Some(entry);
        }
        state.remove(key);
        None
    }

    /// Keeps an entry, unless it alone is too large.
    pub fn store(&self, key: Key, entry: Arc<Entry>) {
        let size = entry.size();
        let mut state = self.state();
        state.remove(&key);
        if size > self.most {
            return;
        }
        while state.bytes + size > self.most {
            let Some((_, old)) = state.entries.pop_lru() else {
                break;
            };
            state.bytes -= old.size();
        }
        state.bytes += size;
        state.entries.put(key, entry);
    }

    pub fn clear(&self) {
        let mut state = self.state();
        state.entries.clear();
        state.bytes = 0;
    }

    /// How many entries there are, and how many bytes they take.
    pub fn usage(&self) -> (u64, u64) {
        let state = self.state();
        (state.entries.len() as u64, state.bytes as u64)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn remove(&mut self, key: &Key) {
        if let Some(old) = self.entries.pop(key) {
            self.bytes -= old.size();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::entry::Content;
    use bytes::Bytes;
    use proptest::{collection::vec, prelude::*};

    fn entry(length: usize) -> Arc<Entry> {
        Arc::new(Entry {
            stored: 0,
            status: 200,
            headers: vec![],
            content: Content::Whole(Bytes::from(vec![0; length])),
        })
    }

    proptest! {
        #[test]
        fn it_never_takes_more_than_it_may(entries in vec((0..8u8, 0..3000usize), 0..60)) {
            let memory = Memory::new(4000);
            for (key, length) in entries {
                memory.store([key; 32], entry(length));
                let kept: Vec<_> = (0..8).filter_map(|key| memory.state().entries.peek(&[key; 32]).cloned()).collect();
                let bytes: usize = kept.iter().map(|it| it.size()).sum();
                prop_assert!(bytes <= 4000);
                prop_assert_eq!(memory.usage(), (kept.len() as u64, bytes as u64));
            }
        }
    }

    #[test]
    fn the_least_recently_used_makes_room() {
        let memory = Memory::new(2 * entry(100).size());
        for key in [1, 2] {
            memory.store([key; 32], entry(100));
        }
        assert!(memory.find(&[1; 32], |_| true).is_some());
        memory.store([3; 32], entry(100));
        let kept = [1, 2, 3].map(|key| memory.find(&[key; 32], |_| true).is_some());
        assert_eq!(kept, [true, false, true]);
    }

    #[test]
    fn what_is_too_large_pushes_nothing_out() {
        let memory = Memory::new(1000);
        memory.store([1; 32], entry(100));
        memory.store([2; 32], entry(1000));
        assert_eq!(memory.usage().0, 1);
        memory.clear();
        assert_eq!(memory.usage(), (0, 0));
    }

    #[test]
    fn what_is_stale_goes() {
        let memory = Memory::new(1000);
        memory.store([1; 32], entry(100));
        assert!(memory.find(&[1; 32], |_| false).is_none());
        assert_eq!(memory.usage(), (0, 0));
    }
}
