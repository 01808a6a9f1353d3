//! Images, videos and sounds: who takes them, from where, how many and how large.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::view::{Asked, results};
use crate::model::Role;

/// 5 MiB in base64, which is 3.75 MiB of image.
const LARGEST_IMAGE: usize = 5 << 20;
const MOST_IMAGES: usize = 20;

fn unknown(asked: &Asked<'_>, kind: &str) -> Option<String> {
    asked.all_of(kind).next().map(|_| {
        format!(
            "This model doesn't support the {kind} content block that you provided. Update the content block and try again."
        )
    })
}

pub fn image(asked: &Asked<'_>) -> Option<String> {
    unknown(asked, "image")
}

pub fn video(asked: &Asked<'_>) -> Option<String> {
    unknown(asked, "video")
}

pub fn audio(asked: &Asked<'_>) -> Option<String> {
    unknown(asked, "audio")
}

pub fn by_s3(asked: &Asked<'_>) -> Option<String> {
    let mut all = ["image", "video", "audio"]
        .into_iter()
        .flat_map(|kind| asked.all_of(kind));
    all.any(|(_, value)| value.pointer("/source/s3Location").is_some())
        .then(|| {
            "This model doesn't support the s3Uri field. Remove s3Uri and try again.".to_owned()
        })
}

pub fn by_url(asked: &Asked<'_>) -> Option<String> {
    let mut images = asked.pieces().filter(|piece| piece.kind == "image");
    let found =
        images.find(|piece| piece.value.pointer("/source/type") == Some(&Value::from("url")))?;
    Some(format!(
        "{}.image.source.base64.data: URL sources are not supported",
        found.path()
    ))
}

/// What Anthropic's messages take as data: four types of images, and PDFs.
pub fn types(asked: &Asked<'_>) -> Option<String> {
    let media = ["image", "document"].into_iter();
    media
        .flat_map(|kind| asked.all_of(kind).map(move |found| (kind, found)))
        .find_map(|(kind, (piece, value))| {
            let source = value.get("source")?;
            let given = source.get("media_type").and_then(Value::as_str);
            let (taken, said): (&[&str], &str) = if kind == "image" {
                (
                    &["image/jpeg", "image/png", "image/gif", "image/webp"],
                    "'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
                )
            } else {
                (&["application/pdf"], "'application/pdf'")
            };
            let inline = source.get("type").is_some_and(|kind| kind == "base64");
            (inline && !given.is_some_and(|given| taken.contains(&given))).then(|| {
                format!(
                    "{}.{kind}.source.base64.media_type: Input should be {said}",
                    piece.path()
                )
            })
        })
}

/// The type that a picture's first bytes tell, of those that Claude reads.
fn seen(picture: &[u8]) -> Option<&'static str> {
    match picture {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => None,
    }
}

/// Claude looks at a picture's bytes, whatever the request says that they are.
pub fn mislabelled(asked: &Asked<'_>) -> Option<String> {
    asked.all_of("image").find_map(|(piece, value)| {
        let source = value.get("source")?;
        let given = match value.get("format").and_then(Value::as_str) {
            Some(format) => format!("image/{format}"),
            None => source.get("media_type")?.as_str()?.to_owned(),
        };
        let beginning = data(value).get(..16)?;
        let seen = seen(&STANDARD.decode(beginning).ok()?)?;
        (seen != given).then(|| {
            format!(
                "{}.image.source.base64.data: Image does not match the provided media type {given}",
                piece.path()
            )
        })
    })
}

pub fn in_result(asked: &Asked<'_>) -> Option<String> {
    let found = asked
        .pieces()
        .find(|piece| results(piece).any(|(kind, _)| kind == "image"))?;
    Some(format!(
        "This model doesn't support the image field in the toolResult content block at {}. Remove image and try again.",
        found.path()
    ))
}

pub fn said_by_model(asked: &Asked<'_>) -> Option<String> {
    let found = asked.pieces().find(|piece| {
        piece.role == Role::Assistant
            && matches!(piece.kind, "image" | "video" | "audio" | "document")
    })?;
    Some(format!(
        "{}: {} blocks are only allowed in user messages",
        found.path(),
        found.kind
    ))
}

/// How long the data of a block are in base64.
pub fn data(value: &Value) -> &str {
    let source = value.get("source");
    let data = source.and_then(|source| source.get("bytes").or_else(|| source.get("data")));
    data.and_then(Value::as_str).unwrap_or_default()
}

pub fn too_large(asked: &Asked<'_>) -> Option<String> {
    let (piece, size) = asked
        .all_of("image")
        .map(|(piece, value)| (piece, data(value).len()))
        .find(|(_, size)| *size > LARGEST_IMAGE)?;
    Some(format!(
        "{}.image.source.base64: image exceeds 5 MB maximum: {size} bytes > {LARGEST_IMAGE} bytes",
        piece.path()
    ))
}

pub fn too_many(asked: &Asked<'_>) -> Option<String> {
    let count = |(_, pieces): &(Role, Vec<super::view::Piece<'_>>)| {
        pieces.iter().filter(|piece| piece.kind == "image").count()
    };
    let (turn, found) = asked
        .turns
        .iter()
        .map(count)
        .enumerate()
        .find(|(_, count)| *count > MOST_IMAGES)?;
    Some(format!(
        "The message at messages.{turn} has {found} images. The limit is {MOST_IMAGES}."
    ))
}
