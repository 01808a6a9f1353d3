//! The canonical request: the text that both sides of a signature must agree on.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::http::Request;
use crate::percent;

/// Lower-case hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The hash of some bytes as a signature spells it.
pub fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// The path, normalised and then encoded once more, as every service but S3 wants it.
fn canonical_path(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    let mut canonical = String::with_capacity(path.len() + 16);
    for segment in &segments {
        canonical.push('/');
        canonical.push_str(&percent::encode(segment, b""));
    }
    if canonical.is_empty() || (path.ends_with('/') && !segments.is_empty()) {
        canonical.push('/');
    }
    canonical
}

/// The query's pairs, each encoded, in order of their encoded names and values; the signature itself is left out.
fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(String, String)> = percent::query_pairs(query)
        .into_iter()
        .filter(|(name, _)| name != "X-Amz-Signature")
        .map(|(name, value)| (percent::encode(&name, b""), percent::encode(&value, b"")))
        .collect();
    pairs.sort();
    pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

/// A header's values joined by commas, each trimmed and with single spaces; nothing when the header is absent.
fn canonical_value(request: &Request, name: &str) -> Option<String> {
    // Over HTTP/2 some clients sign the pseudo-header that stands for `host`.
    let name = if name == ":authority" { "host" } else { name };
    let values: Vec<String> = request
        .headers
        .get_all(name)
        .iter()
        .map(|value| {
            String::from_utf8_lossy(value.as_bytes())
                .split_ascii_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// The canonical request, or the name of a signed header that was not sent.
pub fn request(
    request: &Request,
    signed_headers: &str,
    payload_hash: &str,
) -> Result<String, String> {
    let mut text = String::with_capacity(512);
    let _ = write!(
        text,
        "{}\n{}\n{}\n",
        request.method,
        canonical_path(&request.path),
        canonical_query(&request.query)
    );
    for name in signed_headers.split(';') {
        let value = canonical_value(request, name).ok_or_else(|| name.to_owned())?;
        let _ = writeln!(text, "{name}:{value}");
    }
    let _ = write!(text, "\n{signed_headers}\n{payload_hash}");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_encoded_twice() {
        assert_eq!(
            canonical_path("/model/a%3A0/converse"),
            "/model/a%253A0/converse"
        );
        assert_eq!(canonical_path("/"), "/");
        assert_eq!(canonical_path(""), "/");
        assert_eq!(canonical_path("//a/./b/../c/"), "/a/c/");
    }

    #[test]
    fn the_authority_may_be_signed_in_the_place_of_the_host() {
        let mut asked = Request {
            method: hyper::Method::POST,
            path: "/".to_owned(),
            query: String::new(),
            headers: hyper::HeaderMap::new(),
            body: bytes::Bytes::new(),
            http2: true,
        };
        assert_eq!(
            super::request(&asked, ":authority", "0"),
            Err(":authority".to_owned())
        );
        let host = hyper::header::HeaderValue::from_static("127.0.0.1:1");
        asked.headers.insert("host", host);
        let text = super::request(&asked, ":authority", "0").unwrap();
        assert_eq!(text, "POST\n/\n\n:authority:127.0.0.1:1\n\n:authority\n0");
    }

    #[test]
    fn queries_are_sorted_by_their_encoded_form() {
        assert_eq!(
            canonical_query("b=2&a=x y&a=1&X-Amz-Signature=s"),
            "a=1&a=x%20y&b=2"
        );
        assert_eq!(canonical_query("flag"), "flag=");
    }
}
