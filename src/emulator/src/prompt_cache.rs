//! The prompt cache: each Region keeps what it has read up to a cache point, for minutes after its last use.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use crate::catalogue::{Model, TellsCache};
use crate::clock::Instant;
use crate::ids;
use crate::model::Usage;
use crate::model::prompt::{CachePoint, Lifetime};

const MOST_ENTRIES: usize = 10_000;

/// What is kept, by Region, model and text.
#[derive(Debug, Default)]
pub struct PromptCache {
    kept: Mutex<HashMap<u64, Entry>>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    last_used: Instant,
    lifetime: Lifetime,
}

impl Entry {
    fn is_alive(&self, now: Instant) -> bool {
        let lifetime = match self.lifetime {
            Lifetime::Short => Duration::from_mins(5),
            Lifetime::Long => Duration::from_hours(1),
        };
        now.since(self.last_used) < lifetime
    }
}

impl PromptCache {
    /// Splits what a prompt takes into what is read anew, from the cache and into it.
    ///
    /// The longest part before a cache point that is there is read, and what stands between it and the last cache point is
    /// written; a growing conversation so pays for its newest turn only.
    pub fn account(
        &self,
        usage: &mut Usage,
        points: &[CachePoint],
        region: &str,
        model: &Model,
        now: Instant,
    ) {
        usage.tells_cache = match model.tells_cache() {
            TellsCache::Always => true,
            TellsCache::WhenAsked => !points.is_empty(),
            // These answers have a place for it anyway.
            TellsCache::Never if model.caches_itself() => !points.is_empty(),
            TellsCache::Never => return,
        };
        let least = model.least_cached();
        let worth: Vec<&CachePoint> = points
            .iter()
            .filter(|point| point.tokens >= least && point.tokens <= usage.input)
            .collect();
        let Some(longest) = worth.last() else { return };
        let place = ids::mix(ids::hash(region.as_bytes())) ^ ids::hash(model.id.as_bytes());
        let mut kept = crate::lock(&self.kept);
        if kept.len() >= MOST_ENTRIES {
            kept.retain(|_, entry| entry.is_alive(now));
        }
        for point in &worth {
            let key = ids::mix(point.hash ^ place);
            if let Some(entry) = kept.get_mut(&key).filter(|entry| entry.is_alive(now)) {
                entry.last_used = now;
                usage.cache_read = point.tokens;
                (usage.cache_write, usage.cache_write_long) = (0, 0);
                continue;
            }
            let new = point.tokens - usage.cache_read - usage.cache_write;
            usage.cache_write += new;
            if point.lifetime == Lifetime::Long {
                usage.cache_write_long += new;
            }
            let entry = Entry {
                last_used: now,
                lifetime: point.lifetime,
            };
            kept.insert(key, entry);
        }
        usage.input -= longest.tokens;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    fn asked(
        cache: &PromptCache,
        points: &[(usize, u64)],
        region: &str,
        second: u64,
    ) -> (usize, usize) {
        let model = Catalogue::bundled().models["amazon.nova-lite-v1:0"].clone();
        let points: Vec<CachePoint> = points
            .iter()
            .map(|(tokens, hash)| CachePoint {
                tokens: *tokens,
                hash: *hash,
                lifetime: Lifetime::Short,
            })
            .collect();
        let mut usage = Usage {
            input: 5_000,
            ..Usage::default()
        };
        let now = Instant::from_epoch_seconds(second);
        cache.account(&mut usage, &points, region, &model, now);
        assert_eq!(usage.total(), 5_000);
        (usage.cache_write, usage.cache_read)
    }

    #[test]
    fn each_region_reads_what_it_wrote() {
        let cache = PromptCache::default();
        let point = [(2_000, 1)];
        assert_eq!(asked(&cache, &point, "a", 0), (2_000, 0));
        assert_eq!(asked(&cache, &point, "a", 200), (0, 2_000));
        assert_eq!(asked(&cache, &point, "b", 200), (2_000, 0));
        assert_eq!(asked(&cache, &point, "a", 501), (2_000, 0));
    }

    #[test]
    fn a_growing_conversation_writes_its_newest_turn_only() {
        let cache = PromptCache::default();
        assert_eq!(asked(&cache, &[(1_700, 1)], "a", 0), (1_700, 0));
        assert_eq!(
            asked(&cache, &[(1_700, 1), (1_936, 2)], "a", 1),
            (236, 1_700)
        );
        assert_eq!(
            asked(&cache, &[(1_936, 2), (2_100, 3)], "a", 2),
            (164, 1_936)
        );
        assert_eq!(asked(&cache, &[(900, 4), (1_500, 5)], "a", 3), (1_500, 0));
    }
}
