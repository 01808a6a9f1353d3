//! Which requests can be expected to get the same answer again.

use serde::Deserialize;
use serde_json::Value;

use crate::{call::Call, model::Location};

/// Whether answers to this operation may be kept at all: a call to a model has no other effect.
#[must_use]
pub fn is_cacheable(call: &Call) -> bool {
    call.operation.calls_model()
}

/// Whether a request says that chance shall play no part: a temperature of 0, whatever the family of models calls it.
/// Counts of tokens and embeddings know no chance. A tool that Bedrock runs itself may find something else tomorrow, and
/// a guardrail's draft may be changed.
#[must_use]
pub fn is_deterministic(call: &Call) -> bool {
    let draft = |(location, value): &(Location, String)| {
        matches!(location, Location::Header(name) if name.eq_ignore_ascii_case("X-Amzn-Bedrock-GuardrailVersion"))
            && value == "DRAFT"
    };
    if call.located.iter().any(draft) {
        return false;
    }
    match call.operation.name {
        "CountTokens" => true,
        "InvokeModel" if call.model_id().is_some_and(|id| id.contains("embed")) => true,
        _ => serde_json::from_slice(&call.body).is_ok_and(|body: Body| body.is_deterministic()),
    }
}

/// The members that tell. Whatever else there is, is skipped and not built.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    temperature: Option<Value>,
    inference_config: Option<Configuration>,
    text_generation_config: Option<Configuration>,
    tool_config: Option<Tools>,
    guardrail_config: Option<Guardrail>,
}

#[derive(Deserialize)]
struct Configuration {
    temperature: Option<Value>,
}

#[derive(Deserialize)]
struct Tools {
    #[serde(default)]
    tools: Vec<Tool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tool {
    system_tool: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Guardrail {
    guardrail_version: Option<String>,
}

impl Body {
    fn is_deterministic(&self) -> bool {
        let inner = |it: &Option<Configuration>| it.as_ref().and_then(|it| it.temperature.clone());
        let said = [
            self.temperature.clone(),
            inner(&self.inference_config),
            inner(&self.text_generation_config),
        ];
        let mut said = said.into_iter().flatten().peekable();
        let cold = said.peek().is_some() && said.all(|it| it.as_f64() == Some(0.0));
        let tools = self.tool_config.iter().flat_map(|it| &it.tools);
        let draft = self
            .guardrail_config
            .as_ref()
            .is_some_and(|it| it.guardrail_version.as_deref() == Some("DRAFT"));
        cold && !draft && tools.filter(|it| it.system_tool.is_some()).count() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Service;
    use bytes::Bytes;

    fn call(operation: &str, model: &str, body: &str) -> Call {
        let operation = Service::BedrockRuntime.operation(operation);
        Call {
            located: vec![(Location::Uri("modelId"), model.to_owned())],
            body: Bytes::copy_from_slice(body.as_bytes()),
            ..Call::new(operation.expect("it exists"))
        }
    }

    #[test]
    fn a_temperature_of_zero_is_found_wherever_a_family_has_it() {
        for (body, expected) in [
            (r#"{"inferenceConfig":{"temperature":0}}"#, true),
            (
                r#"{"inferenceConfig":{"temperature":0.0,"maxTokens":5}}"#,
                true,
            ),
            (
                r#"{"temperature":-0.0,"messages":[{"temperature":1}]}"#,
                true,
            ),
            (
                r#"{"textGenerationConfig":{"temperature":0},"inputText":"a"}"#,
                true,
            ),
            (r#"{"inferenceConfig":{"temperature":0.01}}"#, false),
            (
                r#"{"inferenceConfig":{"temperature":0},"temperature":1}"#,
                false,
            ),
            (r#"{"inferenceConfig":{"temperature":"0"}}"#, false),
            (r#"{"inferenceConfig":{}}"#, false),
            (r#"{"messages":[{"temperature":0}]}"#, false),
            (r#"{"temperature":null}"#, false),
            ("{}", false),
            ("[]", false),
            ("temperature: 0", false),
            ("", false),
        ] {
            assert_eq!(
                is_deterministic(&call("InvokeModel", "m", body)),
                expected,
                "{body}"
            );
        }
    }

    #[test]
    fn counts_and_embeddings_know_no_chance() {
        assert!(is_deterministic(&call("CountTokens", "m", "{}")));
        let titan = "amazon.titan-embed-text-v2:0";
        assert!(is_deterministic(&call(
            "InvokeModel",
            titan,
            r#"{"inputText":"a"}"#
        )));
        assert!(!is_deterministic(&call("Converse", titan, "{}")));
    }

    #[test]
    fn what_may_change_by_itself_is_left_out() {
        let cold = r#""inferenceConfig":{"temperature":0}"#;
        let with = |more: &str| call("Converse", "m", &format!("{{{cold},{more}}}"));
        assert!(!is_deterministic(&with(
            r#""toolConfig":{"tools":[{"systemTool":{"name":"nova_grounding"}}]}"#
        )));
        assert!(is_deterministic(&with(
            r#""toolConfig":{"tools":[{"toolSpec":{"name":"a"}}]}"#
        )));
        assert!(!is_deterministic(&with(
            r#""guardrailConfig":{"guardrailVersion":"DRAFT"}"#
        )));
        assert!(is_deterministic(&with(
            r#""guardrailConfig":{"guardrailVersion":"3"}"#
        )));
        let mut invoked = call("InvokeModel", "m", r#"{"temperature":0}"#);
        let version = Location::Header("X-Amzn-Bedrock-GuardrailVersion");
        invoked.located.push((version, "DRAFT".into()));
        assert!(!is_deterministic(&invoked));
    }
}
