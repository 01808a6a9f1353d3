//! What only the target can go on with that gave it: stored responses, and encrypted reasoning.
//!
//! A response is stored in its account and Region, and reasoning is encrypted for the Region that wrote it. Whoever sends
//! them on is kept at that target, also when it fails; elsewhere the request would be refused, or answered by somebody who
//! does not know what it goes on with.

use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use lru::LruCache;

use super::target::{Target, TargetId};
use crate::{apis, error::Error, stream::Event};

/// Ids and texts that are remembered.
const KEPT: NonZeroUsize = NonZeroUsize::new(65_536).expect("more than none");

/// Where a request may go for the sake of what it goes on with.
#[derive(Clone, Debug, Default)]
pub(super) enum Bound {
    /// Anywhere.
    #[default]
    Free,
    /// To the target that gave it.
    To(Arc<TargetId>),
    /// Nobody here saw who gave it, so it goes where it would have gone at first, and nowhere else.
    First,
}

impl Bound {
    /// How many of the targets it may go to, in the order of preference.
    pub(super) fn most(&self) -> usize {
        if matches!(self, Self::First) {
            1
        } else {
            usize::MAX
        }
    }

    pub(super) fn admits(&self, target: &Target) -> bool {
        match self {
            Self::Free | Self::First => true,
            Self::To(pin) => pin.is(target),
        }
    }

    /// Why a target that might be called is not.
    pub(super) fn refusal(&self, target: &Target) -> Option<String> {
        let from = match self {
            Self::Free => return None,
            Self::To(pin) if pin.is(target) => return None,
            Self::To(pin) => format!(
                "a response that {} of {} gave",
                pin.model_id, pin.source.region
            ),
            Self::First => "a response of another target, perhaps".into(),
        };
        Some(format!(
            "the request goes on with {from}: to let it go elsewhere, send the whole conversation, without \
             previous_response_id and without encrypted reasoning"
        ))
    }
}

/// Whether an event of Responses may bring something to go on with: the first brings the id, the last all of the answer.
pub(super) fn may_bind(event: &Event) -> bool {
    matches!(&*event.kind, apis::OPENING | apis::END)
        || memchr::memmem::find(&event.payload, apis::ENCRYPTED.as_bytes()).is_some()
}

/// Who gave what.
#[derive(Debug)]
pub(super) struct Pins {
    state: RandomState,
    kept: Mutex<LruCache<u64, Arc<TargetId>>>,
}

impl Default for Pins {
    fn default() -> Self {
        Self {
            state: RandomState::new(),
            // Grows as it fills.
            kept: Mutex::new(LruCache::unbounded()),
        }
    }
}

impl Pins {
    /// Remembers that a target gave these.
    pub(super) fn keep(&self, given: &[String], target: &Target) {
        if given.is_empty() {
            return;
        }
        let pin = Arc::new(TargetId::of(target));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for one in given {
            kept.put(self.state.hash_one(one), Arc::clone(&pin));
        }
        while kept.len() > KEPT.get() {
            kept.pop_lru();
        }
    }

    /// Whether somebody here saw who gave it.
    pub(super) fn knows(&self, one: &str) -> bool {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.contains(&self.state.hash_one(one))
    }

    /// Where a request may go that brings these.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArgument`] where they are of several targets: no one knows them all.
    pub(super) fn bound(&self, brought: &[String]) -> Result<Bound, Error> {
        if brought.is_empty() {
            return Ok(Bound::Free);
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found: Option<Arc<TargetId>> = None;
        for one in brought {
            let Some(pin) = kept.get(&self.state.hash_one(one)) else {
                continue;
            };
            match &found {
                Some(before) if before != pin => {
                    return Err(Error::InvalidArgument {
                        reason: format!(
                            "the request goes on with what {} of {} gave and with what {} of {} gave, and neither knows the \
                             other's: leave out the encrypted reasoning of one of them",
                            before.model_id, before.source.region, pin.model_id, pin.source.region
                        ),
                    });
                }
                _ => found = Some(Arc::clone(pin)),
            }
        }
        Ok(found.map_or(Bound::First, Bound::To))
    }
}
