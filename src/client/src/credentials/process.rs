//! `credential_process`: a program that prints credentials.

use std::process::{Command, Stdio};

use aws_credential_types::Credentials;
use serde::Deserialize;

use super::{
    keys::{credentials, moment},
    services::Asking,
};
use crate::{
    environment::{text, words},
    error::{Error, Fault},
    threads::apart,
};

const PROVIDER: &str = "custom-process";

/// What the program prints.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Printed {
    version: Option<serde_json::Value>,
    access_key_id: Option<String>,
    secret_access_key: Option<String>,
    session_token: Option<String>,
    expiration: Option<String>,
}

/// Runs the program of a profile, without a shell.
pub(super) async fn ask(asking: &Asking<'_>, profile: &str) -> Result<Option<Credentials>, Error> {
    let profile = asking.environment.files.profiles.get(profile);
    let Some(line) = profile.and_then(|profile| text(profile, "credential_process")) else {
        return Ok(None);
    };
    let words = words(line).unwrap_or_default();
    let Some((program, arguments)) = words.split_first() else {
        return Err(Fault::source(
            PROVIDER,
            "credential_process names no program, or has a quotation without an end",
        ));
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::inherit())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let ended = apart(move || command.output())
        .await
        .map_err(|error| Fault::source(PROVIDER, format!("{program:?} cannot be run: {error}")))?;
    if !ended.status.success() {
        // Nobody knows what it says; a tool that complains of its input may quote it.
        return Err(Fault::source(
            PROVIDER,
            format!(
                "external process exited with code {}; what it printed may hold secrets and is not shown: run the \
                 profile's credential_process by hand",
                ended.status
            ),
        ));
    }
    // What was printed may hold a secret, so no error shows it.
    // By way of a value: of a key that is there twice the last counts, as in Python.
    let printed: Result<Printed, _> =
        serde_json::from_slice::<serde_json::Value>(&ended.stdout).and_then(serde_json::from_value);
    let printed = printed.map_err(|_| {
        Fault::source(
            PROVIDER,
            format!("{program:?} did not print the JSON of credentials"),
        )
    })?;
    let version = printed.version.unwrap_or_default();
    // As Python's numbers compare.
    let first = version.as_f64().map(f64::to_bits) == Some(1_f64.to_bits()) || version == true;
    if !first {
        return Err(Fault::source(
            PROVIDER,
            format!(
                "Unsupported version '{version}' for credential process provider, supported versions: 1"
            ),
        ));
    }
    let part = |part: Option<String>, name: &str| {
        part.ok_or_else(|| {
            Fault::source(
                PROVIDER,
                format!("Missing required key in response: '{name}'"),
            )
        })
    };
    let expiry = printed.expiration.as_deref();
    let expiry = expiry.map(|text| moment(PROVIDER, text)).transpose()?;
    credentials(
        PROVIDER,
        &part(printed.access_key_id, "AccessKeyId")?,
        &part(printed.secret_access_key, "SecretAccessKey")?,
        printed.session_token.as_deref(),
        expiry,
    )
    .map(Some)
}
