//! Reasoning that goes back and forth without being read: sealed by the Region that thought it, and of use there only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::ServiceError;
use crate::ids;

/// What sealed reasoning begins with.
const PREFIX: &str = "gAAAA";

/// Reasoning as `region` seals it.
pub fn seal(region: &str, text: &str) -> String {
    let sealed = URL_SAFE_NO_PAD.encode(format!("{region}\n{text}"));
    let check = ids::letters(ids::hash(sealed.as_bytes()), 16);
    format!("{PREFIX}{check}{sealed}")
}

/// The Region that sealed it.
pub fn origin(content: &str) -> Result<String, ServiceError> {
    let opened = || {
        let (check, sealed) = content.strip_prefix(PREFIX)?.split_at_checked(16)?;
        if ids::letters(ids::hash(sealed.as_bytes()), 16) != check {
            return None;
        }
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(sealed).ok()?).ok()?;
        Some(text.split_once('\n')?.0.to_owned())
    };
    opened().ok_or_else(|| ServiceError::validation("invalid encrypted reasoning"))
}

/// The refusal of what another Region has sealed.
pub fn elsewhere() -> ServiceError {
    ServiceError::validation(
        "encrypted reasoning is scoped to the region that produced it and cannot be used in a different region",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_altered_is_refused() {
        let sealed = seal("us-east-1", "I think.");
        assert_eq!(origin(&sealed).unwrap(), "us-east-1");
        for altered in [
            String::new(),
            "gAAAA".to_owned(),
            format!("{sealed}x"),
            sealed.replacen('g', "h", 1),
        ] {
            let refusal = origin(&altered).unwrap_err();
            assert_eq!(refusal.message, "invalid encrypted reasoning");
        }
    }
}
