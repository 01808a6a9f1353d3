//! A request as the rules see it: its blocks under Converse's names, whichever form it came in.

use hyper::HeaderMap;
use serde_json::Value;

use crate::catalogue::Model;
use crate::model::{Prompt, Role};

/// The forms of requests that there are rules for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Converse and its stream.
    Converse,
    /// Anthropic's messages in `InvokeModel`.
    Messages,
    /// Nova's messages in `InvokeModel`.
    Nova,
    /// Any other body of `InvokeModel`.
    Other,
    /// Chat completions at `OpenAI`'s path.
    Chat,
    /// Responses at `OpenAI`'s path.
    Responses,
    /// Anthropic's messages at Anthropic's path, beside what holds for them in `InvokeModel`.
    AnthropicPath,
}

/// A block of a message.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// The message's number.
    pub turn: usize,
    /// The block's number in it.
    pub place: usize,
    /// Who speaks.
    pub role: Role,
    /// Converse's name of its kind; empty for a kind without a name there.
    pub kind: &'a str,
    /// What is in it: under its name in Converse, the block itself in Anthropic's form.
    pub value: &'a Value,
}

impl<'a> Piece<'a> {
    /// Where it is: `messages.0.content.1`.
    pub fn path(&self) -> String {
        format!("messages.{}.content.{}", self.turn, self.place)
    }

    /// The text of a text block.
    pub fn text(&self) -> Option<&'a str> {
        let text = self.value.get("text").unwrap_or(self.value);
        text.as_str().filter(|_| self.kind == "text")
    }

    /// The id of a call, or of the call that a result is for.
    pub fn call(&self) -> Option<&'a str> {
        let names = match self.kind {
            "toolUse" => ["toolUseId", "id"],
            "toolResult" => ["toolUseId", "tool_use_id"],
            _ => return None,
        };
        names.iter().find_map(|name| self.value.get(name)?.as_str())
    }
}

/// A tool that a request defines.
pub struct Defined<'a> {
    /// Its number.
    pub index: usize,
    /// The schema of its arguments.
    pub schema: &'a Value,
    /// Whether its arguments must fit the schema.
    pub strict: bool,
}

/// A request with what was read out of it.
pub struct Asked<'a> {
    /// The form it came in.
    pub form: Form,
    /// The request.
    pub input: &'a Value,
    /// What was read.
    pub prompt: &'a Prompt,
    /// The model that shall answer.
    pub model: &'a Model,
    /// Whether the answer shall be streamed.
    pub streams: bool,
    /// Whether the tokens shall be counted only.
    pub counts: bool,
    /// The headers, where they say what other forms say in the body.
    pub headers: Option<&'a HeaderMap>,
    /// The blocks of each message.
    pub turns: Vec<(Role, Vec<Piece<'a>>)>,
}

impl<'a> Asked<'a> {
    /// A view of a request.
    pub fn new(
        form: Form,
        input: &'a Value,
        prompt: &'a Prompt,
        model: &'a Model,
        streams: bool,
    ) -> Self {
        let messages = input.get("messages").and_then(Value::as_array);
        let turns = messages.into_iter().flatten().enumerate();
        Self {
            form,
            input,
            prompt,
            model,
            streams,
            counts: false,
            headers: None,
            turns: turns
                .map(|(turn, message)| of_message(message, turn))
                .collect(),
        }
    }

    /// All blocks of all messages.
    pub fn pieces(&self) -> impl Iterator<Item = &Piece<'a>> {
        self.turns.iter().flat_map(|(_, pieces)| pieces)
    }

    /// All blocks and those inside results, by kind: where the outer block is, and what is in the block.
    pub fn all_of<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = (&'b Piece<'a>, &'a Value)> {
        self.pieces().flat_map(move |piece| {
            let own = (piece.kind == kind).then_some((piece, piece.value));
            let inner = results(piece).filter_map(move |(it, value)| (it == kind).then_some(value));
            own.into_iter()
                .chain(inner.map(move |value| (piece, value)))
        })
    }

    /// A member of the model's own body: an additional field in Converse.
    pub fn field(&self, name: &str) -> Option<&'a Value> {
        let fields = match self.form {
            Form::Converse => self.input.get("additionalModelRequestFields")?,
            _ => self.input,
        };
        fields.get(name).filter(|value| !value.is_null())
    }

    /// A setting that Converse has a name of its own for.
    pub fn setting(&self, name: &str, in_converse: &str) -> Option<&'a Value> {
        let own = self
            .input
            .get("inferenceConfig")
            .and_then(|it| it.get(in_converse));
        own.or_else(|| self.field(name))
    }

    /// The kind of thinking that Claude is asked for: `enabled`, `adaptive`.
    pub fn thinking(&self) -> Option<&'a str> {
        let wish = self
            .field("thinking")
            .or_else(|| self.field("reasoning_config"));
        let kind = wish?.get("type")?.as_str();
        kind.filter(|kind| *kind != "disabled")
    }

    /// The tools with schemas.
    pub fn tools(&self) -> impl Iterator<Item = Defined<'a>> + use<'a> {
        let inside = self.input.pointer("/toolConfig/tools");
        let tools = inside
            .or_else(|| self.input.get("tools"))
            .and_then(Value::as_array);
        tools
            .into_iter()
            .flatten()
            .enumerate()
            .filter_map(|(index, tool)| {
                let specification = tool.get("toolSpec").unwrap_or(tool);
                let schema = specification.pointer("/inputSchema/json");
                Some(Defined {
                    index,
                    schema: schema.or_else(|| specification.get("input_schema"))?,
                    strict: specification.get("strict") == Some(&Value::Bool(true)),
                })
            })
    }
}

fn of_message(message: &Value, turn: usize) -> (Role, Vec<Piece<'_>>) {
    let role = match message.get("role").and_then(Value::as_str) {
        Some("assistant") => Role::Assistant,
        _ => Role::User,
    };
    let blocks = match message.get("content") {
        Some(Value::Array(blocks)) => blocks.as_slice(),
        Some(text) => std::slice::from_ref(text),
        None => &[],
    };
    let pieces = blocks.iter().enumerate().map(|(place, block)| {
        let (kind, value) = named(block);
        Piece {
            turn,
            place,
            role,
            kind,
            value,
        }
    });
    (role, pieces.collect())
}

/// Converse's name of a block's kind, and what is in it.
fn named(block: &Value) -> (&str, &Value) {
    if block.is_string() {
        return ("text", block);
    }
    let Some(kind) = block.get("type").and_then(Value::as_str) else {
        let only = block.as_object().and_then(|members| members.iter().next());
        return only.map_or(("", block), |(kind, value)| (kind.as_str(), value));
    };
    let kind = match kind {
        "tool_use" => "toolUse",
        "tool_result" => "toolResult",
        "thinking" | "redacted_thinking" => "reasoningContent",
        "text" | "image" | "document" => kind,
        _ => "",
    };
    (kind, block)
}

/// The blocks inside a result.
pub fn results<'a>(piece: &Piece<'a>) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
    let blocks = piece.value.get("content").and_then(Value::as_array);
    let blocks = blocks.filter(|_| piece.kind == "toolResult");
    blocks.into_iter().flatten().map(named)
}
