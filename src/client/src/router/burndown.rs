//! What a token of an answer takes from a quota: more than one, for many models.
//!
//! AWS's user guide, "How tokens are counted in Amazon Bedrock" (quotas-token-burndown, as of October 2026): 15 for Claude
//! 4.8; 10 for Claude Sonnet 5, Opus 5, Opus 5.5 and Fable 5.1, and for `OpenAI`'s GPT-5.6; 5 for Claude up to 4.7; 1 for all
//! others. What a call reserves when it begins is not multiplied, only what it has used at its end. Claude's other models from
//! 5 on are not in that list: they are taken for their siblings' like, since too much caution costs less than throttling.

/// How many tokens of a quota one token of a model's answer takes. `model` is its id, a profile's, or an ARN.
#[must_use]
pub fn rate(model: &str) -> f64 {
    if model.contains("openai.gpt-5.6") {
        return 10.0;
    }
    let Some((_, name)) = model.split_once("anthropic.claude-") else {
        return 1.0;
    };
    match version(name) {
        (4, 8) => 15.0,
        (5.., _) => 10.0,
        _ => 5.0,
    }
}

/// The version in a name such as `sonnet-5-5`, `opus-4-20250514-v1:0` or `3-7-sonnet-20250219-v1:0`.
fn version(name: &str) -> (u32, u32) {
    let number = |part: &str| part.parse().ok().filter(|_| part.len() < 3);
    let mut parts = name.split('-').skip_while(|part| number(part).is_none());
    let major = parts.next().and_then(number).unwrap_or_default();
    (major, parts.next().and_then(number).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn rates_are_those_that_aws_documents() {
        for (model, expected) in [
            ("us.anthropic.claude-opus-4-8", 15.0),
            ("global.anthropic.claude-sonnet-5", 10.0),
            ("us.anthropic.claude-opus-5-5", 10.0),
            ("anthropic.claude-fable-5-1", 10.0),
            ("us.openai.gpt-5.6-sol", 10.0),
            ("anthropic.claude-opus-4-7", 5.0),
            ("us.anthropic.claude-haiku-4-5-20251001-v1:0", 5.0),
            ("anthropic.claude-opus-4-20250514-v1:0", 5.0),
            ("anthropic.claude-3-7-sonnet-20250219-v1:0", 5.0),
            ("anthropic.claude-3-haiku-20240307-v1:0", 5.0),
            ("anthropic.claude-instant-v1", 5.0),
            ("us.amazon.nova-lite-v1:0", 1.0),
            ("openai.gpt-oss-120b-1:0", 1.0),
            ("meta.llama3-8b-instruct-v1:0", 1.0),
        ] {
            assert!((rate(model) - expected).abs() < f64::EPSILON, "{model}");
        }
        let arn =
            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-8";
        assert!((rate(arn) - 15.0).abs() < f64::EPSILON);
    }
}
