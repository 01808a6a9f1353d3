//! Which model speaks which API: the same model may answer in one and be unknown in the next.
//!
//! By answers recorded in August and September 2026 (AWS's samples) and by litellm's price map (November 2026). The first
//! line whose part is in the id holds; a model in no line is trusted.

use super::Api;
use crate::error::ServiceError;
use crate::targets::Target;

/// What an API does with a model.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaks {
    Yes,
    /// 404: the model is not there.
    Missing,
    /// 400: it is there and does not support the path.
    Refused,
}

use Speaks::{Missing, Refused, Yes};

/// Chat completions, responses.
const OPENAI: &[(&str, Speaks, Speaks)] = &[
    ("openai.gpt-oss", Yes, Missing),
    ("openai.gpt-5.4", Missing, Yes),
    ("openai.gpt-5.5", Missing, Yes),
    ("openai.", Yes, Yes),
    ("xai.", Yes, Yes),
    ("qwen.", Yes, Missing),
    ("zai.", Yes, Refused),
    ("deepseek.", Yes, Refused),
    ("anthropic.", Missing, Missing),
    ("amazon.", Missing, Missing),
    ("meta.", Missing, Missing),
];

/// The refusal of a model that is not there, or not in this API.
pub fn missing(id: &str) -> ServiceError {
    ServiceError::not_found(format!(
        "The model '{id}' doesn't exist or doesn't support this API. Retry your request with a different model or API."
    ))
}

/// Refuses a model that does not speak an API.
pub fn check(api: Api, id: &str, target: &Target) -> Result<(), ServiceError> {
    if api != Api::Messages && id.contains(":application-inference-profile/") {
        return Err(ServiceError::validation(
            "Application inference profiles are not supported by this API.",
        ));
    }
    let model = target.model.id.as_str();
    let speaks = match api {
        Api::Messages if model.starts_with("anthropic.") && !is_dated(model) => Yes,
        Api::Messages => Missing,
        Api::Chat | Api::Responses => {
            let line = OPENAI.iter().find(|(part, ..)| model.starts_with(part));
            line.map_or(
                Yes,
                |(_, chat, responses)| {
                    if api == Api::Chat { *chat } else { *responses }
                },
            )
        }
    };
    match speaks {
        Yes => Ok(()),
        Missing => Err(missing(id)),
        Refused => Err(ServiceError::validation(format!(
            "The model '{id}' does not support the '{}' API",
            api.path()
        ))),
    }
}

/// Whether an id has a date in it: messages take only those without one (August 2026).
fn is_dated(model: &str) -> bool {
    model
        .split('-')
        .any(|part| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::is_dated;

    #[test]
    fn ids_with_dates_are_told_from_those_without() {
        assert!(is_dated("anthropic.claude-haiku-4-5-20251001-v1:0"));
        assert!(!is_dated("anthropic.claude-sonnet-5"));
        assert!(!is_dated("anthropic.claude-opus-4-6-v1"));
    }
}
