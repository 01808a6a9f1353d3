//! Text completions: one prompt in, a list of texts out. `DeepSeek` calls them choices, Mistral's older models outputs; the
//! newer ones speak chat completions.

use serde_json::{Value, json};

use super::{limit, malformed, plain_prompt, text_of, texts};
use crate::error::ServiceError;
use crate::model::{Prompt, Reply, tokens};

/// What one provider makes of them.
pub struct Completions {
    /// What the list of texts is called.
    list: &'static str,
    /// How many stop sequences there may be, where no rule says so.
    most_stops: Option<usize>,
}

pub const DEEPSEEK: Completions = Completions {
    list: "choices",
    most_stops: Some(10),
};
pub const MISTRAL: Completions = Completions {
    list: "outputs",
    most_stops: None,
};

impl Completions {
    /// The prompt in a body.
    pub fn prompt(&self, body: &Value) -> Result<Prompt, ServiceError> {
        let mut prompt = plain_prompt(&text_of(body, "prompt")?);
        prompt.max_tokens = limit(body, "max_tokens")?;
        prompt.stop_sequences = texts(body.get("stop"));
        let stops = prompt.stop_sequences.len();
        if let Some(most) = self.most_stops.filter(|most| stops > *most) {
            return Err(malformed(&format!(
                "#/stop: expected maximum item count: {most}, found: {stops}"
            )));
        }
        Ok(prompt)
    }

    /// A whole answer.
    pub fn answer(&self, reply: &Reply) -> Value {
        self.text(&reply.text(), Some(reply.stop_reason.completion()))
    }

    /// The events of a streamed answer.
    pub fn events(&self, reply: &Reply) -> Vec<Value> {
        let text = reply.text();
        let pieces = tokens::split(&text).map(|piece| self.text(piece, None));
        let last = self.text("", Some(reply.stop_reason.completion()));
        pieces.chain([last]).collect()
    }

    fn text(&self, text: &str, stop_reason: Option<&str>) -> Value {
        json!({self.list: [{"text": text, "stop_reason": stop_reason}]})
    }
}
