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
    let text = strip(text).replacen(' ', "T", 1);
    let text = match text.strip_suffix("UTC") {
        Some(rest) => format!("{rest}Z"),
        None => text,
    };
    let zoned = text.ends_with('Z')
        || text
            .split_once('T')
            .is_some_and(|(_, time)| time.contains(['+', '-']));
    let zone = if zoned { "" } else { "Z" };
    let parsed = DateTime::from_str(&format!("{text}{zone}"), Format::DateTimeWithOffset);
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
        ] {
            assert_eq!(moment("p", text).ok(), Some(expected), "{text}");
        }
        assert!(moment("p", "soon").is_err());
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
