//! What a call may use of a quota: its input, guessed from what is in it, and what it allows the model to write.
//!
//! Bedrock tells what a call used only at its end, and settles then. Until then a guess has to do. Text is counted by its
//! length; bytes travel as base64, and what they cost depends on what they are, not on how many they are.

use aws_smithy_types::base64;
use serde_json::Value;

use crate::model::{Operation, Service};

/// For a call that says nothing. Bedrock takes the model's own default, which it does not tell.
const USUAL_OUTPUT: f64 = 4096.0;
const BYTES_PER_TOKEN: f64 = 4.0;
/// Anthropic's rule: a token for 750 pixels, of an image that is scaled down to 1,568 tokens, or to 4,784 by models since
/// Claude Opus 4.7. Nova's table goes from 800 tokens for 900 x 450 to 2,600 for 1,300 x 1,300, so it is below that.
const PIXELS_PER_TOKEN: f64 = 750.0;
const LARGEST_IMAGE: f64 = 4784.0;
/// What Anthropic documents for a page of a PDF is 1,500 to 3,000 tokens.
const PAGE: f64 = 3000.0;
/// For a PDF whose pages cannot be counted because they are compressed.
const BYTES_PER_PAGE: f64 = 50_000.0;
/// What Nova documents for a video: 2,880 tokens for 10 s, and no more than 960 frames.
const SECOND_OF_VIDEO: f64 = 288.0;
const LONGEST_VIDEO: f64 = 960.0;
/// For a video that does not tell its length: 1 Mbit/s.
const BYTES_PER_SECOND: f64 = 125_000.0;
/// Shorter strings are text, whatever they look like.
const SHORTEST_BLOB: usize = 64;

/// Where the families of models have the number of tokens that an answer may have.
const OUTPUTS: [&str; 10] = [
    "/inferenceConfig/maxTokens",
    "/inferenceConfig/max_new_tokens",
    "/max_tokens",
    "/max_completion_tokens",
    "/max_output_tokens",
    "/max_tokens_to_sample",
    "/max_gen_len",
    "/max_new_tokens",
    "/maxTokens",
    "/textGenerationConfig/maxTokenCount",
];

/// What a call may use.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Guess {
    /// The tokens of its input.
    pub(super) input: f64,
    /// Whether the model counted them.
    pub(super) is_counted: bool,
    /// What guesses of this model's input are multiplied by.
    pub(super) scale: f64,
    /// What it allows the model to write.
    pub(super) output: f64,
}

impl Guess {
    /// All of it.
    pub(super) fn tokens(&self) -> f64 {
        let scale = if self.is_counted { 1.0 } else { self.scale };
        self.input * scale + self.output
    }
}

/// What a call may use: its input, and what it allows the model to write.
pub(super) fn guess(operation: &Operation, body: &Value) -> Guess {
    if operation.name == "CountTokens" {
        // No model runs.
        return Guess::default();
    }
    let most = OUTPUTS
        .iter()
        .find_map(|path| body.pointer(path)?.as_f64())
        .unwrap_or(if embeds(body) { 0.0 } else { USUAL_OUTPUT });
    Guess {
        input: input(body),
        is_counted: false,
        scale: 1.0,
        output: most.max(0.0),
    }
}

/// What a request of `CountTokens` asks about: the operation that would be called, and its body.
pub(super) fn counted_input(request: &Value) -> Option<(&'static Operation, Value)> {
    let input = request.get("input")?;
    let (name, body) = if let Some(body) = input.get("converse") {
        ("Converse", body.clone())
    } else {
        let body = base64::decode(input.pointer("/invokeModel/body")?.as_str()?).ok()?;
        ("InvokeModel", serde_json::from_slice(&body).ok()?)
    };
    Some((Service::BedrockRuntime.operation(name)?, body))
}

/// Whether it is for a model of embeddings, which writes nothing.
fn embeds(body: &Value) -> bool {
    let has = |name: &str| body.get(name).is_some();
    !has("textGenerationConfig") && (has("inputText") || has("inputImage") || has("texts"))
}

/// The tokens of all that a value holds.
fn input(value: &Value) -> f64 {
    match value {
        Value::Object(members) => {
            let of = |(name, value): (&String, &Value)| tokens(name.len()) + input(value);
            members.iter().map(of).sum()
        }
        Value::Array(values) => values.iter().map(input).sum(),
        Value::String(text) => string(text),
        _ => 1.0,
    }
}

fn string(text: &str) -> f64 {
    // OpenAI's formats have images as data URLs.
    let data = match text
        .strip_prefix("data:")
        .and_then(|it| it.split_once(";base64,"))
    {
        Some((_, data)) => data,
        None => text,
    };
    if !is_base64(data) {
        return tokens(text.len());
    }
    match base64::decode(data) {
        Ok(bytes) => blob(&bytes),
        Err(_) => tokens(text.len()),
    }
}

/// No text of any language is as long without a space or a full stop.
fn is_base64(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    text.len() >= SHORTEST_BLOB && text.len().is_multiple_of(4) && text.bytes().all(is_digit)
}

/// What bytes cost, by what they are.
fn blob(bytes: &[u8]) -> f64 {
    if let Ok(size) = imagesize::blob_size(bytes) {
        #[expect(clippy::cast_precision_loss, reason = "no image is as large")]
        let pixels = size.width as f64 * size.height as f64;
        return (pixels / PIXELS_PER_TOKEN).clamp(1.0, LARGEST_IMAGE);
    }
    if imagesize::image_type(bytes).is_ok() {
        return LARGEST_IMAGE;
    }
    if bytes.starts_with(b"%PDF") {
        return pages(bytes) * PAGE;
    }
    if is_video(bytes) {
        return seconds(bytes).clamp(1.0, LONGEST_VIDEO) * SECOND_OF_VIDEO;
    }
    // Text and tables; for office documents and sound there is no figure, and their bytes count as text.
    tokens(bytes.len())
}

fn pages(pdf: &[u8]) -> f64 {
    let mut found = 0_u32;
    for at in memchr::memmem::find_iter(pdf, b"/Type") {
        let rest = pdf[at + 5..].trim_ascii_start();
        if rest.starts_with(b"/Page") && rest.get(5) != Some(&b's') {
            found += 1;
        }
    }
    let by_size = (length(pdf) / BYTES_PER_PAGE).ceil();
    if found > 0 { f64::from(found) } else { by_size }
}

fn is_video(bytes: &[u8]) -> bool {
    bytes.get(4..8) == Some(b"ftyp") || bytes.starts_with(&[0x1A, 0x45, 0xDF, 0xA3])
}

/// How long a video is, from the head of an MP4, or else from its size.
fn seconds(video: &[u8]) -> f64 {
    told(video).unwrap_or(length(video) / BYTES_PER_SECOND)
}

fn told(video: &[u8]) -> Option<f64> {
    let head = &video[memchr::memmem::find(video, b"mvhd")? + 4..];
    let number = |at: usize| {
        let four: [u8; 4] = head.get(at..at + 4)?.try_into().ok()?;
        Some(f64::from(u32::from_be_bytes(four)))
    };
    // Version 1 has times of 64 bits; the upper half of a length is nothing for any video.
    let (scale, length) = if head.first() == Some(&1) {
        (number(20)?, number(28)?)
    } else {
        (number(12)?, number(16)?)
    };
    (scale > 0.0 && length > 0.0).then(|| length / scale)
}

fn tokens(bytes: usize) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "bodies are far below 2^52 bytes"
    )]
    let bytes = bytes as f64;
    bytes / BYTES_PER_TOKEN
}

fn length(bytes: &[u8]) -> f64 {
    tokens(bytes.len()) * BYTES_PER_TOKEN
}

#[cfg(test)]
#[path = "demand_tests.rs"]
mod tests;
