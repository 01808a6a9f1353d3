//! Guardrails: what one forbids, and what it makes of a text.
//!
//! Words, topics (by their names and examples), regular expressions and the kinds of personal data that have a form are
//! looked for, and phrases that content filters and prompt attacks can be told by. Grounding is told by shared words;
//! automated reasoning answers that it could not translate the text.

mod assess;
pub mod content;
mod grounding;
pub mod patterns;
mod versions;

use serde_json::{Map, Value};

use crate::clock::Instant;

pub use assess::{Assessment, Source};
pub use grounding::Beside;
pub use versions::{DRAFT, Versions};

/// One version of a guardrail.
#[derive(Clone, Debug)]
pub struct Guardrail {
    /// The opaque id.
    pub id: String,
    /// `DRAFT`, or a number.
    pub version: String,
    /// What `CreateGuardrail` or `UpdateGuardrail` was asked for.
    pub asked: Value,
    /// When it was made.
    pub created: Instant,
    /// When it was changed last.
    pub updated: Instant,
}

impl Guardrail {
    /// What is said instead of a text that is blocked.
    #[must_use]
    pub fn blocked_message(&self, source: Source) -> &str {
        let member = match source {
            Source::Input => "blockedInputMessaging",
            Source::Output => "blockedOutputsMessaging",
        };
        self.asked[member].as_str().unwrap_or_default()
    }

    /// The policies as `GetGuardrail` shows them: their names are those of `CreateGuardrail` without `Config`.
    #[must_use]
    pub fn policies(&self) -> Map<String, Value> {
        let members = self.asked.as_object().into_iter().flatten();
        members
            .filter(|(name, _)| name.ends_with("PolicyConfig"))
            .map(|(name, policy)| (shorter(name), without_config(policy)))
            .collect()
    }
}

fn shorter(name: &str) -> String {
    name.strip_suffix("Config").unwrap_or(name).to_owned()
}

fn without_config(policy: &Value) -> Value {
    let members = policy.as_object().into_iter().flatten();
    Value::Object(
        members
            .map(|(name, value)| (shorter(name), value.clone()))
            .collect(),
    )
}
