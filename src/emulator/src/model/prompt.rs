//! A conversation in the one form that the model reads, whichever body it came in.

use serde_json::Value;

use super::tokens;
use crate::ids;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The caller.
    User,
    /// The model.
    Assistant,
}

/// For how long after its last use the prompt cache keeps something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lifetime {
    /// Five minutes.
    #[default]
    Short,
    /// One hour.
    Long,
}

impl Lifetime {
    /// As requests and answers write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Short => "5m",
            Self::Long => "1h",
        }
    }

    /// The lifetime that a request wants; five minutes is what it gets for anything else.
    #[must_use]
    pub fn named(name: Option<&str>) -> Self {
        match name {
            Some("1h") => Self::Long,
            _ => Self::Short,
        }
    }
}

/// A document's text and whether the model shall cite it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// `pdf`, `txt`, …
    pub format: String,
    /// The name given to it.
    pub name: String,
    /// Its size in bytes.
    pub size: usize,
    /// Its text, where it is text.
    pub text: Option<String>,
    /// Whether citations are wanted.
    pub cited: bool,
    /// Whether it was given in pieces, which citations count.
    pub in_pieces: bool,
    /// Whether it came as a search result, with its source.
    pub search_source: Option<String>,
}

/// One piece of a turn.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Plain text.
    Text(String),
    /// An image, a video or a sound: what it is, its format and its size in bytes.
    Media {
        /// `image`, `video` or `audio`.
        kind: &'static str,
        /// `png`, `mp4`, …
        format: String,
        /// Its size in bytes.
        size: usize,
    },
    /// A document.
    Document(Document),
    /// A call that the model made.
    ToolUse {
        /// Its id.
        id: String,
        /// The tool.
        name: String,
        /// The arguments.
        input: Value,
    },
    /// What a tool answered.
    ToolResult {
        /// The call's id.
        id: String,
        /// The answer as text.
        text: String,
        /// Whether the tool failed.
        failed: bool,
    },
    /// Thoughts of an earlier turn.
    Reasoning(String),
    /// Everything before this may be kept in the prompt cache.
    CachePoint(Lifetime),
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub parts: Vec<Part>,
}

/// A tool that the model may call.
#[derive(Clone, Debug, PartialEq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// The JSON schema of its arguments.
    pub schema: Value,
}

impl Tool {
    fn text(&self) -> String {
        format!("{}\n{}\n{}", self.name, self.description, self.schema)
    }

    fn tokens(&self) -> usize {
        8 + tokens::count(&self.name)
            + tokens::count(&self.description)
            + tokens::count(&self.schema.to_string())
    }
}

/// Whether a tool must be called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ToolChoice {
    /// If it helps.
    #[default]
    Auto,
    /// Some tool.
    Any,
    /// This tool.
    Tool(String),
    /// None.
    Never,
}

/// A whole request to a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompt {
    /// The system prompts.
    pub system: Vec<Part>,
    /// The conversation.
    pub turns: Vec<Turn>,
    /// The tools.
    pub tools: Vec<Tool>,
    /// Cache points among the tools: how many tools stand before each.
    pub tool_cache_points: Vec<(usize, Lifetime)>,
    /// Whether one must be called.
    pub tool_choice: ToolChoice,
    /// The most tokens that may come out.
    pub max_tokens: Option<usize>,
    /// Texts at which the answer ends.
    pub stop_sequences: Vec<String>,
    /// The JSON schema that the answer must fit.
    pub schema: Option<Value>,
    /// Whether the model shall think aloud first.
    pub reasoning: bool,
    /// Whether all of it may be kept in the prompt cache, turn by turn, without a cache point.
    pub caches_itself: bool,
}

impl Part {
    fn tokens(&self) -> usize {
        match self {
            Self::Text(text) | Self::Reasoning(text) => tokens::count(text),
            Self::Media { size, .. } => (size / 256).clamp(64, 1_600),
            Self::Document(document) => {
                document
                    .text
                    .as_deref()
                    .map_or_else(|| (document.size / 16).max(8), tokens::count)
                    + tokens::count(&document.name)
            }
            Self::ToolUse { name, input, .. } => {
                tokens::count(name) + tokens::count(&input.to_string()) + 4
            }
            Self::ToolResult { text, .. } => tokens::count(text) + 4,
            Self::CachePoint(_) => 0,
        }
    }

    fn feed(&self, hash: &mut u64) {
        let add = |hash: &mut u64, text: &str| *hash = ids::mix(*hash ^ ids::hash(text.as_bytes()));
        match self {
            Self::Text(text) | Self::Reasoning(text) | Self::ToolResult { text, .. } => {
                add(hash, text);
            }
            Self::Media { kind, format, size } => add(hash, &format!("{kind}/{format}/{size}")),
            Self::Document(document) => {
                add(hash, &document.name);
                add(hash, document.text.as_deref().unwrap_or_default());
                *hash = ids::mix(*hash ^ document.size as u64);
            }
            Self::ToolUse { name, input, .. } => add(hash, &format!("{name}{input}")),
            Self::CachePoint(_) => {}
        }
    }
}

/// A cache point: what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CachePoint {
    /// How many tokens.
    pub tokens: usize,
    /// What they say, tools included.
    pub hash: u64,
    /// For how long they shall be kept.
    pub lifetime: Lifetime,
}

impl Prompt {
    /// All parts in order, with the tools' tokens already counted by [`Prompt::input_tokens`].
    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.system
            .iter()
            .chain(self.turns.iter().flat_map(|turn| &turn.parts))
    }

    /// How many tokens the model reads.
    #[must_use]
    pub fn input_tokens(&self) -> usize {
        let tools: usize = self.tools.iter().map(Tool::tokens).sum();
        self.parts().map(Part::tokens).sum::<usize>() + 3 * self.turns.len() + tools
    }

    /// The cache points in the order in which a model reads: tools, system prompts, messages.
    #[must_use]
    pub fn cache_points(&self) -> Vec<CachePoint> {
        let (mut tokens, mut hash) = (0, 0);
        let mut found = Vec::new();
        for number in 0..=self.tools.len() {
            let here = self.tool_cache_points.iter();
            found.extend(
                here.filter(|(before, _)| *before == number)
                    .map(|(_, lifetime)| CachePoint {
                        tokens,
                        hash,
                        lifetime: *lifetime,
                    }),
            );
            if let Some(tool) = self.tools.get(number) {
                tokens += tool.tokens();
                hash = ids::mix(hash ^ ids::hash(tool.text().as_bytes()));
            }
        }
        let turns = self.turns.iter().map(|turn| turn.parts.as_slice());
        for parts in std::iter::once(self.system.as_slice()).chain(turns) {
            for part in parts {
                if let Part::CachePoint(lifetime) = *part {
                    found.push(CachePoint {
                        tokens,
                        hash,
                        lifetime,
                    });
                }
                tokens += part.tokens();
                part.feed(&mut hash);
            }
            if self.caches_itself {
                found.push(CachePoint {
                    tokens,
                    hash,
                    lifetime: Lifetime::Short,
                });
            }
        }
        found
    }

    /// A number that stands for everything that the answer depends on.
    #[must_use]
    pub fn seed(&self, model: &str) -> u64 {
        let mut hash = ids::hash(model.as_bytes());
        self.parts().for_each(|part| part.feed(&mut hash));
        hash
    }

    /// What the user said last, without tool results.
    #[must_use]
    pub fn last_user_text(&self) -> String {
        let turn = self.turns.iter().rev().find(|turn| turn.role == Role::User);
        let texts = turn
            .into_iter()
            .flat_map(|turn| &turn.parts)
            .filter_map(|part| match part {
                Part::Text(text) => Some(text.as_str()),
                _ => None,
            });
        texts.collect::<Vec<_>>().join(" ")
    }

    /// Everything that the user said.
    #[must_use]
    pub fn user_text(&self) -> String {
        let turns = self
            .turns
            .iter()
            .filter(|turn| turn.role == Role::User)
            .flat_map(|turn| &turn.parts);
        let texts = turns.filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    /// The tools that were called since the user said something last.
    #[must_use]
    pub fn called_since_question(&self) -> Vec<&str> {
        let asks = |turn: &Turn| {
            turn.role == Role::User && turn.parts.iter().any(|it| matches!(it, Part::Text(_)))
        };
        let since = self.turns.iter().rev().take_while(|turn| !asks(turn));
        since
            .flat_map(|turn| &turn.parts)
            .filter_map(|part| match part {
                Part::ToolUse { name, .. } => Some(name.as_str()),
                _ => None,
            })
            .collect()
    }

    /// The tool results that the last turn brings.
    pub fn new_tool_results(&self) -> impl Iterator<Item = (&str, bool)> {
        self.turns
            .last()
            .into_iter()
            .flat_map(|turn| &turn.parts)
            .filter_map(|part| match part {
                Part::ToolResult { text, failed, .. } => Some((text.as_str(), *failed)),
                _ => None,
            })
    }
}
