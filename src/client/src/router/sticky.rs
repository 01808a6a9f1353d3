//! Conversations that stay: where one is when a call of it begins, and what became of that.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use super::{
    assignments::{Assigned, Key},
    breaker::Phase,
    conversation::Conversation,
    core::Core,
    journey::Journey,
    target::{Target, TargetId},
    tenants::Tenants,
};

/// So long a call waits for room where its conversation is, if it has the time, before it goes elsewhere: reading all of
/// a conversation anew takes longer, and is paid for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether a conversation is where it was.
#[derive(Clone, Debug)]
pub enum Affinity {
    /// It was nowhere, or was quiet for longer than the prompt cache keeps it.
    New,
    /// It is where it was.
    Kept,
    /// It was elsewhere before, and why it is not now.
    Moved(Arc<TargetId>, String),
}

/// The conversation that a call is a turn of.
#[derive(Debug)]
pub(super) struct Sticky {
    pub(super) conversation: Conversation,
    key: Key,
    /// Where it is, once for each model that answered it.
    assigned: Vec<Assigned>,
    /// Why the call went elsewhere.
    left: Option<String>,
    /// Until when it waits there for room.
    patience: Option<Instant>,
}

impl Sticky {
    /// Whether the conversation is at a target.
    pub(super) fn is_at(&self, target: &Target) -> bool {
        self.assigned.iter().any(|it| it.target.is(target))
    }

    /// Until when a call that finds no room at a target waits for it alone; `None` if it goes on at once.
    pub(super) fn waits_for(&self, target: &Target, now: Instant) -> Option<Instant> {
        self.patience
            .filter(|until| *until > now && self.is_at(target))
    }

    /// Where the last turn was answered.
    fn last(&self) -> Option<&Assigned> {
        self.assigned.last()
    }
}

impl Core {
    /// The conversation of a call that begins.
    pub(super) fn sticky(
        &self,
        conversation: Conversation,
        tenants: &Tenants,
        started: Instant,
    ) -> Sticky {
        let key = (conversation.id, tenants.together());
        let assigned = if conversation.stays {
            self.assignments.of(&key, started)
        } else {
            vec![]
        };
        let until = started + PATIENCE;
        let mut ends = [self.options.total, self.options.limits.longest_wait].into_iter();
        let in_time = ends.all(|end| end.is_none_or(|end| end > PATIENCE));
        Sticky {
            conversation,
            key,
            patience: (in_time && !assigned.is_empty()).then_some(until),
            assigned,
            left: None,
        }
    }

    /// A target was chosen for a call. If it is not the one where the conversation is, the reason is known now.
    pub(super) fn note_left(&self, journey: &mut Journey<'_>, chosen: &Target) {
        let Some(sticky) = &journey.sticky else {
            return;
        };
        let Some(last) = sticky.last().filter(|it| !it.target.is(chosen)) else {
            return;
        };
        if sticky.left.is_none() {
            let why = self.why_left(journey, last, chosen);
            if let Some(sticky) = &mut journey.sticky {
                sticky.left = Some(why);
            }
        }
    }

    fn why_left(&self, journey: &Journey<'_>, last: &Assigned, chosen: &Target) -> String {
        let mut attempts = journey.record.attempts.iter().rev();
        let failed = attempts.find(|it| last.target.is(&it.target));
        if let Some(error) = failed.and_then(|it| it.error.as_deref()) {
            return format!("it answered with {error}");
        }
        let plan = self.plan_of(&journey.tenants);
        let Some(target) = plan.targets.iter().find(|it| last.target.is(it)) else {
            return "it is not among the targets any more".into();
        };
        if let Some(refusal) = self.why_not(journey, target) {
            return refusal;
        }
        if chosen.chosen.number < last.model {
            return "a model before it may be called again".into();
        }
        match target.state.breaker.health(self.clock.now()).phase {
            Phase::Open => "its breaker is open".into(),
            Phase::HalfOpen => "its breaker is half-open".into(),
            Phase::Closed => "it has no room".into(),
        }
    }

    /// A call was answered: its conversation is there from now on.
    pub(super) fn stays(&self, journey: &Journey<'_>, target: &Target) -> Option<Affinity> {
        let sticky = journey.sticky.as_ref()?;
        if !sticky.conversation.stays {
            return None;
        }
        let now = self.clock.now();
        self.assignments
            .put(sticky.key, &sticky.conversation, target, now);
        let (counter, affinity) = match sticky.last() {
            None => (0, Affinity::New),
            Some(last) if last.target.is(target) => (1, Affinity::Kept),
            Some(last) => {
                let late = || "it was late, and another answered first".into();
                let why = sticky.left.clone().unwrap_or_else(late);
                (2, Affinity::Moved(Arc::clone(&last.target), why))
            }
        };
        self.conversations[counter].fetch_add(1, Ordering::Relaxed);
        Some(affinity)
    }

    /// Calls whose conversations were new, stayed, and moved.
    pub fn conversations(&self) -> [u64; 3] {
        [0, 1, 2].map(|it| self.conversations[it].load(Ordering::Relaxed))
    }
}
