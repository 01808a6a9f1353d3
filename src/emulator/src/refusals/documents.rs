//! Documents in Converse: their names, places, number and size.

use std::collections::HashSet;

use serde_json::Value;

use super::media::data;
use super::view::{Asked, results};
use crate::error::malformed;

const MOST: usize = 5;
/// 4.5 MB in base64.
const LARGEST: usize = 6_000_000;

fn name(document: &Value) -> &str {
    document
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn is_name(name: &str) -> bool {
    let taken =
        |character: char| character.is_ascii_alphanumeric() || "_-()[] ".contains(character);
    name.chars().all(taken) && !name.contains("  ")
}

pub fn names(asked: &Asked<'_>) -> Option<String> {
    asked
        .all_of("document")
        .any(|(_, document)| !is_name(name(document)))
        .then(|| {
            "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, \
             parentheses, and square brackets. The name can't contain more than one consecutive whitespace character."
                .to_owned()
        })
}

pub fn duplicates(asked: &Asked<'_>) -> Option<String> {
    let mut seen = HashSet::new();
    asked
        .all_of("document")
        .any(|(_, document)| !seen.insert(name(document)))
        .then(|| {
            "Messages can't contain duplicate document names. Remove or rename the duplicate document names in your \
             request and try again."
                .to_owned()
        })
}

pub fn by_s3(asked: &Asked<'_>) -> Option<String> {
    let mut documents = asked.pieces().filter(|piece| piece.kind == "document");
    let found = documents.find(|piece| piece.value.pointer("/source/s3Location").is_some())?;
    Some(format!(
        "{}.document.source.type: Field required",
        found.path()
    ))
}

pub fn by_s3_in_result(asked: &Asked<'_>) -> Option<String> {
    let by_s3 = |(kind, value): (&str, &Value)| {
        kind == "document" && value.pointer("/source/s3Location").is_some()
    };
    let found = asked.pieces().find(|piece| results(piece).any(by_s3))?;
    Some(malformed(&format!(
        "#/messages/{}/content/{}: extraneous key [toolResult] is not permitted",
        found.turn, found.place
    )))
}

pub fn too_many(asked: &Asked<'_>) -> Option<String> {
    let counts = asked.turns.iter().map(|(_, pieces)| {
        pieces
            .iter()
            .filter(|piece| piece.kind == "document")
            .count()
    });
    let (turn, found) = counts.enumerate().find(|(_, count)| *count > MOST)?;
    Some(format!(
        "The message at messages.{turn} has {found} documents. The limit is {MOST}."
    ))
}

pub fn too_large(asked: &Asked<'_>) -> Option<String> {
    let (piece, _) = asked
        .all_of("document")
        .find(|(_, document)| data(document).len() > LARGEST)?;
    Some(format!(
        "The document at {} is larger than 4.5 MB. Reduce its size and try again.",
        piece.path()
    ))
}
