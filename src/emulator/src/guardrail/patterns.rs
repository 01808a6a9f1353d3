//! Personal data that can be told by its form.

use std::sync::LazyLock;

use regex::Regex;

const FORMS: &[(&str, &str)] = &[
    (
        "ADDRESS",
        r"\b\d{1,5} (?:[A-Z][\w'.]* ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Way|Court|Ct)\b(?:, [A-Z][\w ]*)*(?: \d{5})?",
    ),
    ("AWS_ACCESS_KEY", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("CREDIT_DEBIT_CARD_NUMBER", r"\b(?:\d{4}[ -]?){3}\d{4}\b"),
    ("EMAIL", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    (
        "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
        r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b",
    ),
    ("IP_ADDRESS", r"\b(?:\d{1,3}\.){3}\d{1,3}\b"),
    (
        "MAC_ADDRESS",
        r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b",
    ),
    (
        "PHONE",
        r"(?:\+\d{1,3}[ -]?)?\(?\d{3}\)?[ -]\d{3}[ -]\d{4}\b",
    ),
    ("URL", r#"\bhttps?://[^\s"<>]+"#),
    ("US_SOCIAL_SECURITY_NUMBER", r"\b\d{3}-\d{2}-\d{4}\b"),
];

static PATTERNS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    FORMS
        .iter()
        .map(|(kind, form)| (*kind, Regex::new(form).expect("the forms are well-formed")))
        .collect()
});

/// The pattern of a kind of personal data, if it has a form.
pub fn of(kind: &str) -> Option<&'static Regex> {
    PATTERNS
        .iter()
        .find(|(known, _)| *known == kind)
        .map(|(_, pattern)| pattern)
}
