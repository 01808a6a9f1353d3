//! A guardrail around a call to a model: it may stop the question, and stop or mask the answer.

use serde_json::{Map, Value, json};

use super::apply_guardrail::{described, missing};
use super::{Call, guardrails};
use crate::error::ServiceError;
use crate::guardrail::{Assessment, Beside, Guardrail, Source};
use crate::model::{Block, Prompt, Reply, StopReason, Usage};

/// A guardrail that a call names.
pub struct Guarding {
    guardrail: Guardrail,
    /// Whether the caller wants to see what was found.
    pub traced: bool,
    /// Whether it has done anything.
    pub intervened: bool,
    reason: &'static str,
    trace: Map<String, Value>,
}

/// The guardrail that a call names, if it names one.
pub fn of(call: &Call<'_>) -> Result<Option<Guarding>, ServiceError> {
    let config = call.input.get("guardrailConfig").unwrap_or(&call.input);
    let text = |member: &str| config.get(member).and_then(Value::as_str);
    let Some(name) = text("guardrailIdentifier").filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    let version = text("guardrailVersion").unwrap_or_default();
    let guardrail = guardrails::named(call, name, version).ok_or_else(missing)?;
    Ok(Some(Guarding {
        guardrail,
        traced: text("trace").is_some_and(|trace| trace.to_lowercase().starts_with("enabled")),
        intervened: false,
        reason: Assessment::default().reason(),
        trace: Map::new(),
    }))
}

impl Guarding {
    /// Looks at what is asked; an answer means that the model is not asked at all.
    pub fn question(&mut self, call: &Call<'_>, prompt: &Prompt) -> Option<Reply> {
        let text = marked(&call.input).unwrap_or_else(|| prompt.last_user_text());
        let assessment = self.guardrail.assess(&text, Source::Input);
        let beside = Beside {
            images: images(&call.input),
            ..Beside::default()
        };
        let shown = self.shown(call, &assessment, &text, &beside);
        self.trace.insert(
            "inputAssessment".to_owned(),
            json!({&self.guardrail.id: shown}),
        );
        self.intervened |= assessment.blocked;
        if assessment.blocked {
            self.reason = assessment.reason();
        }
        assessment.blocked.then(|| {
            let said = self.guardrail.blocked_message(Source::Input).to_owned();
            Reply {
                blocks: vec![Block::Text(said)],
                stop_reason: StopReason::GuardrailIntervened,
                stop_sequence: None,
                usage: Usage::default(),
                chunks: None,
            }
        })
    }

    /// Looks at what is answered, and changes it if it must be.
    pub fn answer(&mut self, call: &Call<'_>, reply: &mut Reply) {
        let text = reply.text();
        let mut assessment = self.guardrail.assess(&text, Source::Output);
        let mut beside = Beside::default();
        let marks = blocks(&call.input).filter_map(|block| block.get("guardContent"));
        beside.read(marks);
        beside.images = 0;
        self.guardrail.ground(&text, &beside, &mut assessment);
        let shown = self.shown(call, &assessment, &text, &beside);
        self.trace.insert(
            "outputAssessments".to_owned(),
            json!({&self.guardrail.id: [shown]}),
        );
        self.trace.insert("modelOutput".to_owned(), json!([text]));
        if !assessment.intervened() {
            return;
        }
        self.intervened = true;
        self.reason = assessment.reason();
        reply.stop_reason = StopReason::GuardrailIntervened;
        reply.chunks = None;
        if assessment.blocked {
            let said = self.guardrail.blocked_message(Source::Output).to_owned();
            reply.blocks = vec![Block::Text(said)];
            return;
        }
        for block in &mut reply.blocks {
            if let Block::Text(text) | Block::Cited { text, .. } = block
                && let Some(masked) = self.guardrail.assess(text, Source::Output).masked
            {
                *text = masked;
            }
        }
    }

    fn shown(&self, call: &Call<'_>, found: &Assessment, text: &str, beside: &Beside) -> Value {
        described(&self.guardrail, call, found, text.chars().count(), beside)
    }

    /// What was found, in Converse's form.
    pub fn trace(&self) -> Value {
        let mut trace = self.trace.clone();
        trace.insert("actionReason".to_owned(), json!(self.reason));
        Value::Object(trace)
    }

    /// What was found, as a body of the model's own form has it.
    pub fn trace_in_body(&self) -> Value {
        let mut trace = json!({"actionReason": self.reason});
        if let Some(input) = self.trace.get("inputAssessment") {
            trace["input"] = input.clone();
        }
        if let Some(outputs) = self
            .trace
            .get("outputAssessments")
            .and_then(Value::as_object)
        {
            let each = outputs.iter().flat_map(|(id, found)| {
                let found = found.as_array().into_iter().flatten();
                found.map(move |found| json!({id: found}))
            });
            trace["outputs"] = each.collect();
        }
        trace
    }
}

/// The texts that the caller marked to be looked at; when there are some, nothing else is.
fn marked(input: &Value) -> Option<String> {
    let last = input.get("messages")?.as_array()?.last()?;
    let blocks = last.get("content")?.as_array()?.iter();
    let marks = blocks.filter_map(|block| block.get("guardContent"));
    let texts = Beside::default().read(marks);
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn blocks(input: &Value) -> impl Iterator<Item = &Value> {
    let turns = input.get("messages").and_then(Value::as_array);
    let contents = turns
        .into_iter()
        .flatten()
        .filter_map(|turn| turn.get("content")?.as_array());
    contents.flatten()
}

/// How many images the last turn shows.
fn images(input: &Value) -> usize {
    let turns = input.get("messages").and_then(Value::as_array);
    let last = turns.and_then(|turns| turns.last()?.get("content")?.as_array());
    last.into_iter()
        .flatten()
        .filter(|block| block.get("image").is_some())
        .count()
}
