//! Values that a library below would panic over or send astray, checked where they come in.
//!
//! An error names the part that is wrong and the rule. It shows a value only where that can be no secret.

use std::error::Error as StdError;

use aws_credential_types::Credentials;
use aws_smithy_types::error::ErrorMetadata;
use http::{HeaderName, Uri};

use crate::{
    error::Error,
    settings::{Keys, Secret},
    shown,
};

/// Keys of any source, before they sign: what a file with CRLF, a mounted secret or a spreadsheet leaves at their ends
/// would be part of a header.
pub(crate) fn credentials(found: &Credentials) -> Result<(), Error> {
    parts(
        found.access_key_id(),
        found.secret_access_key(),
        found.session_token(),
    )
}

/// The same for keys given by hand.
pub(crate) fn keys(keys: &Keys) -> Result<(), Error> {
    let token = keys.session_token.as_ref().map(Secret::reveal);
    parts(&keys.access_key_id, keys.secret_access_key.reveal(), token)
}

fn parts(id: &str, secret: &str, token: Option<&str>) -> Result<(), Error> {
    secret_part("access key", id)?;
    secret_part("secret access key", secret)?;
    // An empty token is AWS's way to say none.
    token
        .filter(|token| !token.is_empty())
        .map_or(Ok(()), |token| secret_part("session token", token))
}

/// A Bedrock API key.
pub(crate) fn bearer_token(token: &str) -> Result<(), Error> {
    secret_part("bearer token", token)
}

/// What a container's metadata is asked with. It may be of two words.
pub(crate) fn authorization_token(token: &str) -> Result<(), String> {
    let mut letters = token.chars().filter(|letter| !matches!(letter, ' ' | '\t'));
    match letters.find_map(wrong) {
        None => Ok(()),
        Some(what) => Err(unfit("authorization token", &format!("has {what}"))),
    }
}

fn secret_part(part: &str, value: &str) -> Result<(), Error> {
    let what = match value.chars().find_map(wrong) {
        None if value.is_empty() => "is empty".to_owned(),
        None => return Ok(()),
        Some(what) => format!("has {what}"),
    };
    Err(Error::Credentials {
        reason: unfit(part, &what),
    })
}

fn wrong(letter: char) -> Option<&'static str> {
    Some(match letter {
        '\r' | '\n' => "a line end",
        '\0' => "a NUL",
        ' ' | '\t' => "a blank",
        letter if letter.is_ascii_graphic() => return None,
        letter if letter.is_ascii() => "a control character",
        _ => "a character that is not ASCII",
    })
}

fn unfit(part: &str, what: &str) -> String {
    format!("the {part} {what}, which no {part} of AWS's has: copy it again, alone")
}

/// What a source of credentials says, in one line, as far as it may be shown: the SDK's view of a request to such a source
/// has the token that was to be exchanged, and braces.
pub(crate) fn shown_reasons(error: &(dyn StdError + 'static)) -> String {
    let mut line = String::new();
    let mut source = Some(error);
    while let Some(cause) = source {
        // What AWS answered is its own text, and has its braces from the SDK.
        let answered = cause.downcast_ref().and_then(ErrorMetadata::message);
        let text = answered.map_or_else(|| cause.to_string(), str::to_owned);
        let hidden = answered.is_none() && text.contains('{');
        let text = if hidden {
            "(what it says further may hold secrets)"
        } else {
            text.trim_end()
        };
        if line.is_empty() {
            line.push_str(text);
        } else if !line.ends_with(text) {
            line.push_str(": ");
            line.push_str(text);
        }
        if hidden {
            break;
        }
        source = cause.source();
    }
    line
}

/// An endpoint that somebody named. A user, a password, a query and a fragment would be shown wherever the endpoint is,
/// and are sent nowhere.
pub(crate) fn endpoint(url: &str) -> Result<(), Error> {
    let valid = url.is_ascii()
        && !url.contains(['?', '#'])
        && url.parse::<Uri>().is_ok_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.authority().is_some_and(|authority| {
                    let host = authority.host();
                    let whole = match authority.port_u16() {
                        Some(_) => authority.as_str().rsplit_once(':').map(|(host, _)| host),
                        None => Some(authority.as_str()),
                    };
                    whole == Some(host) && is_host(host)
                })
        });
    if valid {
        Ok(())
    } else {
        Err(Error::InvalidEndpoint {
            url: shown::url(url),
        })
    }
}

/// Names that botocore takes, too: an underscore, which no host name has, is refused by both.
fn is_host(host: &str) -> bool {
    if let Some(address) = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    host.len() < 256 && host.split('.').all(is_label)
}

/// A Region becomes part of a host name, so it is one label of it.
pub(crate) fn region(region: &str) -> Result<(), Error> {
    if is_label(region) && !region.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(Error::InvalidRegion {
        region: shown::text(region).into_owned(),
    })
}

fn is_label(label: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Headers that somebody has requests carry; their values may be secrets. `what` is for the error.
pub(crate) fn headers(what: &str, headers: &[(String, String)]) -> Result<(), Error> {
    for (name, value) in headers {
        let rule = if HeaderName::from_bytes(name.as_bytes()).is_err() {
            "is no name of a header"
        } else if !is_header_value(value) {
            "has a value that no header can have: it must be ASCII without line ends"
        } else {
            continue;
        };
        return Err(Error::InvalidSetting {
            reason: format!("{what}: {:?} {rule}", shown::text(name)),
        });
    }
    Ok(())
}

/// Visible ASCII and blanks: what else HTTP may let through is signed in one way and sent in another.
pub(crate) fn is_header_value(value: &str) -> bool {
    value
        .bytes()
        .all(|byte| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_credentials_is_visible_ascii_and_never_shown() {
        for (value, rule) in [
            ("", "is empty"),
            ("MARKER\r\n", "has a line end"),
            ("MAR\0KER", "has a NUL"),
            (" MARKER", "has a blank"),
            ("MARKER\x7f", "has a control character"),
            ("MÄRKER", "has a character that is not ASCII"),
        ] {
            let Err(Error::Credentials { reason }) = bearer_token(value) else {
                panic!("{value:?} is taken")
            };
            assert!(
                reason.starts_with(&format!("the bearer token {rule}")),
                "{reason}"
            );
            assert!(!reason.contains("KER"), "{reason}");
            let whole = Credentials::new("AKID", value, None, None, "test");
            assert!(credentials(&whole).is_err());
        }
        assert!(
            credentials(&Credentials::new(
                "AKID",
                "s/+=",
                Some(String::new()),
                None,
                "test"
            ))
            .is_ok()
        );
    }

    #[test]
    fn a_view_of_a_request_is_not_shown() {
        let request = std::io::Error::other(r#"no endpoint for `Request { body: b"MARKER" }`"#);
        let error =
            aws_credential_types::provider::error::CredentialsError::provider_error(request);
        assert_eq!(
            shown_reasons(&error),
            "an error occurred while loading credentials: (what it says further may hold secrets)"
        );
        let error = aws_credential_types::provider::error::CredentialsError::provider_error(
            std::io::Error::other("no such file"),
        );
        assert_eq!(
            shown_reasons(&error),
            "an error occurred while loading credentials: no such file"
        );
    }

    #[test]
    fn an_endpoint_is_an_http_url() {
        for url in [
            "http://127.0.0.1:8080",
            "https://vpce-1.example",
            "http://[::1]:80/",
            "http://[::1]/",
            "https://gateway.example/bedrock",
        ] {
            assert!(endpoint(url).is_ok(), "{url}");
        }
        for url in [
            "",
            "localhost",
            "ftp://x",
            "http://",
            "127.0.0.1:80",
            "localhost:4566",
            "\"http://localhost\"",
            "http://h:99999",
            "http://user:password@h",
            "http://h?token=x",
            "http://h/?",
            "http://h/#",
            "http://h\n",
            "http://a_b",
            " http://x",
        ] {
            assert!(endpoint(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_header_is_named_and_its_value_is_not_shown() {
        let refused = |name: &str, value: &str| match headers(
            "default_headers",
            &[(name.to_owned(), value.to_owned())],
        ) {
            Err(Error::InvalidSetting { reason }) => reason,
            other => panic!("{other:?}"),
        };
        assert!(headers("default_headers", &[("X-Team".into(), "a b\tc".into())]).is_ok());
        assert!(refused("a b", "MARKER").contains("is no name"));
        for value in ["MARKER\r\nX: y", "MÄRKER", "MARKER\0"] {
            assert!(!refused("Authorization", value).contains("KER"));
        }
    }
}
