//! Answers that rest on a document and say where.

use serde_json::{Value, json};

use super::prompt::{Document, Part, Prompt};
use super::reply::Block;

/// Cites the first sentence of the first document that wants it.
pub fn block(prompt: &Prompt) -> Option<Block> {
    let parts = prompt.turns.iter().flat_map(|turn| &turn.parts);
    let documents = parts.filter_map(|part| match part {
        Part::Document(document) => Some(document),
        _ => None,
    });
    let (index, document) = documents.enumerate().find(|(_, document)| document.cited)?;
    let quoted = first_sentence(document);
    let text = format!("According to {}, {quoted}", document.name);
    Some(Block::Cited {
        text,
        citations: vec![citation(document, index, &quoted)],
    })
}

fn first_sentence(document: &Document) -> String {
    let Some(text) = document.text.as_deref() else {
        return format!("this {} has {} bytes.", document.format, document.size);
    };
    let end = text
        .find(['.', '!', '?', '\n'])
        .map_or(text.len(), |position| position + 1);
    text[..end].trim().to_owned()
}

fn citation(document: &Document, index: usize, quoted: &str) -> Value {
    let length = quoted.chars().count();
    let location = if document.search_source.is_some() {
        json!({"searchResultLocation": {"searchResultIndex": index, "start": 0, "end": 1}})
    } else if document.in_pieces {
        json!({"documentChunk": {"documentIndex": index, "start": 0, "end": 1}})
    } else if document.text.is_some() {
        json!({"documentChar": {"documentIndex": index, "start": 0, "end": length}})
    } else {
        json!({"documentPage": {"documentIndex": index, "start": 1, "end": 2}})
    };
    let mut citation =
        json!({"title": document.name, "sourceContent": [{"text": quoted}], "location": location});
    if let Some(source) = &document.search_source {
        citation["source"] = json!(source);
    }
    citation
}
