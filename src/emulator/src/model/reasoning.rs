//! Thoughts before an answer.

use super::prompt::Prompt;
use super::reply::Block;
use crate::ids;

/// A short thought about the question; Anthropic's models sign theirs.
pub fn block(prompt: &Prompt, model: &str, seed: u64) -> Block {
    let question = prompt.last_user_text();
    let words: Vec<&str> = question.split_whitespace().take(8).collect();
    let text = format!(
        "The user wants to know: {}. I have {} tools and {} turns to go by, so I answer from those.",
        words.join(" "),
        prompt.tools.len(),
        prompt.turns.len()
    );
    let signature = model
        .starts_with("anthropic.")
        .then(|| ids::letters(seed, 64));
    Block::Reasoning { text, signature }
}
