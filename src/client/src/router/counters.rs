//! What a router's calls add up to, target by target.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{source::Source, state::State, target::Target};
use crate::metrics::Metrics;

/// The counters of a router.
#[derive(Debug, Default)]
pub struct TargetMetrics {
    /// Calls under way, and those that were sent to no target.
    pub calls: Arc<Metrics>,
    /// By the address of a target's state. Plans come and go, states stay.
    targets: Mutex<HashMap<usize, Arc<OfTarget>>>,
}

/// The counters of one target.
#[derive(Debug)]
pub struct OfTarget {
    /// Where it is called, and who pays.
    pub source: Arc<Source>,
    /// What is sent as `modelId`.
    pub model_id: String,
    /// Calls that it was the last to be asked for: it answered, or nobody did.
    pub calls: Arc<Metrics>,
    /// Single attempts at it.
    pub attempts: Arc<Metrics>,
    /// Kept alive, so that no other state gets its address.
    _state: Arc<State>,
}

impl OfTarget {
    fn order(&self) -> (&str, &str, usize) {
        (&self.source.region, &self.model_id, self.source.number)
    }
}

impl TargetMetrics {
    /// The counters of a target.
    pub fn of(&self, target: &Target) -> Arc<OfTarget> {
        let whole = target.state.whole();
        let mut targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        let of = targets
            .entry(Arc::as_ptr(&whole) as usize)
            .or_insert_with(|| {
                Arc::new(OfTarget {
                    source: Arc::clone(&target.source),
                    model_id: target.model_id.clone(),
                    calls: Arc::default(),
                    attempts: Arc::default(),
                    _state: Arc::clone(&whole),
                })
            });
        Arc::clone(of)
    }

    /// All targets that were asked, sorted by Region and model.
    pub fn all(&self) -> Vec<Arc<OfTarget>> {
        let targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = targets.values().map(Arc::clone).collect();
        drop(targets);
        all.sort_by(|a, b| a.order().cmp(&b.order()));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::Account,
        metrics::Running,
        router::{
            facts::Fact,
            options::{BreakerOptions, Limits},
            target::{Chosen, Reach},
            terms::Terms,
        },
    };

    fn target(model_id: &str, state: &Arc<State>) -> Target {
        Target {
            source: Arc::default(),
            account: Account::default(),
            rank: 0,
            model_id: model_id.into(),
            base_model: None,
            chosen: Chosen::default(),
            reach: Reach::Unknown,
            fact: Fact::default(),
            terms: Terms::default(),
            state: Arc::clone(state),
        }
    }

    #[test]
    fn a_target_keeps_its_counters_from_plan_to_plan() {
        let new = || State::new(&BreakerOptions::default(), &Limits::default());
        let (one, other) = (new(), new());
        let metrics = TargetMetrics::default();
        Running::start(&metrics.of(&target("b", &one)).calls, "Converse").done();
        Running::start(&metrics.of(&target("b", &one)).calls, "Converse").done();
        Running::start(&metrics.of(&target("a", &other)).attempts, "Converse").done();
        let all = metrics.all();
        let names: Vec<_> = all.iter().map(|of| of.model_id.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        let calls =
            |of: &Arc<OfTarget>| of.calls.snapshot().iter().map(|it| it.2.calls).sum::<u64>();
        assert_eq!(all.iter().map(calls).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(all[0].attempts.snapshot().len(), 1);
        assert!(all[1].attempts.snapshot().is_empty());
    }
}
