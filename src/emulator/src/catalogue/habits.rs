//! How models differ where their requests are alike: one line a habit and group of ids.
//!
//! What a group has was seen in recorded answers (2025 and 2026) or stands in AWS's user guide ("Prompt caching for faster
//! model inference", October 2026). The first line that is part of an id holds.

use super::Model;

/// When an answer tells what came from the prompt cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TellsCache {
    /// In every answer, zeros included.
    Always,
    /// In answers to requests with a cache point.
    WhenAsked,
    /// Never: the model caches nothing.
    Never,
}

/// Claude before 4.5, whose Converse answers have no `toolUse.type` and which take temperature and top-p together.
const OLDER_CLAUDE: &[&str] = &[
    "claude-v",
    "claude-instant",
    "claude-3",
    "claude-sonnet-4-2025",
    "claude-opus-4-2025",
    "claude-opus-4-1-",
];

/// Claude that caches no prompts.
const UNCACHED_CLAUDE: &[&str] = &[
    "claude-v",
    "claude-instant",
    "claude-3-haiku",
    "claude-3-sonnet",
    "claude-3-opus",
    "claude-3-5-sonnet",
    "claude-3-5-haiku",
];

/// The fewest tokens before a cache point that are worth keeping.
const LEAST_CACHED: &[(&str, usize)] = &[
    ("claude-fable-5", 512),
    ("claude-mythos-5", 512),
    ("claude-opus-5", 512),
    ("claude-sonnet-5-5", 512),
    ("claude-mythos-preview", 4_096),
    ("claude-opus-4-5", 4_096),
    ("claude-opus-4-6", 4_096),
    ("claude-opus-4-7", 4_096),
    ("claude-haiku-4-5", 4_096),
    ("amazon.nova", 1_000),
];

/// That of all others.
const USUALLY_LEAST_CACHED: usize = 1_024;

/// Models that think without being asked.
const THINKS_UNASKED: &[&str] = &[
    "deepseek.r1",
    "minimax.",
    "kimi-k2-thinking",
    "kimi-k2.",
    "openai.gpt-oss",
    "qwen3-next-80b-a3b-thinking",
    "-magistral-",
];

fn is_one_of(model: &Model, names: &[&str]) -> bool {
    names.iter().any(|name| model.id.contains(name))
}

impl Model {
    /// Whether it is a Claude 4.5 or newer.
    #[must_use]
    pub fn is_newer_claude(&self) -> bool {
        self.family() == "anthropic" && !is_one_of(self, OLDER_CLAUDE)
    }

    /// When its answers tell what came from the prompt cache.
    #[must_use]
    pub fn tells_cache(&self) -> TellsCache {
        match self.family() {
            "anthropic" if is_one_of(self, UNCACHED_CLAUDE) => TellsCache::Never,
            "anthropic" => TellsCache::Always,
            _ if self.id.contains("amazon.nova") => TellsCache::WhenAsked,
            _ => TellsCache::Never,
        }
    }

    /// Whether it keeps prompts without a cache point, as a GPT and Grok do in the APIs of `OpenAI`.
    #[must_use]
    pub fn caches_itself(&self) -> bool {
        is_one_of(self, &["openai.gpt-5", "openai.gpt-6", "xai.grok"])
    }

    /// The fewest tokens before a cache point that it keeps.
    #[must_use]
    pub fn least_cached(&self) -> usize {
        let listed = LEAST_CACHED.iter().find(|(name, _)| self.id.contains(name));
        listed.map_or(USUALLY_LEAST_CACHED, |(_, least)| *least)
    }

    /// Whether it thinks before it answers though nobody asked it to.
    #[must_use]
    pub fn thinks_unasked(&self) -> bool {
        is_one_of(self, THINKS_UNASKED)
    }
}
