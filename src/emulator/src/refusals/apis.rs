//! What the runtime's APIs of `OpenAI` and Anthropic refuse beyond what models refuse anywhere.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::view::Asked;

fn number(asked: &Asked<'_>, name: &str) -> Option<f64> {
    asked.field(name)?.as_f64()
}

/// The effort of a request, whichever API it is for.
fn effort<'a>(asked: &Asked<'a>) -> Option<&'a str> {
    let wished = asked
        .field("reasoning_effort")
        .or_else(|| asked.input.pointer("/reasoning/effort"));
    wished?.as_str()
}

/// Whether a GPT thinks: it does unless told otherwise, GPT 5.4 only when told to.
fn reasons(asked: &Asked<'_>) -> bool {
    match effort(asked) {
        Some(effort) => effort != "none",
        None => !asked.model.id.contains("gpt-5.4"),
    }
}

fn unsupported(name: &str) -> String {
    format!("Unsupported parameter: '{name}' is not supported with this model.")
}

// -- OpenAI's APIs ----------------------------------------------------------------------------------------------------

pub fn max_tokens(asked: &Asked<'_>) -> Option<String> {
    asked.field("max_tokens").map(|_| {
        format!(
            "{} Use 'max_completion_tokens' instead.",
            unsupported("max_tokens")
        )
    })
}

pub fn max_tokens_of_response(asked: &Asked<'_>) -> Option<String> {
    ["max_tokens", "max_completion_tokens"]
        .into_iter()
        .find(|name| asked.field(name).is_some())
        .map(|name| format!("Unknown parameter: '{name}'."))
}

pub fn tools_while_reasoning(asked: &Asked<'_>) -> Option<String> {
    let tools = asked.field("tools").and_then(Value::as_array);
    let tools = tools.is_some_and(|tools| !tools.is_empty());
    (tools && reasons(asked)).then(|| {
        format!(
            "Function tools with reasoning_effort are not supported for {} in /v1/chat/completions. To use function tools, \
             use /v1/responses or set reasoning_effort to 'none'.",
            asked.model.bare_name()
        )
    })
}

/// Settings that a model which thinks does not have; what they are anyway may be said.
pub fn sampling_while_reasoning(asked: &Asked<'_>) -> Option<String> {
    const SETTINGS: &[(&str, f64)] = &[
        ("temperature", 1.0),
        ("top_p", 1.0),
        ("presence_penalty", 0.0),
        ("frequency_penalty", 0.0),
    ];
    let mut settings = SETTINGS.iter();
    let set = settings.find(|(name, usual)| {
        number(asked, name).is_some_and(|given| (given - usual).abs() > f64::EPSILON)
    });
    let logprobs = asked.field("logprobs").is_some_and(|wish| wish != false);
    let found = set.map(|(name, _)| *name);
    let found = found.or_else(|| logprobs.then_some("logprobs"))?;
    reasons(asked).then(|| unsupported(found))
}

pub fn penalties(asked: &Asked<'_>) -> Option<String> {
    let given = |name: &&str| asked.field(name).is_some();
    ["presence_penalty", "frequency_penalty"]
        .iter()
        .any(given)
        .then(|| "Bedrock is unable to process your request.".to_owned())
}

pub fn stop(asked: &Asked<'_>) -> Option<String> {
    asked.field("stop").map(|_| {
        "This model doesn't support the stopSequences field. Remove stopSequences and try again."
            .to_owned()
    })
}

pub fn logit_bias(asked: &Asked<'_>) -> Option<String> {
    asked.field("logit_bias").map(|_| unsupported("logit_bias"))
}

pub fn choices(asked: &Asked<'_>) -> Option<String> {
    number(asked, "n")
        .filter(|count| *count > 1.0)
        .map(|_| "Unsupported value: 'n' must be 1.".to_owned())
}

/// Images elsewhere than in the request or in Amazon S3, and files that were uploaded: neither is read.
pub fn images_elsewhere(asked: &Asked<'_>) -> Option<String> {
    let messages = asked.input.get("messages").or(asked.input.get("input"));
    let messages = messages.and_then(Value::as_array);
    let contents = messages
        .into_iter()
        .flatten()
        .filter_map(|message| message.get("content")?.as_array())
        .flatten();
    for block in contents {
        if block.get("file_id").is_some_and(|id| !id.is_null()) {
            return Some("file_id is not supported: send the data itself.".to_owned());
        }
        let url = block.pointer("/image_url/url").or(block.get("image_url"));
        let url = url.and_then(Value::as_str).unwrap_or_default();
        if url.starts_with("http:") || url.starts_with("https:") {
            return Some(
                "Invalid image URL: only data URLs and Amazon S3 locations are supported."
                    .to_owned(),
            );
        }
    }
    None
}

pub fn background(asked: &Asked<'_>) -> Option<String> {
    (asked.field("background")? == true)
        .then(|| "The background parameter is not supported.".to_owned())
}

/// Tools that `OpenAI`'s servers run.
pub fn tools_of_servers(asked: &Asked<'_>) -> Option<String> {
    const TAKEN: &[&str] = &[
        "function",
        "custom",
        "mcp",
        "apply_patch",
        "namespace",
        "tool_search",
        "computer",
    ];
    let tools = asked.field("tools")?.as_array()?;
    let kinds = tools.iter().filter_map(|tool| tool.get("type")?.as_str());
    let refused = kinds
        .filter(|kind| !TAKEN.contains(kind))
        .collect::<Vec<_>>();
    let kind = refused.first()?;
    let name = if kind.starts_with("web_search") {
        "web search".to_owned()
    } else {
        kind.replace('_', " ")
    };
    Some(format!("{name} is not supported for this request"))
}

pub fn least_output(asked: &Asked<'_>) -> Option<String> {
    let given = number(asked, "max_output_tokens").filter(|given| *given < 16.0)?;
    Some(format!(
        "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got {given} instead."
    ))
}

/// JSON without a schema must be asked for in words, too.
pub fn json_unsaid(asked: &Asked<'_>) -> Option<String> {
    let wished = asked.input.pointer("/text/format/type") == Some(&Value::from("json_object"));
    let said = || {
        let text = |value: Option<&Value>| value.map(Value::to_string).unwrap_or_default();
        let said = text(asked.input.get("input")) + &text(asked.input.get("instructions"));
        said.to_lowercase().contains("json")
    };
    (wished && !said()).then(|| {
        "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'."
            .to_owned()
    })
}

// -- Anthropic's path -------------------------------------------------------------------------------------------------

/// Members that Anthropic's own service has and this path does not.
pub fn members(asked: &Asked<'_>) -> Option<String> {
    const ABSENT: &[&str] = &["container", "fallbacks", "inference_geo", "mcp_servers"];
    let found = ABSENT.iter().find(|name| asked.field(name).is_some());
    let format = asked.input.pointer("/output_config/format");
    let strict = asked.field("tools").and_then(Value::as_array);
    let strict = strict.and_then(|tools| tools.iter().position(|it| it.get("strict").is_some()));
    let place = match (found, format, strict) {
        (Some(name), ..) => (*name).to_owned(),
        (_, Some(format), _) if !format.is_null() => "output_config.format".to_owned(),
        (.., Some(index)) => format!("tools.{index}.custom.strict"),
        _ => return None,
    };
    Some(format!("{place}: Extra inputs are not permitted"))
}

/// Tools that Anthropic's servers run.
pub fn tools_of_anthropic(asked: &Asked<'_>) -> Option<String> {
    const REFUSED: &[&str] = &[
        "web_search_",
        "web_fetch_",
        "code_execution_",
        "mcp_toolset",
    ];
    let tools = asked.field("tools")?.as_array()?;
    let mut kinds = tools.iter().filter_map(|tool| tool.get("type")?.as_str());
    let kind = kinds.find(|kind| REFUSED.iter().any(|refused| kind.starts_with(refused)))?;
    Some(format!("tool type '{kind}' is not supported"))
}

/// What stands for whom is read as request metadata, which has an alphabet.
pub fn user_id(asked: &Asked<'_>) -> Option<String> {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[a-zA-Z0-9\s:_@$#=/+,\-.]{0,256}$").expect("the expression is well-formed")
    });
    let user = asked.input.pointer("/metadata/user_id")?.as_str()?;
    (!FORM.is_match(user)).then(|| {
        "Request metadata contains a value that violates the regular expression \
         [a-zA-Z0-9\\s:_@$#=/+,-.]{0,256}"
            .to_owned()
    })
}

pub fn reserved_word(asked: &Asked<'_>) -> Option<String> {
    let system = asked.field("system")?.to_string();
    system.contains("x-anthropic-billing-header").then(|| {
        "system: 'x-anthropic-billing-header' is a reserved keyword and may not be used in the system prompt."
            .to_owned()
    })
}

pub fn betas(asked: &Asked<'_>) -> Option<String> {
    const REFUSED: &[&str] = &["prompt-caching-scope-2026-01-05"];
    let named = asked.headers?.get_all("anthropic-beta").iter();
    let named = named.filter_map(|value| value.to_str().ok());
    let mut betas = named.flat_map(|value| value.split(',').map(str::trim));
    let found = betas.find(|beta| REFUSED.contains(beta))?;
    Some(format!(
        "Unexpected value(s) `{found}` for the `anthropic-beta` header. Please consult our documentation at docs.anthropic.com \
         or try again without the header."
    ))
}

pub fn version(asked: &Asked<'_>) -> Option<String> {
    let headers = asked.headers?;
    (!headers.contains_key("anthropic-version"))
        .then(|| "anthropic-version: header is required".to_owned())
}
