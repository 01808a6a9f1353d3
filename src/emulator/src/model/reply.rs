//! What the model says, before any body is written.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::prompt::Lifetime;
use super::tokens;

/// One block of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Thoughts before the answer.
    Reasoning {
        /// The thoughts.
        text: String,
        /// The signature that must come back with them, where the model signs.
        signature: Option<String>,
    },
    /// Plain text.
    Text(String),
    /// Text that rests on a document.
    Cited {
        /// The text.
        text: String,
        /// The citations in Converse's form.
        citations: Vec<Value>,
    },
    /// A call of a tool.
    ToolUse {
        /// The call's id.
        id: String,
        /// The tool.
        name: String,
        /// The arguments.
        input: Value,
    },
    /// Encrypted thoughts, in the pieces in which they are streamed, each in base64.
    Redacted(Vec<String>),
    /// A block in Converse's form that a script gave, handed on as it is.
    Raw(Value),
}

/// A call's arguments as a stream sends them: those that a limit cut are a text, and no JSON.
#[must_use]
pub fn arguments_text(input: &Value) -> String {
    match input {
        Value::String(text) => text.clone(),
        input => input.to_string(),
    }
}

/// A call's arguments in a whole answer, where those that are no JSON are left out.
#[must_use]
pub fn arguments(input: &Value) -> Value {
    match input {
        Value::String(text) => serde_json::from_str(text)
            .ok()
            .filter(Value::is_object)
            .unwrap_or_else(|| json!({})),
        input => input.clone(),
    }
}

/// The base64 of what pieces hold together.
#[must_use]
pub fn joined(pieces: &[String]) -> String {
    let bytes = pieces
        .iter()
        .filter_map(|piece| STANDARD.decode(piece).ok());
    STANDARD.encode(bytes.collect::<Vec<_>>().concat())
}

impl Block {
    /// How many tokens it took to say.
    #[must_use]
    pub fn tokens(&self) -> usize {
        match self {
            Self::Reasoning { text, .. } | Self::Text(text) | Self::Cited { text, .. } => {
                tokens::count(text)
            }
            Self::ToolUse { name, input, .. } => {
                tokens::count(name) + tokens::count(&arguments_text(input)) + 4
            }
            Self::Redacted(pieces) => pieces.len(),
            Self::Raw(value) => tokens::count(&value.to_string()),
        }
    }

    /// The block as Converse writes it.
    #[must_use]
    pub fn converse(&self) -> Value {
        match self {
            Self::Reasoning { text, signature } => {
                let mut reasoning = json!({"text": text});
                if let Some(signature) = signature {
                    reasoning["signature"] = json!(signature);
                }
                json!({"reasoningContent": {"reasoningText": reasoning}})
            }
            Self::Text(text) => json!({"text": text}),
            Self::Cited { text, citations } => {
                json!({"citationsContent": {"content": [{"text": text}], "citations": citations}})
            }
            Self::ToolUse { id, name, input } => {
                json!({"toolUse": {"toolUseId": id, "name": name, "input": arguments(input)}})
            }
            Self::Redacted(pieces) => {
                json!({"reasoningContent": {"redactedContent": joined(pieces)}})
            }
            Self::Raw(value) => value.clone(),
        }
    }
}

/// Why the answer ends.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// All is said.
    EndTurn,
    /// A tool must run first.
    ToolUse,
    /// No more tokens were allowed.
    MaxTokens,
    /// A stop sequence came up.
    StopSequence,
    /// A guardrail stepped in.
    GuardrailIntervened,
}

impl StopReason {
    /// Converse's and Anthropic's word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EndTurn => "end_turn",
            Self::ToolUse => "tool_use",
            Self::MaxTokens => "max_tokens",
            Self::StopSequence => "stop_sequence",
            Self::GuardrailIntervened => "guardrail_intervened",
        }
    }

    /// The word of OpenAI-style bodies.
    #[must_use]
    pub fn finish_reason(self) -> &'static str {
        match self {
            Self::EndTurn | Self::StopSequence => "stop",
            Self::ToolUse => "tool_calls",
            Self::MaxTokens => "length",
            Self::GuardrailIntervened => "content_filter",
        }
    }

    /// The word of text completions, which know two.
    #[must_use]
    pub fn completion(self) -> &'static str {
        match self {
            Self::MaxTokens => "length",
            _ => "stop",
        }
    }
}

/// What was read and written, in tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Read anew.
    pub input: usize,
    /// Written.
    pub output: usize,
    /// Read from the prompt cache.
    pub cache_read: usize,
    /// Put into the prompt cache.
    pub cache_write: usize,
    /// What of that is kept for an hour.
    pub cache_write_long: usize,
    /// Whether the answer tells of the prompt cache.
    pub tells_cache: bool,
}

impl Usage {
    /// Everything together.
    #[must_use]
    pub fn total(&self) -> usize {
        self.input + self.output + self.cache_read + self.cache_write
    }

    /// What was put into the prompt cache, by how long it is kept.
    #[must_use]
    pub fn written(&self) -> [(Lifetime, usize); 2] {
        [
            (Lifetime::Short, self.cache_write - self.cache_write_long),
            (Lifetime::Long, self.cache_write_long),
        ]
    }

    /// The usage as Converse writes it: some counts stand there twice.
    #[must_use]
    pub fn converse(&self) -> Value {
        let mut usage = json!({
            "inputTokens": self.input,
            "outputTokens": self.output,
            "totalTokens": self.total(),
            "serverToolUsage": {},
        });
        if self.tells_cache {
            for name in ["cacheReadInputTokens", "cacheReadInputTokenCount"] {
                usage[name] = json!(self.cache_read);
            }
            for name in ["cacheWriteInputTokens", "cacheWriteInputTokenCount"] {
                usage[name] = json!(self.cache_write);
            }
        }
        if self.cache_write > 0 {
            let details = self.written().into_iter().filter(|(_, tokens)| *tokens > 0);
            let details = details
                .map(|(lifetime, tokens)| json!({"inputTokens": tokens, "ttl": lifetime.name()}));
            usage["cacheDetails"] = details.collect();
        }
        usage
    }
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Why it ends.
    pub stop_reason: StopReason,
    /// The stop sequence that came up.
    pub stop_sequence: Option<String>,
    /// What it took.
    pub usage: Usage,
    /// Pieces in which a script wants its text streamed.
    pub chunks: Option<Vec<String>>,
}

impl Reply {
    /// How many of its tokens were thoughts.
    #[must_use]
    pub fn thinking_tokens(&self) -> usize {
        let thoughts = self
            .blocks
            .iter()
            .filter(|block| matches!(block, Block::Reasoning { .. }));
        thoughts.map(Block::tokens).sum()
    }

    /// Its text in the pieces in which it is streamed: those of a script, else a token each.
    #[must_use]
    pub fn pieces(&self) -> Vec<String> {
        let owned = || tokens::split(&self.text()).map(str::to_owned).collect();
        self.chunks.clone().unwrap_or_else(owned)
    }

    /// All its text.
    #[must_use]
    pub fn text(&self) -> String {
        let texts = self.blocks.iter().filter_map(|block| match block {
            Block::Text(text) | Block::Cited { text, .. } => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    }
}
