//! Rerank models: a question and documents in, the documents' order out. Cohere's and Amazon's have one form.

use serde_json::{Value, json};

use super::{malformed, named, plain_prompt, required};
use crate::error::ServiceError;
use crate::model::Prompt;
use crate::words::words;

/// What is to be put in order.
pub struct Wanted {
    query: String,
    documents: Vec<String>,
    most: usize,
}

/// Reads a body.
pub fn read(body: &Value, model: &str) -> Result<Wanted, ServiceError> {
    let query = required(body, "query")?;
    let query = query.as_str().ok_or_else(|| {
        malformed(&format!(
            "#/query: expected type: String, found: {}",
            named(query)
        ))
    })?;
    let documents = required(body, "documents")?;
    let documents = documents.as_array().ok_or_else(|| {
        malformed(&format!(
            "#/documents: expected type: JSONArray, found: {}",
            named(documents)
        ))
    })?;
    if documents.is_empty() {
        return Err(malformed(
            "#/documents: expected minimum item count: 1, found: 0",
        ));
    }
    if model.starts_with("cohere.") && body.get("api_version").and_then(Value::as_u64) != Some(2) {
        return Err(malformed("#: required key [api_version] not found"));
    }
    let most = body.get("top_n").and_then(Value::as_u64);
    Ok(Wanted {
        query: query.to_owned(),
        documents: documents.iter().map(text).collect(),
        most: most.map_or(documents.len(), |most| {
            usize::try_from(most).unwrap_or(usize::MAX)
        }),
    })
}

/// A document is a text, or an object whose texts count.
fn text(document: &Value) -> String {
    match document {
        Value::String(text) => text.clone(),
        Value::Object(members) => {
            let texts: Vec<&str> = members.values().filter_map(Value::as_str).collect();
            texts.join("\n")
        }
        other => other.to_string(),
    }
}

impl Wanted {
    /// The texts as a conversation, for what is counted and logged.
    pub fn prompt(&self) -> Prompt {
        let mut texts = vec![self.query.as_str()];
        texts.extend(self.documents.iter().map(String::as_str));
        let mut prompt = plain_prompt(&texts.join("\n"));
        prompt.max_tokens = Some(0);
        prompt
    }

    /// The answer: the more words of the question a document has, the further before the others it is.
    pub fn answer(&self) -> Value {
        let asked = words(&self.query, |_| true);
        let scored = self.documents.iter().enumerate().map(|(index, document)| {
            let shared = asked.intersection(&words(document, |_| true)).count();
            #[expect(clippy::cast_precision_loss, reason = "no text has so many words")]
            let share = (shared as f64 + 0.01) / (asked.len() as f64 + 0.02);
            (index, share)
        });
        let mut scored: Vec<(usize, f64)> = scored.collect();
        scored.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        scored.truncate(self.most);
        let results = scored
            .into_iter()
            .map(|(index, score)| json!({"index": index, "relevance_score": score}));
        json!({"results": results.collect::<Vec<_>>()})
    }
}
