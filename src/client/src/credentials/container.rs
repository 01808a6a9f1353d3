//! Credentials of a container, which ECS, EKS and local stand-ins such as `aws-vault --server` have at a URL.

use std::{net::IpAddr, time::Duration};

use aws_credential_types::Credentials;
use http::Uri;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;

use super::{
    keys::{credentials, moment},
    services::Asking,
};
use crate::{
    checks,
    environment::plain_file,
    error::{Error, Fault},
};

const PROVIDER: &str = "container-role";
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_secs(1);
const ATTEMPTS: u32 = 3;

/// What no URL has as it is.
const UNFIT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Hosts that may be asked over plain HTTP, besides loopback addresses.
const HOSTS: [&str; 4] = [
    "169.254.170.2",
    "169.254.170.23",
    "fd00:ec2::23",
    "localhost",
];

/// Asks the URL that the environment names.
pub(super) async fn ask(asking: &mut Asking<'_>) -> Result<Option<Credentials>, Error> {
    let variables = &asking.environment.variables;
    let relative = variables.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    let relative = relative.map(|path| format!("http://{}{path}", HOSTS[0]));
    let full = variables.get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    let Some(url) = relative.or_else(|| full.map(str::to_owned)) else {
        asking.note("container", "no variable names a URL");
        return Ok(None);
    };
    let url = asked(&url);
    check(&url)?;
    let token = match variables.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
        Some(path) => Some(plain_file::text(path).map_err(|error| {
            Fault::source(PROVIDER, format!("the token file {path:?}: {error}"))
        })?),
        None => variables
            .get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
            .map(str::to_owned),
    };
    let mut headers = vec![("accept", "application/json")];
    if let Some(token) = &token {
        checks::authorization_token(token).map_err(|reason| Fault::source(PROVIDER, reason))?;
        headers.push(("authorization", token.as_str()));
    }
    let mut failure = String::new();
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        failure = match asking.services.ask("GET", &url, &headers, PATIENCE).await {
            Ok((200, body)) => match serde_json::from_str(&body) {
                Ok(answer) => return keys(&answer).map(Some),
                Err(_) => "the answer is no JSON".to_owned(),
            },
            Ok((status, body)) => {
                format!("Received non 200 response {status} from container metadata: {body}")
            }
            Err(error) => error,
        };
    }
    Err(Fault::source(PROVIDER, failure))
}

/// A URL as Python's HTTP client asks it: what a mounted secret leaves at its end is no part of it.
fn asked(url: &str) -> String {
    let url: String = url
        .chars()
        .filter(|letter| !matches!(letter, '\t' | '\r' | '\n'))
        .take_while(|letter| *letter != '#')
        .collect();
    let url = without_user(&url).unwrap_or(url);
    utf8_percent_encode(&url, UNFIT).to_string()
}

/// Python's client does not send a user's name and password: they would stand in the place of the token.
fn without_user(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (_, host) = authority.rsplit_once('@')?;
    Some(format!("{scheme}://{host}{path}"))
}

/// Only hosts that are this machine's, or TLS: the answer is a secret, and so is the token.
fn check(url: &str) -> Result<(), Error> {
    let uri: Option<Uri> = url.parse().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
    let host = host.trim_matches(['[', ']']);
    let secure = uri.as_ref().and_then(Uri::scheme_str) == Some("https");
    let loopback = host
        .parse()
        .is_ok_and(|address: IpAddr| address.is_loopback());
    if !host.is_empty() && (secure || loopback || HOSTS.contains(&host)) {
        return Ok(());
    }
    Err(Fault::source(
        PROVIDER,
        format!(
            "Unsupported host {host:?}. Can only retrieve metadata from a loopback address or one of these hosts: {}",
            HOSTS.join(", ")
        ),
    ))
}

fn keys(answer: &Value) -> Result<Credentials, Error> {
    let part = |name: &str| {
        answer[name]
            .as_str()
            .ok_or_else(|| Fault::source(PROVIDER, format!("the answer has no {name}")))
    };
    let token = match answer.get("Token") {
        Some(Value::Null) => None,
        _ => Some(part("Token")?),
    };
    credentials(
        PROVIDER,
        part("AccessKeyId")?,
        part("SecretAccessKey")?,
        token,
        Some(moment(PROVIDER, part("Expiration")?)?),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_asked_as_python_asks_it() {
        for (url, expected) in [
            ("http://[::1]:80/c?x=%20\r\n", "http://[::1]:80/c?x=%20"),
            ("http://h/a b é#c", "http://h/a%20b%20%C3%A9"),
            ("http://u:p@h:80/a@b", "http://h:80/a@b"),
            ("http://h?a@b", "http://h?a@b"),
        ] {
            assert_eq!(asked(url), expected);
        }
    }

    #[test]
    fn only_hosts_of_this_machine_are_asked_in_the_clear() {
        for url in [
            "http://127.0.0.1:80/c",
            "http://[::1]/c",
            "http://localhost/",
            "http://[fd00:ec2::23]/v1",
            "https://vault.example/c",
        ] {
            assert!(check(url).is_ok(), "{url}");
        }
        for url in ["", "http://example/c", "/c", "http://10.0.0.1/", "ftp://x"] {
            assert!(check(url).is_err(), "{url}");
        }
    }
}
