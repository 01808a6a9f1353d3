//! The model: it reads a conversation and answers it, always in the same way.

mod arguments;
mod citations;
mod compose;
pub mod prompt;
mod reasoning;
pub mod reply;
mod schema;
mod scripted;
mod text;
pub mod tokens;
mod tools;

use std::time::Duration;

pub use compose::{GENERATED_CALL_ID, answer};
pub use prompt::{Part, Prompt, Role, Turn};
pub use reply::{Block, Reply, StopReason, Usage, arguments, arguments_text, joined};
pub use scripted::ScriptedReply;

/// How every model answers unless a script says otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Manner {
    /// About how many tokens an answer in plain text has.
    pub reply_tokens: usize,
    /// How long each token takes; nothing means at once.
    pub time_per_token: Duration,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            reply_tokens: 48,
            time_per_token: Duration::ZERO,
        }
    }
}
