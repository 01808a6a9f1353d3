//! The words of a text, for what a model would judge by their meaning.

use std::collections::HashSet;

/// The words that count, in lower case, each once.
pub fn words(text: &str, counts: impl Fn(&str) -> bool) -> HashSet<String> {
    text.to_lowercase()
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty() && counts(word))
        .map(str::to_owned)
        .collect()
}
