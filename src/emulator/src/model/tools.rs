//! Which tools to call, and with what.

use std::collections::HashSet;

use serde_json::Value;

use super::arguments;
use super::compose::tool_use_id;
use super::prompt::{Prompt, Tool, ToolChoice};
use super::reply::Block;

/// The calls that the conversation asks for; none when a tool has just answered and none is demanded.
pub fn calls(prompt: &Prompt, seed: u64) -> Vec<Block> {
    let question = prompt.last_user_text();
    let tools: Vec<&Tool> = prompt.tools.iter().collect();
    let chosen: Vec<&Tool> = match &prompt.tool_choice {
        ToolChoice::Never => Vec::new(),
        ToolChoice::Tool(name) => {
            let named = tools.into_iter().filter(|tool| tool.name == *name);
            named.take(1).collect()
        }
        ToolChoice::Any => demanded(prompt, &question),
        ToolChoice::Auto if prompt.new_tool_results().next().is_some() => Vec::new(),
        ToolChoice::Auto => wanted(&tools, &question),
    };
    let mut calls: Vec<(&Tool, Value)> = Vec::new();
    for tool in &chosen {
        let number = calls.len() as u64;
        let arguments = arguments::for_tool(&tool.schema, &question, seed ^ number);
        match arguments::several(&tool.schema, &question) {
            Some(several) if chosen.len() == 1 && prompt.tool_choice == ToolChoice::Auto => {
                calls.extend(several.into_iter().map(|arguments| (*tool, arguments)));
            }
            _ => calls.push((tool, arguments)),
        }
    }
    let blocks = calls.into_iter().enumerate();
    blocks
        .map(|(index, (tool, input))| Block::ToolUse {
            id: tool_use_id(seed, index),
            name: tool.name.clone(),
            input,
        })
        .collect()
}

/// What is called where some tool must be: those that fit the question, else the first; each once for a question, so that
/// a loop over the answers comes to its end.
fn demanded<'a>(prompt: &'a Prompt, question: &str) -> Vec<&'a Tool> {
    let called = prompt.called_since_question();
    let left: Vec<&Tool> = prompt
        .tools
        .iter()
        .filter(|tool| !called.contains(&tool.name.as_str()))
        .collect();
    let fitting = wanted(&left, question);
    if fitting.is_empty() {
        left.into_iter().take(1).collect()
    } else {
        fitting
    }
}

/// What a question that holds a sum is about, though it says none of it.
const ARITHMETIC: &[&str] = &[
    "calculate",
    "calculator",
    "calculation",
    "math",
    "arithmetic",
    "mathematical",
    "compute",
    "evaluate",
];

/// Every tool that the question names; else the one tool whose name and description share most words with it.
fn wanted<'a>(tools: &[&'a Tool], question: &str) -> Vec<&'a Tool> {
    let lower = question.to_lowercase();
    let named: Vec<&Tool> = tools
        .iter()
        .copied()
        .filter(|tool| mentions(&lower, &tool.name.to_lowercase()))
        .collect();
    if !named.is_empty() {
        return named;
    }
    let mut asked = words(question);
    if arguments::arithmetic(question).is_some() {
        asked.extend(ARITHMETIC.iter().map(|word| (*word).to_owned()));
    }
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
        .map(|(_, tool)| *tool)
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
    fn a_sum_is_calculated_and_two_places_are_two_calls() {
        let mut asked = prompt("What is 15 * 23?");
        let expression = json!({"type": "object", "properties": {"expression": {"type": "string"}}, "required": ["expression"]});
        asked.tools.push(Tool {
            name: "calculate".to_owned(),
            description: "Evaluates an expression.".to_owned(),
            schema: expression,
        });
        assert_eq!(
            called(&asked),
            [("calculate".to_owned(), json!({"expression": "15 * 23"}))]
        );
        let places = called(&prompt("What is the weather in Paris and in London?"));
        let of = |place: &str| ("get_weather".to_owned(), json!({"location": place}));
        assert_eq!(places, [of("Paris"), of("London")]);
    }

    #[test]
    fn where_a_tool_must_be_called_each_is_called_once() {
        let mut asked = prompt("What is the weather in Paris?");
        asked.tool_choice = ToolChoice::Any;
        let mut names = Vec::new();
        while let [Block::ToolUse { id, name, input }] = &calls(&asked, 1)[..] {
            names.push(name.clone());
            let (id, name, input) = (id.clone(), name.clone(), input.clone());
            asked.turns.push(Turn {
                role: Role::Assistant,
                parts: vec![Part::ToolUse {
                    id: id.clone(),
                    name,
                    input,
                }],
            });
            asked.turns.push(Turn {
                role: Role::User,
                parts: vec![Part::ToolResult {
                    id,
                    text: "done".to_owned(),
                    failed: false,
                }],
            });
        }
        assert_eq!(names, ["get_weather", "magic_function"]);
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
