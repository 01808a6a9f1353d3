//! Which tools to call, and with what.

use std::collections::HashSet;

use super::arguments;
use super::compose::tool_use_id;
use super::prompt::{Prompt, Tool, ToolChoice};
use super::reply::Block;

/// The calls that the conversation asks for; none when a tool has just answered and none is demanded.
pub fn calls(prompt: &Prompt, seed: u64) -> Vec<Block> {
    if prompt.tools.is_empty() || prompt.tool_choice == ToolChoice::Never {
        return Vec::new();
    }
    let question = prompt.last_user_text();
    let chosen: Vec<&Tool> = match &prompt.tool_choice {
        ToolChoice::Tool(name) => prompt
            .tools
            .iter()
            .filter(|tool| tool.name == *name)
            .take(1)
            .collect(),
        ToolChoice::Any => {
            let named = wanted(&prompt.tools, &question);
            if named.is_empty() {
                prompt.tools.first().into_iter().collect()
            } else {
                named
            }
        }
        ToolChoice::Auto if prompt.new_tool_results().next().is_some() => Vec::new(),
        ToolChoice::Auto => wanted(&prompt.tools, &question),
        ToolChoice::Never => Vec::new(),
    };
    let calls = chosen
        .into_iter()
        .enumerate()
        .map(|(index, tool)| Block::ToolUse {
            id: tool_use_id(seed, index),
            name: tool.name.clone(),
            input: arguments::for_tool(&tool.schema, &question, seed ^ index as u64),
        });
    calls.collect()
}

/// Every tool that the question names; else the one tool whose name and description share most words with it.
fn wanted<'a>(tools: &'a [Tool], question: &str) -> Vec<&'a Tool> {
    let lower = question.to_lowercase();
    let named: Vec<&Tool> = tools
        .iter()
        .filter(|tool| mentions(&lower, &tool.name.to_lowercase()))
        .collect();
    if !named.is_empty() {
        return named;
    }
    let asked = words(question);
    let score = |tool: &Tool| {
        let name: usize = words(&tool.name).intersection(&asked).count();
        let description: usize = words(&tool.description).intersection(&asked).count();
        4 * name + description
    };
    let best = tools
        .iter()
        .enumerate()
        .max_by_key(|(index, tool)| (score(tool), usize::MAX - index));
    best.filter(|(_, tool)| score(tool) >= 2)
        .map(|(_, tool)| tool)
        .into_iter()
        .collect()
}

/// Whether a text has a name as a word of its own.
fn mentions(text: &str, name: &str) -> bool {
    let part = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(name).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

/// Words that say something, in lower case, cut out of sentences, `snake_case` and `camelCase`.
fn words(text: &str) -> HashSet<String> {
    const IDLE: &[&str] = &[
        "the", "and", "for", "get", "with", "what", "this", "that", "from", "use", "used", "you",
        "your", "are", "tool", "can", "has", "how", "its", "returns", "return", "given",
    ];
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut previous_lower = false;
    for character in text.chars() {
        if character.is_uppercase() && previous_lower {
            spaced.push(' ');
        }
        previous_lower = character.is_lowercase();
        spaced.extend(character.to_lowercase());
    }
    spaced
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| word.len() > 2 && !IDLE.contains(word))
        .map(|word| {
            word.strip_suffix('s')
                .filter(|stem| stem.len() > 2)
                .unwrap_or(word)
                .to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::prompt::{Part, Role, Turn};
    use super::*;

    fn prompt(question: &str) -> Prompt {
        let tool = |name: &str, description: &str, schema| Tool {
            name: name.to_owned(),
            description: description.to_owned(),
            schema,
        };
        let turn = Turn {
            role: Role::User,
            parts: vec![Part::Text(question.to_owned())],
        };
        let number = json!({"type": "object", "properties": {"input": {"type": "integer"}}, "required": ["input"]});
        let place = json!({"type": "object", "properties": {"location": {"type": "string"}}, "required": ["location"]});
        let tools = vec![
            tool(
                "magic_function",
                "Applies a magic function to an input.",
                number,
            ),
            tool("get_weather", "Get weather at a location.", place),
        ];
        Prompt {
            turns: vec![turn],
            tools,
            ..Prompt::default()
        }
    }

    fn called(prompt: &Prompt) -> Vec<(String, serde_json::Value)> {
        let blocks = calls(prompt, 1).into_iter();
        blocks
            .map(|block| match block {
                Block::ToolUse { name, input, .. } => (name, input),
                other => panic!("{other:?} is no call"),
            })
            .collect()
    }

    #[test]
    fn tools_are_called_by_what_the_question_says() {
        let asked = called(&prompt(
            "What is the value of magic_function(3)? Use the tool.",
        ));
        assert_eq!(asked, [("magic_function".to_owned(), json!({"input": 3}))]);
        let asked = called(&prompt("What is the weather in San Francisco, CA?"));
        assert_eq!(
            asked,
            [(
                "get_weather".to_owned(),
                json!({"location": "San Francisco, CA"})
            )]
        );
        assert!(called(&prompt("Hello there.")).is_empty());
    }

    #[test]
    fn a_choice_is_obeyed() {
        let mut asked = prompt("Hello there.");
        asked.tool_choice = ToolChoice::Tool("get_weather".to_owned());
        assert_eq!(called(&asked)[0].0, "get_weather");
        asked.tool_choice = ToolChoice::Any;
        assert_eq!(called(&asked).len(), 1);
        asked.tool_choice = ToolChoice::Never;
        assert!(called(&asked).is_empty());
    }
}
