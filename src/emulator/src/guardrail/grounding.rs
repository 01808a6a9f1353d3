//! What a guardrail makes of an answer beside its words: how well it is grounded, and what follows from policies of
//! automated reasoning. A model would judge both; here words that are shared are counted, and nothing is proved.

use serde_json::{Value, json};

use super::{Assessment, Guardrail};
use crate::words::words;

/// What stands beside a text that is looked at.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// What the text should rest on.
    pub source: String,
    /// What was asked.
    pub query: String,
    /// How many images there are.
    pub images: usize,
}

impl Beside {
    /// Reads blocks with a text and qualifiers, or an image: the texts that are to be looked at come back.
    pub fn read<'a>(&mut self, blocks: impl Iterator<Item = &'a Value>) -> Vec<&'a str> {
        let mut guarded = Vec::new();
        for block in blocks {
            self.images += usize::from(block.get("image").is_some());
            let Some(held) = block.get("text") else {
                continue;
            };
            let text = held.get("text").and_then(Value::as_str).unwrap_or_default();
            let qualifiers = held.get("qualifiers").and_then(Value::as_array);
            let qualifiers: Vec<&str> = qualifiers
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            if qualifiers.contains(&"grounding_source") {
                append(&mut self.source, text);
            }
            if qualifiers.contains(&"query") {
                append(&mut self.query, text);
            }
            if qualifiers.is_empty() || qualifiers.contains(&"guard_content") {
                guarded.push(text);
            }
        }
        guarded
    }

    /// Characters of all that is not looked at itself.
    #[must_use]
    pub fn length(&self) -> usize {
        self.source.chars().count() + self.query.chars().count()
    }
}

fn append(whole: &mut String, text: &str) {
    if !whole.is_empty() {
        whole.push('\n');
    }
    whole.push_str(text);
}

impl Guardrail {
    /// Judges an answer by what stands beside it.
    pub fn ground(&self, text: &str, beside: &Beside, assessment: &mut Assessment) {
        if !beside.source.is_empty() {
            for filter in self.rules("contextualGroundingPolicyConfig", "filtersConfig") {
                judge(filter, text, beside, assessment);
            }
        }
        let policies = self
            .rules("automatedReasoningPolicyConfig", "policies")
            .count();
        if policies > 0 {
            assessment.reasoning_policies = policies;
            assessment.units.push("automatedReasoningPolicyUnits");
            assessment.findings.insert(
                "automatedReasoningPolicy".to_owned(),
                json!({"findings": [{"noTranslations": {}}]}),
            );
        }
    }
}

/// Holds an answer against one filter.
fn judge(filter: &Value, text: &str, beside: &Beside, assessment: &mut Assessment) {
    if filter["enabled"] == json!(false) {
        return;
    }
    let unit = "contextualGroundingPolicyUnits";
    if !assessment.units.contains(&unit) {
        assessment.units.push(unit);
    }
    let score = match filter["type"].as_str() {
        Some("RELEVANCE") => share(&beside.query, text),
        _ => share(text, &beside.source),
    };
    let threshold = filter["threshold"].as_f64().unwrap_or_default();
    let low = score < threshold;
    let action = if low && filter["action"] != "NONE" {
        "BLOCKED"
    } else {
        "NONE"
    };
    let finding = json!({"type": filter["type"], "threshold": threshold, "score": score, "action": action,
        "detected": low});
    assessment.found("contextualGroundingPolicy", "filters", finding);
}

/// How much of the words of one text another one has, from 0 to 1.
fn share(of: &str, other: &str) -> f64 {
    let (of, other) = (words(of, says), words(other, says));
    if of.is_empty() {
        return 1.0;
    }
    let shared = of.intersection(&other).count();
    #[expect(clippy::cast_precision_loss, reason = "no text has so many words")]
    let share = shared as f64 / of.len() as f64;
    (share * 100.0).round() / 100.0
}

/// Whether a word says something: no short one does.
fn says(word: &str) -> bool {
    word.chars().count() > 3 || word.parse::<u64>().is_ok()
}
