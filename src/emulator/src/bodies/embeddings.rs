//! Embeddings: texts and media in, vectors out, in each provider's own form.

use serde_json::{Value, json};

use super::{malformed, named, plain_prompt, required};
use crate::catalogue::Model;
use crate::error::ServiceError;
use crate::ids;
use crate::model::{Prompt, tokens};

/// What is to be turned into vectors, and how long those shall be.
pub struct Wanted {
    form: Form,
    items: Vec<String>,
    length: usize,
}

/// The forms that bodies come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Titan,
    TitanImage,
    Cohere { by_type: bool },
    Nova,
    Marengo,
}

/// Reads a body.
pub fn read(body: &Value, model: &Model) -> Result<Wanted, ServiceError> {
    let id = model.id.as_str();
    if model.family() == "cohere" {
        return cohere(body, id);
    }
    if model.family() == "twelvelabs" {
        let length = if id.contains("-3-") { 512 } else { 1_024 };
        let kind = text(required(body, "inputType")?, "inputType")?;
        let content = required(body, &kind)?;
        return wanted(Form::Marengo, vec![content.to_string()], length, &[length]);
    }
    if id.contains("nova") {
        return nova(body);
    }
    if id.contains("titan-embed-image") {
        let length = body
            .pointer("/embeddingConfig/outputEmbeddingLength")
            .map_or(Ok(1_024), |value| number(value, "outputEmbeddingLength"))?;
        let items: Vec<String> = ["inputText", "inputImage"]
            .iter()
            .filter_map(|key| body.get(*key).and_then(Value::as_str))
            .map(str::to_owned)
            .collect();
        if items.is_empty() {
            return Err(malformed("#: required key [inputText] not found"));
        }
        return wanted(
            Form::TitanImage,
            vec![items.join("\n")],
            length,
            &[256, 384, 1_024],
        );
    }
    let item = text(required(body, "inputText")?, "inputText")?;
    if item.is_empty() {
        return Err(malformed("expected minLength: 1, actual: 0"));
    }
    if id.contains("v2") {
        let length = body
            .get("dimensions")
            .map_or(Ok(1_024), |value| number(value, "dimensions"))?;
        return wanted(Form::Titan, vec![item], length, &[256, 512, 1_024]);
    }
    wanted(Form::Titan, vec![item], 1_536, &[1_536])
}

/// Characters of a text that Cohere's third models embed.
const LONGEST_TEXT: usize = 2_048;
const INPUT_TYPES: &[&str] = &[
    "search_document",
    "search_query",
    "classification",
    "clustering",
    "image",
];

/// Refuses a member that is none of its values.
fn one_of(body: &Value, key: &str, known: &[&str]) -> Result<(), ServiceError> {
    match body.get(key).and_then(Value::as_str) {
        Some(given) if !known.contains(&given) => Err(malformed(&format!(
            "#/{key}: {given} is not a valid enum value"
        ))),
        _ => Ok(()),
    }
}

fn cohere(body: &Value, id: &str) -> Result<Wanted, ServiceError> {
    one_of(body, "input_type", INPUT_TYPES)?;
    required(body, "input_type")?;
    one_of(body, "truncate", &["NONE", "START", "END", "LEFT", "RIGHT"])?;
    let items: Vec<String> = ["texts", "images"]
        .iter()
        .filter_map(|key| body.get(*key).and_then(Value::as_array))
        .flatten()
        .map(|item| text(item, "texts"))
        .collect::<Result<_, _>>()?;
    if items.is_empty() {
        return Err(malformed("#: required key [texts] not found"));
    }
    if items.len() > 96 {
        return Err(malformed(&format!(
            "#/texts: expected maximum item count: 96, found: {}",
            items.len()
        )));
    }
    let newest = id.contains("v4");
    let texts = body.get("texts").and_then(Value::as_array);
    let lengths = texts.into_iter().flatten().filter_map(Value::as_str);
    let lengths = lengths.map(|item| item.chars().count()).enumerate();
    if let Some((at, found)) = lengths
        .into_iter()
        .find(|(_, found)| *found > LONGEST_TEXT && !newest)
    {
        return Err(malformed(&format!(
            "#/texts/{at}: expected maxLength: {LONGEST_TEXT}, actual: {found}"
        )));
    }
    let by_type = newest || body.get("embedding_types").is_some();
    let usual = if newest { 1_536 } else { 1_024 };
    let length = body
        .get("output_dimension")
        .filter(|_| newest)
        .map_or(Ok(usual), |value| number(value, "output_dimension"))?;
    let lengths: &[usize] = if newest {
        &[256, 512, 1_024, 1_536]
    } else {
        &[1_024]
    };
    wanted(Form::Cohere { by_type }, items, length, lengths)
}

fn nova(body: &Value) -> Result<Wanted, ServiceError> {
    let asked = required(body, "singleEmbeddingParams")?;
    let length = asked
        .get("embeddingDimension")
        .map_or(Ok(3_072), |value| number(value, "embeddingDimension"))?;
    let content = ["text", "image", "audio", "video"]
        .iter()
        .find_map(|kind| asked.get(*kind))
        .ok_or_else(|| malformed("#/singleEmbeddingParams: required key [text] not found"))?;
    let item = content
        .get("value")
        .and_then(Value::as_str)
        .map_or_else(|| content.to_string(), str::to_owned);
    wanted(Form::Nova, vec![item], length, &[256, 384, 1_024, 3_072])
}

fn wanted(
    form: Form,
    items: Vec<String>,
    length: usize,
    lengths: &[usize],
) -> Result<Wanted, ServiceError> {
    if !lengths.contains(&length) {
        let allowed: Vec<String> = lengths.iter().map(ToString::to_string).collect();
        return Err(malformed(&format!(
            "#: {length} is not a valid number of dimensions, use one of {}",
            allowed.join(", ")
        )));
    }
    Ok(Wanted {
        form,
        items,
        length,
    })
}

fn text(value: &Value, key: &str) -> Result<String, ServiceError> {
    value.as_str().map(str::to_owned).ok_or_else(|| {
        malformed(&format!(
            "#/{key}: expected type: String, found: {}",
            named(value)
        ))
    })
}

fn number(value: &Value, key: &str) -> Result<usize, ServiceError> {
    value
        .as_u64()
        .and_then(|number| usize::try_from(number).ok())
        .ok_or_else(|| {
            malformed(&format!(
                "#/{key}: expected type: Integer, found: {}",
                named(value)
            ))
        })
}

impl Wanted {
    /// A prompt of the same length, that nothing is said to.
    pub fn prompt(&self) -> Prompt {
        let mut prompt = plain_prompt(&self.items.join("\n"));
        prompt.max_tokens = Some(0);
        prompt
    }

    /// The answer in the provider's form.
    pub fn answer(&self, model: &str, seed: u64) -> Value {
        let vectors: Vec<Vec<f32>> = self
            .items
            .iter()
            .map(|item| vector(item, model, self.length))
            .collect();
        let count: usize = self.items.iter().map(|item| tokens::count(item)).sum();
        match self.form {
            Form::Titan => json!({
                "embedding": vectors[0],
                "embeddingsByType": {"float": vectors[0]},
                "inputTextTokenCount": count,
            }),
            Form::TitanImage => {
                json!({"embedding": vectors[0], "inputTextTokenCount": count, "message": null})
            }
            Form::Cohere { by_type } => {
                let id = ids::letters(seed, 24).to_lowercase();
                if by_type {
                    json!({"id": id, "response_type": "embeddings_by_type", "embeddings": {"float": vectors},
                        "texts": self.items})
                } else {
                    json!({"id": id, "response_type": "embeddings_floats", "embeddings": vectors, "texts": self.items})
                }
            }
            Form::Nova => {
                json!({"embeddings": [{"embeddingType": "TEXT", "embedding": vectors[0]}]})
            }
            Form::Marengo => json!({"data": [{"embedding": vectors[0]}]}),
        }
    }
}

/// A vector of length one. Texts that share words lie near each other, as with a real model.
fn vector(text: &str, model: &str, length: usize) -> Vec<f32> {
    let mut sum = vec![0.0_f32; length];
    let words = text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut add = |word: &str| {
        let mut state = ids::hash(format!("{model}/{}", word.to_lowercase()).as_bytes());
        for place in &mut sum {
            state = ids::mix(state);
            // The upper bits, as a number between -1 and 1.
            *place += f32::from(i16::from_ne_bytes(
                u16::try_from(state >> 48).unwrap_or_default().to_ne_bytes(),
            )) / 32_768.0;
        }
    };
    add("");
    words.for_each(&mut add);
    let norm = sum.iter().map(|part| part * part).sum::<f32>().sqrt();
    sum.iter().map(|part| part / norm).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn similarity(left: &str, right: &str) -> f32 {
        let (left, right) = (vector(left, "m", 256), vector(right, "m", 256));
        left.iter().zip(&right).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn texts_that_share_words_lie_near_each_other() {
        assert!((similarity("granite is hard", "granite is hard") - 1.0).abs() < 1e-4);
        let near = similarity("granite is hard", "Granite is a hard rock");
        let far = similarity("granite is hard", "trains run late today");
        assert!(near > 0.5 && far < 0.5, "{near} {far}");
    }

    #[test]
    fn lengths_are_those_that_the_model_has() {
        let model =
            crate::catalogue::Catalogue::bundled().models["amazon.titan-embed-text-v2:0"].clone();
        let body = json!({"inputText": "granite", "dimensions": 256});
        let answer = read(&body, &model).unwrap().answer(&model.id, 1);
        assert_eq!(answer["embedding"].as_array().unwrap().len(), 256);
        let body = json!({"inputText": "granite", "dimensions": 300});
        let refused = read(&body, &model).err().unwrap().message;
        assert!(refused.contains("use one of 256, 512, 1024"), "{refused}");
    }
}
