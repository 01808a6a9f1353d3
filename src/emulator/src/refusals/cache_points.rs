//! Cache points: where they may stand, how many, and for how long.

use super::view::Asked;
use crate::error::malformed;
use crate::model::prompt::Lifetime;

/// Converse makes a cache point a mark of the block before it; where none takes it, the model sees a block without a type.
pub fn misplaced(asked: &Asked<'_>) -> Option<String> {
    let found = asked.turns.iter().find_map(|(_, pieces)| {
        pieces.iter().enumerate().find_map(|(place, piece)| {
            let before = place.checked_sub(1).map(|place| &pieces[place]);
            let taken = before.is_some_and(|before| match before.kind {
                "reasoningContent" | "cachePoint" => false,
                "document" => before
                    .value
                    .get("format")
                    .is_some_and(|format| format == "pdf"),
                _ => true,
            });
            (piece.kind == "cachePoint" && !taken).then_some(piece)
        })
    })?;
    Some(format!("{}.type: Field required", found.path()))
}

/// Nova takes cache points in the system prompt and in messages.
pub fn behind_tools(asked: &Asked<'_>) -> Option<String> {
    let tools = asked.input.pointer("/toolConfig/tools")?.as_array()?;
    let found = tools
        .iter()
        .position(|tool| tool.get("cachePoint").is_some())?;
    Some(malformed(&format!(
        "#/toolConfig/tools/{found}: extraneous key [cachePoint] is not permitted"
    )))
}

pub fn too_many(asked: &Asked<'_>) -> Option<String> {
    let found = asked.prompt.cache_points().len();
    (found > 4).then(|| {
        format!("A maximum of 4 blocks with cache_control may be provided. Found {found}.")
    })
}

pub fn longer_behind_shorter(asked: &Asked<'_>) -> Option<String> {
    let points = asked.prompt.cache_points();
    points
        .array_windows()
        .any(|[one, next]| one.lifetime == Lifetime::Short && next.lifetime == Lifetime::Long)
        .then(|| {
            "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are \
             processed in the following order: `tools`, `system`, `messages`."
                .to_owned()
        })
}

pub fn any(asked: &Asked<'_>) -> Option<String> {
    (!asked.prompt.cache_points().is_empty()).then(|| {
        "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more \
         information."
            .to_owned()
    })
}
