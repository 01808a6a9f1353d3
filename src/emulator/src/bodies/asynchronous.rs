//! What asynchronous invocations of embedding models write, each file with its name.

use serde_json::{Value, json};

use super::embeddings;
use crate::catalogue::Model;
use crate::error::ServiceError;
use crate::objects::below;

/// The files that an invocation writes below `output`. `read` gives the text of an object in S3.
pub fn files(
    body: &Value,
    model: &Model,
    output: &str,
    read: impl Fn(&str) -> Option<String>,
) -> Result<Vec<(String, String)>, ServiceError> {
    let Some(asked) = body.get("segmentedEmbeddingParams") else {
        let answer = embeddings::read(body, model)?.answer(&model.id, 0);
        return Ok(vec![(below(output, "output.json"), answer.to_string())]);
    };
    let (kind, text) = ["text", "image", "audio", "video"]
        .iter()
        .find_map(|kind| Some((*kind, content(asked.get(*kind)?, &read))))
        .ok_or_else(|| {
            super::malformed("#/segmentedEmbeddingParams: required key [text] not found")
        })?;
    // A segment of its own for each part of a text would need a tokenizer of the model's; all is one segment.
    let mut single = asked.clone();
    single[kind] = json!({"value": text});
    let wanted = embeddings::read(&json!({"singleEmbeddingParams": single}), model)?;
    let answer = wanted.answer(&model.id, 0);
    let vector = &answer["embeddings"][0]["embedding"];
    let place = below(output, &format!("embedding-{kind}.jsonl"));
    let segment = json!({
        "embedding": vector,
        "segmentMetadata": {
            "segmentIndex": 0,
            "segmentStartCharPosition": 0,
            "segmentEndCharPosition": text.chars().count(),
        },
        "status": "SUCCESS",
    });
    let result = json!({
        "embeddingDimension": vector.as_array().map_or(0, Vec::len),
        "embeddingResults": [
            {"embeddingType": kind.to_uppercase(), "status": "SUCCESS", "outputFileUri": place},
        ],
    });
    Ok(vec![
        (
            below(output, "segmented-embedding-result.json"),
            result.to_string(),
        ),
        (place, format!("{segment}\n")),
    ])
}

/// What is to be turned into a vector: a text, an object's text, or else the words that name it.
fn content(asked: &Value, read: &impl Fn(&str) -> Option<String>) -> String {
    let given = asked.get("value").and_then(Value::as_str);
    let place = asked
        .pointer("/source/s3Location/uri")
        .and_then(Value::as_str);
    given
        .map(str::to_owned)
        .or_else(|| place.and_then(read))
        .unwrap_or_else(|| asked.to_string())
}
