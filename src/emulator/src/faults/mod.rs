//! Faults and scripts: what happens to chosen calls instead of the usual, and how often.

mod effect;
mod matcher;
mod stream;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

pub use effect::{Effect, Effects};
pub use matcher::{Matcher, Subject};

/// What to do to which calls.
#[derive(Clone, Debug, Deserialize)]
pub struct NewRule {
    /// Which calls.
    #[serde(default)]
    pub when: Matcher,
    /// What happens to them.
    pub effects: Vec<Effect>,
    /// To how many of them; nothing means all.
    pub times: Option<u64>,
}

/// A rule in force.
#[derive(Clone, Debug)]
struct Rule {
    id: u64,
    wanted: NewRule,
    hits: u64,
}

/// How often a rule has been hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Hits {
    /// The rule's number.
    pub id: u64,
    /// Calls it has stepped in at.
    pub hits: u64,
}

#[derive(Debug, Default)]
struct Kept {
    rules: Vec<Rule>,
    next: u64,
}

/// All rules in force, in the order they were added.
#[derive(Debug, Default)]
pub struct Rules {
    kept: Mutex<Kept>,
    /// Spares calls the lock while there are none.
    count: AtomicUsize,
}

impl Rules {
    /// Adds a rule and gives it a number.
    pub fn add(&self, rule: NewRule) -> u64 {
        let mut kept = crate::lock(&self.kept);
        let id = kept.next;
        kept.next += 1;
        kept.rules.push(Rule {
            id,
            wanted: rule,
            hits: 0,
        });
        self.count.store(kept.rules.len(), Ordering::Release);
        id
    }

    /// Takes a rule out of force; it is no error if it is out already.
    pub fn remove(&self, id: u64) {
        let mut kept = crate::lock(&self.kept);
        kept.rules.retain(|rule| rule.id != id);
        self.count.store(kept.rules.len(), Ordering::Release);
    }

    /// Takes all rules out of force.
    pub fn clear(&self) {
        let mut kept = crate::lock(&self.kept);
        kept.rules.clear();
        self.count.store(0, Ordering::Release);
    }

    /// How often each rule has been hit.
    #[must_use]
    pub fn hits(&self) -> Vec<Hits> {
        crate::lock(&self.kept)
            .rules
            .iter()
            .map(|rule| Hits {
                id: rule.id,
                hits: rule.hits,
            })
            .collect()
    }

    /// Everything that shall happen to a call. Of each kind of effect the rule that was added first counts, and only rules
    /// that have a say are used up.
    #[must_use]
    pub fn effects(&self, subject: &Subject<'_>) -> Effects {
        let mut found = Effects::default();
        if self.count.load(Ordering::Acquire) == 0 {
            return found;
        }
        let mut kept = crate::lock(&self.kept);
        for rule in &mut kept.rules {
            let spent = rule.wanted.times.is_some_and(|times| rule.hits >= times);
            if spent || !rule.wanted.when.fits(subject) {
                continue;
            }
            let mut used = false;
            for effect in rule
                .wanted
                .effects
                .iter()
                .filter(|effect| effect.fits(subject))
            {
                used |= found.add(rule.id, effect);
            }
            rule.hits += u64::from(used);
            if found.ends_the_call() {
                break;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rule(value: serde_json::Value) -> NewRule {
        serde_json::from_value(value).unwrap()
    }

    fn subject() -> Subject<'static> {
        Subject {
            region: "us-east-1",
            operation: "Converse",
            model_id: Some("us.a.b-v1:0"),
            model: Some("a.b-v1:0"),
            text: Some("what is the weather?"),
            streams: false,
        }
    }

    #[test]
    fn a_rule_is_used_up() {
        let rules = Rules::default();
        let id = rules.add(rule(
            json!({"effects": [{"kind": "error", "code": "ThrottlingException"}], "times": 2}),
        ));
        let hit: Vec<bool> = (0..4)
            .map(|_| rules.effects(&subject()).error.is_some())
            .collect();
        assert_eq!(hit, [true, true, false, false]);
        assert_eq!(rules.hits(), [Hits { id, hits: 2 }]);
    }

    #[test]
    fn only_calls_that_are_meant_are_hit() {
        let rules = Rules::default();
        let error = json!([{"kind": "error", "code": "ThrottlingException"}]);
        for when in [
            json!({"region": "us-west-2"}),
            json!({"operation": "InvokeModel"}),
            json!({"model": "c.*"}),
            json!({"text": "rain"}),
        ] {
            rules.add(rule(json!({"when": when, "effects": error})));
        }
        assert!(rules.effects(&subject()).error.is_none());
        rules.add(rule(
            json!({"when": {"model": "a.*", "text": "WEATHER"}, "effects": error}),
        ));
        assert!(rules.effects(&subject()).error.is_some());
    }

    #[test]
    fn effects_of_streams_wait_for_a_stream() {
        let rules = Rules::default();
        rules.add(rule(
            json!({"effects": [{"kind": "cut_frame", "after_events": 2}], "times": 1}),
        ));
        assert!(rules.effects(&subject()).stream.is_none());
        assert!(
            rules
                .effects(&Subject {
                    streams: true,
                    ..subject()
                })
                .stream
                .is_some()
        );
    }
}
