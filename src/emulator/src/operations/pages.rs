//! Lists in pages.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::Call;
use crate::error::ServiceError;

/// How many members a page has when the caller does not say.
const USUAL: usize = 1_000;

/// One page of `all` under `member`, with a token for the next if there is one.
pub fn answer(call: &Call<'_>, member: &str, all: Vec<Value>) -> Result<Value, ServiceError> {
    of(call, member, all, USUAL)
}

/// The same where a page has `usual` members when the caller does not say.
pub fn of(
    call: &Call<'_>,
    member: &str,
    all: Vec<Value>,
    usual: usize,
) -> Result<Value, ServiceError> {
    let wanted = call
        .input
        .get("maxResults")
        .and_then(Value::as_u64)
        .and_then(|n| usize::try_from(n).ok());
    let start = match call.input.get("nextToken").and_then(Value::as_str) {
        Some(token) => read(token, all.len())
            .ok_or_else(|| ServiceError::validation("The nextToken is invalid."))?,
        None => 0,
    };
    let end = all.len().min(start + wanted.unwrap_or(usual));
    let mut page = Map::new();
    if end < all.len() {
        page.insert(
            "nextToken".to_owned(),
            Value::String(URL_SAFE_NO_PAD.encode(format!("from={end}"))),
        );
    }
    page.insert(
        member.to_owned(),
        all.into_iter().skip(start).take(end - start).collect(),
    );
    Ok(Value::Object(page))
}

/// Those that the caller asks for by state and time, in the order wanted; what is given is sorted by time, oldest first.
pub fn chosen(call: &Call<'_>, mut all: Vec<Value>) -> Vec<Value> {
    let moment = |text: &str| DateTime::from_str(text, Format::DateTimeWithOffset).ok();
    let limit = |member: &str| {
        call.input
            .get(member)
            .and_then(Value::as_str)
            .and_then(moment)
    };
    let (after, before) = (limit("submitTimeAfter"), limit("submitTimeBefore"));
    let state = call.input.get("statusEquals");
    all.retain(|row| {
        let submitted = row["submitTime"].as_str().and_then(moment);
        state.is_none_or(|state| *state == row["status"])
            && after.is_none_or(|after| submitted.is_some_and(|submitted| submitted > after))
            && before.is_none_or(|before| submitted.is_some_and(|submitted| submitted < before))
    });
    // The newest comes first unless the caller says otherwise.
    if call.text("sortOrder") != "Ascending" {
        all.reverse();
    }
    all
}

fn read(token: &str, length: usize) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    text.strip_prefix("from=")?
        .parse()
        .ok()
        .filter(|start| *start <= length)
}
