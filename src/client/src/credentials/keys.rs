//! Keys that lie somewhere ready to be used: in the environment and in files.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_smithy_types::date_time::{DateTime, Format};

use super::services::Asking;
use crate::{
    checks,
    environment::{Section, Variables, expand_user, plain_file, sections, strip, text},
    error::{Error, Fault},
};

const ID: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";

/// `AWS_ACCESS_KEY_ID` and its like.
pub(super) fn of_environment(variables: &Variables) -> Result<Option<Credentials>, Error> {
    let Some(id) = variables.filled("AWS_ACCESS_KEY_ID") else {
        return Ok(None);
    };
    let Some(secret) = variables.filled("AWS_SECRET_ACCESS_KEY") else {
        return Err(Fault::partial("env", "AWS_SECRET_ACCESS_KEY"));
    };
    let token = variables
        .filled("AWS_SECURITY_TOKEN")
        .or_else(|| variables.filled("AWS_SESSION_TOKEN"));
    let expiry = variables.filled("AWS_CREDENTIAL_EXPIRATION");
    let expiry = expiry.map(|text| moment("env", text)).transpose()?;
    let found = credentials("env", id, secret, token, expiry)?;
    Ok(Some(of_account(found, variables.filled("AWS_ACCOUNT_ID"))))
}

/// Keys in a section of one of the AWS files.
pub(super) fn of_section(
    provider: &'static str,
    section: Option<&Section>,
) -> Result<Option<Credentials>, Error> {
    let Some(section) = section.filter(|section| section.contains_key(ID)) else {
        return Ok(None);
    };
    let part = |key: &str| text(section, key).ok_or_else(|| Fault::partial(provider, key));
    let token = ["aws_security_token", "aws_session_token"]
        .into_iter()
        .find(|key| section.contains_key(*key));
    let token = token.and_then(|key| text(section, key));
    let found = credentials(provider, part(ID)?, part(SECRET)?, token, None)?;
    Ok(Some(of_account(found, text(section, "aws_account_id"))))
}

/// The file of the first command line tools, and that of boto 2, which boto3 still reads.
pub(super) fn of_older_files(asking: &Asking<'_>) -> Result<Option<Credentials>, Error> {
    let variables = &asking.environment.variables;
    if let Some(path) = variables.get("AWS_CREDENTIAL_FILE") {
        let provider = "ec2-credentials-file";
        let file = plain_file::text(expand_user(path, variables)).map_err(|error| {
            Fault::source(
                provider,
                format!("AWS_CREDENTIAL_FILE names {path:?}: {error}"),
            )
        })?;
        let value = |key: &str| {
            let mut pairs = file.lines().filter_map(|line| line.split_once('='));
            pairs
                .find(|(name, _)| strip(name) == key)
                .map(|(_, value)| strip(value).to_owned())
        };
        if let Some(id) = value("AWSAccessKeyId") {
            let secret = value("AWSSecretKey");
            let secret = secret.ok_or_else(|| Fault::partial(provider, "AWSSecretKey"))?;
            return credentials(provider, &id, &secret, None, None).map(Some);
        }
    }
    let paths = match variables.get("BOTO_CONFIG") {
        Some(path) => vec![path],
        None => vec!["/etc/boto.cfg", "~/.boto"],
    };
    for path in paths {
        let path = crate::environment::expand(path, variables);
        let file = sections(&path)?.unwrap_or_default();
        let section = file.into_iter().find(|(name, _)| name == "Credentials");
        if let Some((_, mut section)) = section {
            section.retain(|key, _| !key.contains("token"));
            if let Some(found) = of_section("boto-config", Some(&section))? {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// Keys that can be signed with and sent.
pub(super) fn credentials(
    provider: &'static str,
    id: &str,
    secret: &str,
    token: Option<&str>,
    expiry: Option<SystemTime>,
) -> Result<Credentials, Error> {
    let token = token.filter(|token| !token.is_empty());
    let found = Credentials::new(id, secret, token.map(str::to_owned), expiry, provider);
    match checks::credentials(&found) {
        Ok(()) => Ok(found),
        Err(Error::Credentials { reason }) => Err(Fault::source(provider, reason)),
        Err(error) => Err(error),
    }
}

/// The same of an account, which is what stays where keys change by the hour.
pub(super) fn of_account(found: Credentials, account: Option<&str>) -> Credentials {
    let Some(account) = account.filter(|account| !account.is_empty()) else {
        return found;
    };
    let builder = Credentials::builder()
        .access_key_id(found.access_key_id())
        .secret_access_key(found.secret_access_key())
        .provider_name("outcrop")
        .account_id(account);
    let mut builder = builder;
    builder.set_session_token(found.session_token().map(str::to_owned));
    builder.set_expiry(found.expiry());
    builder.build()
}

/// A point in time as sources of credentials write it.
pub(super) fn moment(provider: &str, text: &str) -> Result<SystemTime, Error> {
    let text = strip(text);
    let parsed = if text.contains(',') {
        DateTime::from_str(text, Format::HttpDate)
    } else {
        DateTime::from_str(&written_out(text), Format::DateTimeWithOffset)
    };
    parsed
        .ok()
        .and_then(|moment| SystemTime::try_from(moment).ok())
        .ok_or_else(|| {
            Fault::source(
                provider,
                "its expiration is no time such as 2026-01-31T12:00:00Z",
            )
        })
}

/// A time of ISO 8601 with all its signs; one without a zone is of UTC.
fn written_out(text: &str) -> String {
    let text = text.to_ascii_uppercase().replacen(' ', "T", 1);
    let text = match text.strip_suffix("UTC") {
        Some(rest) => format!("{}Z", rest.trim_end()),
        None => text,
    };
    let Some((date, rest)) = text.split_once('T') else {
        return text;
    };
    let at = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(at);
    let digits = |text: &str, many: usize| {
        text.len() == many && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let cut = |text: &str, sign: &str, at: usize| {
        let (begun, rest) = text.split_at(at);
        format!("{begun}{sign}{rest}")
    };
    let date = match date {
        date if digits(date, 8) => cut(&cut(date, "-", 6), "-", 4),
        date => date.to_owned(),
    };
    let time = match time {
        time if digits(time, 6) => cut(&cut(time, ":", 4), ":", 2),
        time if digits(time, 4) => format!("{}:00", cut(time, ":", 2)),
        time if time.len() == 5 => format!("{time}:00"),
        time => time.to_owned(),
    };
    let zone = match zone {
        "" => "Z".to_owned(),
        zone if digits(zone.get(1..).unwrap_or_default(), 4) => cut(zone, ":", 3),
        zone if digits(zone.get(1..).unwrap_or_default(), 2) => format!("{zone}:00"),
        zone => zone.to_owned(),
    };
    format!("{date}T{time}{zone}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_all_their_forms() {
        let expected = moment("p", "2099-01-02T03:04:05Z").expect("a time");
        for text in [
            "2099-01-02T03:04:05+00:00",
            "2099-01-02T03:04:05UTC",
            "2099-01-02 03:04:05",
            " 2099-01-02T04:04:05+01:00\n",
            "2099-01-02T03:04:05.000Z",
            "2099-01-02t03:04:05z",
            "2099-01-02 03:04:05 UTC",
            "20990102T030405Z",
            "2099-01-02T04:04:05+0100",
            "2099-01-02T02:04:05-01",
            "Fri, 02 Jan 2099 03:04:05 GMT",
        ] {
            assert_eq!(moment("p", text).ok(), Some(expected), "{text}");
        }
        assert_eq!(
            moment("p", "2099-01-02T03:04Z").ok(),
            moment("p", "20990102T0304").ok()
        );
        for text in ["soon", "", "T", "2099-01-02", "é,", "2099-01-02Té", "+é"] {
            assert!(moment("p", text).is_err(), "{text}");
        }
    }

    #[test]
    fn keys_that_no_header_can_carry_are_named_and_not_shown() {
        for (id, secret, token, part) in [
            ("AKID\n", "s", None, "access key"),
            ("AKID", "hidden\r", None, "secret access key"),
            ("AKID", "s", Some("hidden\n"), "session token"),
            ("", "s", None, "access key"),
        ] {
            let error = credentials("env", id, secret, token, None).expect_err(part);
            let text = error.to_string();
            assert!(text.contains(part) && !text.contains("hidden") && !text.contains("AKID"));
        }
    }
}
