//! What to do about Bedrock's more cryptic errors.

use crate::{
    catalogue::{CATALOGUE, Destinations},
    error::ServiceError,
};

/// The advice for an error of a call to `model` from `region`, where Bedrock's text alone leaves the user guessing.
pub(crate) fn hint(error: &ServiceError, model: Option<&str>, region: &str) -> Option<String> {
    let text = error.message.as_str();
    match error.code.as_str() {
        // Bedrock writes a typographic apostrophe, and has written a plain one.
        "ValidationException" if text.contains("on-demand throughput isn") => {
            Some(profile_only(model?, region))
        }
        "ValidationException" if text.contains("model identifier is invalid") => {
            invalid(model?, region)
        }
        "AccessDeniedException" => denied(text),
        _ => None,
    }
}

fn profile_only(model: &str, region: &str) -> String {
    let profiles = CATALOGUE.profiles(model, region);
    let date = CATALOGUE.date();
    if profiles.is_empty() {
        return format!(
            "this model is called through an inference profile, and none of it is known for {region} (facts of {date}): \
             client(\"bedrock\").list_inference_profiles() lists what your account has there"
        );
    }
    let profiles: Vec<String> = profiles
        .iter()
        .map(|profile| match &profile.destinations {
            Destinations::Regions(regions) => {
                format!("{} (served in {})", profile.id, regions.join(", "))
            }
            Destinations::Global => format!("{} (served in any commercial Region)", profile.id),
            Destinations::Unknown => format!("{} (where it is served is not known)", profile.id),
        })
        .collect();
    format!(
        "this model is called through an inference profile; from {region} there are: {} (facts of {date})",
        profiles.join("; ")
    )
}

fn invalid(model: &str, region: &str) -> Option<String> {
    let opaque = model.len() == 12
        && model
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if opaque {
        return Some(format!(
            "{model:?} looks like the short id of an application inference profile: call those by their ARN, \
             arn:aws:bedrock:{region}:<account>:application-inference-profile/{model}"
        ));
    }
    let behind = CATALOGUE.model_of(model)?;
    let others: Vec<&str> = CATALOGUE
        .profiles(behind, region)
        .iter()
        .map(|profile| profile.id)
        .collect();
    if others.contains(&model) {
        return None;
    }
    Some(match others[..] {
        [] => format!(
            "the profile {model} cannot be called from {region} (facts of {})",
            CATALOGUE.date()
        ),
        _ => format!(
            "the profile {model} cannot be called from {region}, where the same model has: {} (facts of {})",
            others.join(", "),
            CATALOGUE.date()
        ),
    })
}

/// A service control policy that blocks one destination fails the call, wherever it would have been served.
fn denied(text: &str) -> Option<String> {
    if !text.contains("explicit deny") {
        return None;
    }
    let arn = text
        .split("on resource: ")
        .nth(1)?
        .split_whitespace()
        .next()?;
    let region = arn.strip_prefix("arn:")?.split(':').nth(2)?;
    Some(if region.is_empty() {
        "a policy denies global profiles: its Region is \"unspecified\", which the policy's list of allowed Regions must \
         hold for a global profile to be called; a profile of a geography does not need that"
            .into()
    } else {
        format!(
            "a policy denies {region}, which is one of the destinations of this profile: call a profile without \
             {region} among its destinations, or the model itself in an allowed Region"
        )
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn of(code: &str, message: &str, model: &str, region: &str) -> Option<String> {
        let error = ServiceError {
            code: code.into(),
            message: message.into(),
            status: 400,
            headers: vec![],
            body: Bytes::new(),
            attempts: 1,
            exhausted: false,
            hint: None,
        };
        hint(&error, Some(model), region)
    }

    #[test]
    fn a_model_that_needs_a_profile_gets_those_of_the_source_region() {
        for apostrophe in ["'", "’"] {
            let text = format!(
                "Invocation of model ID anthropic.claude-haiku-4-5-20251001-v1:0 with on-demand throughput isn{apostrophe}t \
                 supported. Retry your request with the ID or ARN of an inference profile that contains this model."
            );
            let hint = of(
                "ValidationException",
                &text,
                "anthropic.claude-haiku-4-5-20251001-v1:0",
                "us-east-1",
            );
            let hint = hint.expect("a hint");
            assert!(
                hint.contains(
                    "us.anthropic.claude-haiku-4-5-20251001-v1:0 (served in us-east-1, us-east-2"
                ),
                "{hint}"
            );
            assert!(!hint.contains("eu."), "{hint}");
        }
    }

    #[test]
    fn an_invalid_identifier_is_explained_where_it_can_be() {
        let text = "The provided model identifier is invalid.";
        let short = of("ValidationException", text, "abcdefgh1234", "us-east-1").expect("a hint");
        assert!(
            short.contains("application-inference-profile/abcdefgh1234"),
            "{short}"
        );
        let away = of(
            "ValidationException",
            text,
            "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
            "us-west-2",
        );
        let away = away.expect("a hint");
        assert!(
            away.contains("us.anthropic.claude-haiku-4-5-20251001-v1:0"),
            "{away}"
        );
        assert_eq!(
            of(
                "ValidationException",
                text,
                "anthropic.claude-typo",
                "us-west-2"
            ),
            None
        );
    }

    #[test]
    fn a_denied_destination_is_named() {
        let text = "User: arn:aws:iam::1:user/a is not authorized to perform: bedrock:InvokeModel on resource: \
                    arn:aws:bedrock:us-east-2::foundation-model/m with an explicit deny in a service control policy";
        assert!(
            of("AccessDeniedException", text, "m", "us-east-1")
                .expect("a hint")
                .contains("denies us-east-2")
        );
        let global = text.replace("us-east-2::", "::");
        assert!(
            of("AccessDeniedException", &global, "m", "us-east-1")
                .expect("a hint")
                .contains("global")
        );
        assert_eq!(
            of(
                "AccessDeniedException",
                "no identity-based policy allows",
                "m",
                "us-east-1"
            ),
            None
        );
    }
}
