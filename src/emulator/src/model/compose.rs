//! From a prompt to an answer.

use serde_json::Value;

use super::prompt::{Prompt, ToolChoice};
use super::reply::{Block, Reply, StopReason, Usage, arguments_text};
use super::{Manner, citations, reasoning, schema, text, tokens, tools};
use crate::catalogue::Model;
use crate::ids;

/// Answers a prompt: with thoughts if wanted, then with tool calls, fitting JSON or plain text.
#[must_use]
pub fn answer(prompt: &Prompt, model: &Model, manner: Manner) -> Reply {
    let seed = prompt.seed(&model.id);
    let mut blocks = Vec::new();
    if prompt.reasoning || model.thinks_unasked() {
        blocks.push(reasoning::block(prompt, &model.id, seed));
    }
    let calls = tools::calls(prompt, seed);
    if !calls.is_empty() {
        // Claude says what it is about to do where it may choose.
        if model.family() == "anthropic" && prompt.tool_choice == ToolChoice::Auto {
            blocks.push(Block::Text("Let me look that up.".to_owned()));
        }
        blocks.extend(calls);
        return finish(prompt, blocks, StopReason::ToolUse, None);
    }
    let cited = citations::block(prompt);
    let said = match (&prompt.schema, &cited) {
        (Some(wanted), _) => schema::example(wanted, &prompt.user_text(), seed).to_string(),
        (None, Some(_)) => String::new(),
        (None, None) => text::write(prompt, seed, manner.reply_tokens),
    };
    let (said, stopped) = cut(&said, &prompt.stop_sequences);
    match cited {
        Some(block) if prompt.schema.is_none() => blocks.push(block),
        _ => blocks.push(Block::Text(said.to_owned())),
    }
    let reason = if stopped.is_some() {
        StopReason::StopSequence
    } else {
        StopReason::EndTurn
    };
    finish(prompt, blocks, reason, stopped)
}

/// Makes an answer out of blocks: cuts them at the limit and adds up what they took.
#[must_use]
pub fn finish(
    prompt: &Prompt,
    mut blocks: Vec<Block>,
    reason: StopReason,
    stop_sequence: Option<String>,
) -> Reply {
    let mut stop_reason = reason;
    let mut left = prompt.max_tokens.unwrap_or(usize::MAX);
    let mut kept = 0;
    for block in &mut blocks {
        let took = block.tokens();
        if took > left {
            stop_reason = StopReason::MaxTokens;
            match block {
                Block::Text(text) | Block::Cited { text, .. } | Block::Reasoning { text, .. } => {
                    text.truncate(tokens::truncate(text, left).0.len());
                }
                Block::ToolUse { name, input, .. } => {
                    let left = left.saturating_sub(tokens::count(name) + 4);
                    let mut text = arguments_text(input);
                    text.truncate(tokens::truncate(&text, left).0.len());
                    *input = Value::String(text);
                }
                Block::Redacted(_) | Block::Raw(_) => {}
            }
            kept += usize::from(left > 0);
            break;
        }
        left -= took;
        kept += 1;
    }
    blocks.truncate(kept);
    let output = blocks.iter().map(Block::tokens).sum();
    let usage = Usage {
        input: prompt.input_tokens(),
        output,
        ..Usage::default()
    };
    let stop_sequence = stop_sequence.filter(|_| stop_reason == StopReason::StopSequence);
    Reply {
        blocks,
        stop_reason,
        stop_sequence,
        usage,
        chunks: None,
    }
}

/// The text before the first stop sequence in it, and which that is.
fn cut<'a>(said: &'a str, stop_sequences: &[String]) -> (&'a str, Option<String>) {
    let found = stop_sequences
        .iter()
        .filter(|sequence| !sequence.is_empty())
        .filter_map(|sequence| {
            said.find(sequence.as_str())
                .map(|position| (position, sequence))
        })
        .min();
    found.map_or((said, None), |(position, sequence)| {
        (&said[..position], Some(sequence.clone()))
    })
}

/// What the ids of calls that no script gave begin with.
pub const GENERATED_CALL_ID: &str = "tooluse_";

/// The id of a tool call: the same for the same conversation, so that two clients get the same answer.
pub(super) fn tool_use_id(seed: u64, index: usize) -> String {
    format!(
        "{GENERATED_CALL_ID}{}",
        ids::letters(seed ^ ids::mix(index as u64 + 1), 22)
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::prompt::{Part, Role, Turn};
    use super::*;
    use crate::catalogue::Catalogue;

    fn prompt(text: &str) -> Prompt {
        let turn = Turn {
            role: Role::User,
            parts: vec![Part::Text(text.to_owned())],
        };
        Prompt {
            turns: vec![turn],
            ..Prompt::default()
        }
    }

    fn model(id: &str) -> Arc<Model> {
        Arc::clone(&Catalogue::bundled().models[id])
    }

    #[test]
    fn the_same_question_has_the_same_answer() {
        let first = answer(
            &prompt("What is an outcrop?"),
            &model("amazon.nova-lite-v1:0"),
            Manner::default(),
        );
        assert_eq!(
            first,
            answer(
                &prompt("What is an outcrop?"),
                &model("amazon.nova-lite-v1:0"),
                Manner::default()
            )
        );
        assert_ne!(
            first.text(),
            answer(
                &prompt("What is an outcrop?"),
                &model("amazon.nova-pro-v1:0"),
                Manner::default()
            )
            .text()
        );
        assert_ne!(
            first.text(),
            answer(
                &prompt("What is bedrock?"),
                &model("amazon.nova-lite-v1:0"),
                Manner::default()
            )
            .text()
        );
    }

    #[test]
    fn usage_adds_up_and_limits_hold() {
        let mut asked = prompt("Tell me everything.");
        asked.max_tokens = Some(5);
        let reply = answer(&asked, &model("amazon.nova-lite-v1:0"), Manner::default());
        assert_eq!(
            (reply.usage.output, reply.stop_reason),
            (5, StopReason::MaxTokens)
        );
        assert_eq!(reply.usage.output, tokens::count(&reply.text()));
    }

    #[test]
    fn stop_sequences_end_the_text() {
        let whole = answer(
            &prompt("Tell me everything."),
            &model("amazon.nova-lite-v1:0"),
            Manner::default(),
        )
        .text();
        let word = whole.split(' ').nth(4).unwrap().to_owned();
        let mut asked = prompt("Tell me everything.");
        asked.stop_sequences = vec!["never said".to_owned(), word.clone()];
        let reply = answer(&asked, &model("amazon.nova-lite-v1:0"), Manner::default());
        assert_eq!(reply.stop_sequence.as_deref(), Some(word.as_str()));
        assert!(whole.starts_with(&reply.text()) && !reply.text().contains(&word));
    }
}
