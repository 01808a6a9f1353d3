//! How much a model reads and writes: the numbers of AWS's model cards and models.dev (2026), the first part of an id
//! that fits being the one that holds. A model that is in no list has no limit here.

use super::view::{Asked, Form};
use crate::catalogue::Model;
use crate::error::malformed;

type Sizes = &'static [(&'static str, usize)];

/// Tokens that a model reads and writes together.
const CONTEXT: Sizes = &[
    ("claude-3", 200_000),
    ("claude-sonnet-4-2025", 200_000),
    ("claude-opus-4-2025", 200_000),
    ("claude-opus-4-1-", 200_000),
    ("claude-opus-4-5", 200_000),
    ("claude-sonnet-4-5", 200_000),
    ("claude-haiku-4-5", 200_000),
    ("claude-opus-", 1_000_000),
    ("claude-sonnet-", 1_000_000),
    ("claude-haiku-", 1_000_000),
    ("claude-fable-", 1_000_000),
    ("nova-micro", 128_000),
    ("nova-lite", 300_000),
    ("nova-pro", 300_000),
    ("nova-premier", 1_000_000),
    ("nova-2-lite", 1_000_000),
    ("llama3-8b", 8_192),
    ("llama3-70b", 8_192),
    ("llama3-", 131_072),
    ("llama4-maverick", 1_048_576),
    ("mistral-7b", 32_768),
    ("mixtral-8x7b", 32_768),
    ("mistral-large-2402", 32_768),
    ("mistral-small-2402", 32_768),
    ("mistral-large-2407", 131_072),
    ("pixtral-large", 131_072),
    ("deepseek.r1", 131_072),
    ("gpt-oss", 131_072),
];

/// Tokens that a model may be asked to write.
const OUTPUT: Sizes = &[
    ("claude-3-5", 8_192),
    ("claude-3-7", 131_072),
    ("claude-3-", 4_096),
    ("claude-opus-4-2025", 32_000),
    ("claude-opus-4-1-", 32_000),
    ("claude-opus-4-5", 64_000),
    ("claude-sonnet-4-2025", 64_000),
    ("claude-sonnet-4-5", 64_000),
    ("claude-haiku-4-5", 64_000),
    ("claude-opus-", 128_000),
    ("claude-sonnet-", 128_000),
    ("claude-haiku-", 128_000),
    ("claude-fable-", 128_000),
    ("nova-micro", 10_000),
    ("nova-lite", 10_000),
    ("nova-pro", 10_000),
    ("nova-2-lite", 65_535),
    ("llama3-8b", 2_048),
    ("llama3-70b", 2_048),
    ("llama", 8_192),
    ("mistral-7b", 8_192),
    ("mixtral-8x7b", 4_096),
    ("mistral-large-24", 8_192),
    ("mistral-small-24", 8_192),
    ("pixtral-large", 8_192),
    ("deepseek.r1", 32_768),
];

fn size(sizes: Sizes, model: &Model) -> Option<usize> {
    let found = sizes.iter().find(|(part, _)| model.id.contains(part));
    found.map(|(_, size)| *size)
}

/// The context of the model; Claude Sonnet 4 and 4.5 have a larger one on request. Who only counts may have any prompt.
fn context(asked: &Asked<'_>) -> Option<usize> {
    if asked.counts {
        return None;
    }
    let wished = asked
        .field("anthropic_beta")
        .is_some_and(|it| it.to_string().contains("context-1m"));
    size(CONTEXT, asked.model).map(|size| if wished { size.max(1_000_000) } else { size })
}

pub fn prompt(asked: &Asked<'_>) -> Option<String> {
    let limit = context(asked)?;
    let tokens = asked.prompt.input_tokens();
    (tokens > limit).then(|| match asked.model.family() {
        "anthropic" if asked.model.id.contains("-4-5-2025") && asked.model.id.contains("sonnet") => {
            "Input is too long for requested model.".to_owned()
        }
        "anthropic" if asked.model.is_newer_claude() => {
            format!("prompt is too long: {tokens} tokens > {limit} maximum")
        }
        "anthropic" | "deepseek" => "Input is too long for requested model.".to_owned(),
        "amazon" => "Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the input to try \
                     again."
            .to_owned(),
        _ => format!(
            "This model's maximum context length is {limit} tokens. Please reduce the length of the prompt"
        ),
    })
}

/// Claude takes no more than fits behind the prompt.
pub fn prompt_and_answer(asked: &Asked<'_>) -> Option<String> {
    let (limit, wished) = (context(asked)?, asked.prompt.max_tokens?);
    let tokens = asked.prompt.input_tokens();
    (tokens + wished > limit).then(|| {
        format!(
            "input length and `max_tokens` exceed context limit: {tokens} + {wished} > {limit}, decrease input length or \
             `max_tokens` and try again"
        )
    })
}

pub fn answer(asked: &Asked<'_>) -> Option<String> {
    let (limit, wished) = (size(OUTPUT, asked.model)?, asked.prompt.max_tokens?);
    (wished > limit).then(|| match asked.form {
        Form::Messages => format!(
            "max_tokens: {wished} > {limit}, which is the maximum allowed number of output tokens for {}",
            asked.model.bare_name()
        ),
        Form::Nova => malformed(&format!(
            "#/inferenceConfig/maxTokens: {wished} is not less or equal to {limit}"
        )),
        _ => format!(
            "The maximum tokens you requested exceeds the model limit of {limit}. Try again with a maximum tokens value \
             that is lower than {limit}."
        ),
    })
}
