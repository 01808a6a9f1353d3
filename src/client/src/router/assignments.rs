//! Which target each conversation is at: the one that answered it last, for as long as its prompt cache keeps it.
//!
//! A target that is preferred may be well again meanwhile; there all of the conversation would have to be read anew.

use std::{
    convert::Infallible,
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use lru::LruCache;

use super::{
    conversation::{Conversation, Id},
    target::{Target, TargetId},
};
use crate::{identity::Who, process::EachProcess};

/// Conversations that are remembered at a time; the one that was quiet for longest begins anew.
const KEPT: NonZeroUsize = NonZeroUsize::new(16_384).expect("more than none");
/// Memories that no router has, kept at most: a program may make a router for each request.
const SHARED: NonZeroUsize = NonZeroUsize::new(256).expect("more than none");

/// A conversation, and whose it is: where calls bring credentials, each account has its own, whatever they are called.
pub(super) type Key = (Id, Option<Who>);

/// Where a conversation is, with one of the router's models.
#[derive(Clone, Debug)]
pub(super) struct Assigned {
    pub(super) target: Arc<TargetId>,
    pub(super) model: usize,
    until: Instant,
}

/// Where conversations are.
#[derive(Debug)]
pub struct Assignments(Mutex<LruCache<Key, Vec<Assigned>>>);

impl Default for Assignments {
    fn default() -> Self {
        // Grows as it fills: most routers have none.
        Self(Mutex::new(LruCache::unbounded()))
    }
}

impl Assignments {
    /// Those that all routers of this process with the same targets share.
    #[must_use]
    pub fn shared(whose: &str) -> Arc<Self> {
        Arc::clone(shared().get_or_insert(whose.to_owned(), Arc::default))
    }

    fn known(&self) -> MutexGuard<'_, LruCache<Key, Vec<Assigned>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a conversation is now, once for each model that answered it; the last that did stands at the end.
    pub(super) fn of(&self, key: &Key, now: Instant) -> Vec<Assigned> {
        let mut known = self.known();
        let Some(assigned) = known.get(key) else {
            return vec![];
        };
        let current = assigned.iter().filter(|it| it.until > now);
        current.cloned().collect()
    }

    /// A target answered it.
    pub(super) fn put(&self, key: Key, conversation: &Conversation, target: &Target, now: Instant) {
        let (model, mut until) = (target.chosen.number, now + conversation.lifetime);
        let mut known = self.known();
        let assigned = known.get_or_insert_mut(key, Vec::new);
        let before = assigned.iter().position(|it| it.target.is(target));
        let target = match before.map(|at| assigned.remove(at)) {
            // A call that asks for less does not take away what another asked for.
            Some(before) => {
                until = until.max(before.until);
                before.target
            }
            None => Arc::new(TargetId::of(target)),
        };
        assigned.retain(|it| it.until > now && it.model != model);
        assigned.push(Assigned {
            target,
            model,
            until,
        });
        let over = |known: &LruCache<Key, Vec<Assigned>>| {
            let oldest = known.peek_lru();
            known.len() > KEPT.get()
                || oldest.is_some_and(|(_, it)| it.iter().all(|it| it.until <= now))
        };
        while over(&known) {
            known.pop_lru();
        }
    }
}

type Memories = LruCache<String, Arc<Assignments>>;

fn shared() -> MutexGuard<'static, Memories> {
    static ALL: EachProcess<Mutex<Memories>> = EachProcess::new();
    let Ok(all) = ALL.get(|| Ok::<_, Infallible>(Mutex::new(LruCache::new(SHARED))));
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets what is shared; routers that are there keep theirs.
pub(super) fn forget() {
    shared().clear();
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::router::{
        facts::Fact,
        options::Options,
        state::State,
        target::{Chosen, Reach},
        terms::Terms,
    };

    fn target(model_id: &str, model: usize) -> Target {
        let options = Options::default();
        Target {
            source: Arc::default(),
            account: crate::account::Account::default(),
            rank: 0,
            model_id: model_id.into(),
            base_model: None,
            chosen: Chosen {
                number: model,
                ..Chosen::default()
            },
            reach: Reach::Unknown,
            fact: Fact::default(),
            terms: Terms::default(),
            state: State::new(&options.breaker, &options.limits),
        }
    }

    fn conversation(number: usize, minutes: u64) -> Conversation {
        let mut id = [0; 32];
        id[..8].copy_from_slice(&(number as u64).to_be_bytes());
        Conversation {
            id,
            lifetime: Duration::from_mins(minutes),
            stays: true,
        }
    }

    fn put(all: &Assignments, it: &Conversation, target: &Target, now: Instant) {
        all.put((it.id, None), it, target, now);
    }

    fn is_at(all: &Assignments, it: &Conversation, now: Instant) -> Vec<String> {
        let found = all.of(&(it.id, None), now).into_iter();
        found.map(|it| it.target.model_id.clone()).collect()
    }

    #[test]
    fn memory_is_bounded_and_no_account_has_another_s() {
        let (all, now, at) = (Assignments::default(), Instant::now(), target("a", 0));
        for number in 0..2 * KEPT.get() {
            put(&all, &conversation(number, 5), &at, now);
        }
        assert_eq!(all.known().len(), KEPT.get());
        let last = conversation(2 * KEPT.get() - 1, 5);
        assert_eq!(is_at(&all, &last, now), ["a"]);
        assert!(all.of(&(last.id, Some(Who::named("b"))), now).is_empty());
        // What is remembered keeps no target alive.
        assert_eq!(Arc::strong_count(&at.state), 1);
        // What has expired goes when something comes.
        let later = now + Duration::from_mins(6);
        put(&all, &conversation(0, 5), &at, later);
        assert_eq!(all.known().len(), 1);
    }

    #[test]
    fn each_call_keeps_it_for_the_prompt_cache_s_time_and_an_hour_is_not_taken_away() {
        let (all, now, at) = (Assignments::default(), Instant::now(), target("a", 0));
        let after = |minutes| now + Duration::from_mins(minutes);
        let short = conversation(0, 5);
        put(&all, &short, &at, now);
        put(&all, &short, &at, after(4));
        assert_eq!(is_at(&all, &short, after(8)), ["a"]);
        assert!(is_at(&all, &short, after(9)).is_empty());
        put(&all, &conversation(0, 60), &at, after(10));
        put(&all, &short, &at, after(11));
        assert_eq!(is_at(&all, &short, after(69)), ["a"]);
        assert!(is_at(&all, &short, after(70)).is_empty());
    }

    #[test]
    fn it_is_at_one_target_of_each_model_and_the_last_stands_at_the_end() {
        let (all, now, it) = (Assignments::default(), Instant::now(), conversation(0, 5));
        for at in [target("a", 0), target("b", 1), target("c", 0)] {
            put(&all, &it, &at, now);
        }
        assert_eq!(is_at(&all, &it, now), ["b", "c"]);
        put(&all, &it, &target("b", 1), now);
        assert_eq!(is_at(&all, &it, now), ["c", "b"]);
    }

    #[test]
    fn routers_with_the_same_targets_share_a_memory() {
        let one = Assignments::shared("one");
        assert!(Arc::ptr_eq(&one, &Assignments::shared("one")));
        assert!(!Arc::ptr_eq(&one, &Assignments::shared("two")));
    }
}
