//! The prompt cache: each Region keeps what it has read up to a cache point, for five minutes after its last use.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use crate::clock::Instant;
use crate::ids;
use crate::model::Usage;
use crate::model::prompt::Cacheable;

const LIFETIME: Duration = Duration::from_mins(5);
/// Prompts below this are not worth keeping, for most models.
const LEAST_TOKENS: usize = 1_024;
const MOST_ENTRIES: usize = 10_000;

/// What is kept, by Region, model and text.
#[derive(Debug, Default)]
pub struct PromptCache {
    last_used: Mutex<HashMap<u64, Instant>>,
}

impl PromptCache {
    /// Splits what a prompt takes into what is read anew, from the cache and into it.
    pub fn account(
        &self,
        usage: &mut Usage,
        prompt: Cacheable,
        region: &str,
        model: &str,
        now: Instant,
    ) {
        if prompt.tokens < LEAST_TOKENS || prompt.tokens > usage.input {
            return;
        }
        let key =
            ids::mix(prompt.hash ^ ids::hash(region.as_bytes())) ^ ids::hash(model.as_bytes());
        let mut last_used = crate::lock(&self.last_used);
        if last_used.len() >= MOST_ENTRIES {
            last_used.retain(|_, used| now.since(*used) < LIFETIME);
        }
        let known = last_used
            .insert(key, now)
            .is_some_and(|used| now.since(used) < LIFETIME);
        usage.input -= prompt.tokens;
        if known {
            usage.cache_read = prompt.tokens;
        } else {
            usage.cache_write = prompt.tokens;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_region_reads_what_it_wrote() {
        let cache = PromptCache::default();
        let prompt = Cacheable {
            tokens: 2_000,
            hash: 1,
        };
        let asked = |region: &str, second| {
            let mut usage = Usage {
                input: 2_100,
                ..Usage::default()
            };
            cache.account(
                &mut usage,
                prompt,
                region,
                "m",
                Instant::from_epoch_seconds(second),
            );
            assert_eq!(usage.total(), 2_100);
            (usage.cache_write, usage.cache_read)
        };
        assert_eq!(asked("a", 0), (2_000, 0));
        assert_eq!(asked("a", 200), (0, 2_000));
        assert_eq!(asked("b", 200), (2_000, 0));
        assert_eq!(asked("a", 501), (2_000, 0));
    }
}
