//! Percent-encoding as `SigV4` and Bedrock's paths need it.

use std::fmt::Write as _;

/// Decodes `%3A` and the like; what is no valid escape stays as it is.
#[must_use]
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut position = 0;
    while position < bytes.len() {
        let escape = (bytes[position] == b'%')
            .then(|| text.get(position + 1..position + 3))
            .flatten();
        if let Some(byte) = escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            decoded.push(byte);
            position += 3;
        } else {
            decoded.push(bytes[position]);
            position += 1;
        }
    }
    String::from_utf8(decoded)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Encodes everything but RFC 3986's unreserved characters and those in `kept`.
#[must_use]
pub fn encode(text: &str, kept: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// The pairs of a query string, decoded, in the order sent.
#[must_use]
pub fn query_pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (
                decode(&name.replace('+', "%20")),
                decode(&value.replace('+', "%20")),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn model_ids_and_arns_survive() {
        let arn =
            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0";
        assert_eq!(decode(&encode(arn, b"")), arn);
        assert_eq!(encode("a:b/c", b""), "a%3Ab%2Fc");
        assert_eq!(encode("a:b/c", b"/"), "a%3Ab/c");
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz%4"), "%zz%4");
    }

    #[test]
    fn queries_are_split() {
        let pairs = query_pairs("type=APPLICATION&nextToken=a%2Bb&flag");
        assert_eq!(pairs[0], ("type".to_owned(), "APPLICATION".to_owned()));
        assert_eq!(pairs[1].1, "a+b");
        assert_eq!(pairs[2], ("flag".to_owned(), String::new()));
    }
}
