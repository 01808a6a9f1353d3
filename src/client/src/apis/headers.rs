//! Which of a request's headers go on, and how.

/// What this side of the connection says itself, or what belongs to the connection that the request did not take.
const OWN: &[&str] = &[
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-api-key",
];
/// What proxies on the way may rewrite, so that no signature holds it.
const UNSIGNED: &[&str] = &["baggage", "traceparent", "tracestate", "x-amzn-trace-id"];
/// Anthropic's betas that Bedrock answers with an error.
const REFUSED_BETAS: &[&str] = &["prompt-caching-scope-2026-01-05"];
/// The version of Anthropic's API that Bedrock is known to take.
const ANTHROPIC_VERSION: &str = "2023-06-01";

type Headers = Vec<(String, String)>;

/// Those that are signed, and those that are not. An organization and a project are OpenAI's own, but for the project that
/// Bedrock knows.
pub(crate) fn sorted(headers: Headers) -> (Headers, Headers) {
    let (mut signed, mut unsigned) = (vec![], vec![]);
    for (name, value) in headers {
        let name = name.to_ascii_lowercase();
        let is_own = OWN.contains(&&*name) || name.starts_with("x-amz-");
        let is_strange = match &*name {
            "openai-organization" => true,
            "openai-project" => value != "default" && !value.starts_with("arn:"),
            _ => false,
        };
        if is_own || is_strange {
            continue;
        }
        if UNSIGNED.contains(&&*name) || name.starts_with("x-stainless-") {
            unsigned.push((name, value));
        } else {
            signed.push((name, value));
        }
    }
    (signed, unsigned)
}

/// Anthropic's own, as Bedrock takes them: the version said, or the known one, and no beta that it refuses.
pub(crate) fn of_messages(headers: &mut Headers, version: Option<&str>) {
    headers.retain(|(name, _)| name != "anthropic-version");
    let version = version.unwrap_or(ANTHROPIC_VERSION);
    headers.push(("anthropic-version".into(), version.into()));
    for (_, value) in headers
        .iter_mut()
        .filter(|(name, _)| name == "anthropic-beta")
    {
        let betas = value.split(',').map(str::trim);
        let taken: Vec<_> = betas.filter(|beta| !REFUSED_BETAS.contains(beta)).collect();
        *value = taken.join(",");
    }
    headers.retain(|(name, value)| name != "anthropic-beta" || !value.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(headers: &[(&str, &str)]) -> Headers {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        headers.iter().map(pair).collect()
    }

    #[test]
    fn what_aws_refuses_is_taken_out_and_proxies_may_rewrite_the_rest() {
        let (signed, unsigned) = sorted(pairs(&[
            ("Authorization", "Bearer MARKER"),
            ("X-Api-Key", "MARKER"),
            ("X-Amz-Date", "MARKER"),
            ("x-amz-security-token", "MARKER"),
            ("Host", "MARKER"),
            ("OpenAI-Organization", "MARKER"),
            ("OpenAI-Project", "MARKER"),
            ("Content-Type", "application/json"),
            ("X-Amzn-Bedrock-GuardrailIdentifier", "g"),
            ("Idempotency-Key", "i"),
            ("X-Stainless-Lang", "python"),
            ("traceparent", "00-1"),
        ]));
        assert_eq!(
            signed,
            pairs(&[
                ("content-type", "application/json"),
                ("x-amzn-bedrock-guardrailidentifier", "g"),
                ("idempotency-key", "i"),
            ])
        );
        assert_eq!(
            unsigned,
            pairs(&[("x-stainless-lang", "python"), ("traceparent", "00-1")])
        );
        for project in [
            "default",
            "arn:aws:bedrock:us-east-1:123456789012:project/default",
        ] {
            assert_eq!(sorted(pairs(&[("openai-project", project)])).0.len(), 1);
        }
    }

    #[test]
    fn anthropics_headers_are_those_that_bedrock_takes() {
        let mut headers = pairs(&[
            ("anthropic-version", "2026-10-21"),
            ("anthropic-beta", "a-1, prompt-caching-scope-2026-01-05,b-2"),
        ]);
        of_messages(&mut headers, None);
        assert_eq!(
            headers,
            pairs(&[
                ("anthropic-beta", "a-1,b-2"),
                ("anthropic-version", "2023-06-01")
            ])
        );
        let mut headers = pairs(&[("anthropic-beta", "prompt-caching-scope-2026-01-05")]);
        of_messages(&mut headers, Some("2026-10-21"));
        assert_eq!(headers, pairs(&[("anthropic-version", "2026-10-21")]));
    }
}
