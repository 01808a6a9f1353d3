//! Where credentials are looked for, in botocore's order. The first source that has any gives them.

use aws_credential_types::Credentials;

use super::{
    container,
    instance::{self, Metadata},
    keys, login, process, roles,
    services::Asking,
    sso,
};
use crate::{
    environment::text,
    error::{Error, Fault},
};

/// Looks everywhere.
pub(super) async fn find(asking: &mut Asking<'_>) -> Result<Credentials, Error> {
    Metadata::of(asking.environment)?;
    match Box::pin(first(asking)).await {
        Ok(Some(found)) => Ok(found),
        Ok(None) => {
            let missing = Fault::error("NoCredentialsError", []);
            Err(with_notes(missing, &asking.notes))
        }
        Err(error) => Err(with_notes(error, &asking.notes)),
    }
}

async fn first(asking: &mut Asking<'_>) -> Result<Option<Credentials>, Error> {
    let environment = asking.environment;
    if environment.named {
        asking.note(
            "environment",
            "passed over, since a profile is named by argument",
        );
    } else {
        let found = keys::of_environment(&environment.variables)?;
        if found.is_some() {
            asking.via = "env";
            return Ok(found);
        }
        asking.note("environment", "AWS_ACCESS_KEY_ID is not set");
    }
    let profile = environment.profile_name();
    let role = roles::of_profile(asking, profile).await?;
    if role.is_some() {
        asking.via = "assume-role";
        return Ok(role);
    }
    let found = of_profile(asking, profile, !environment.named).await?;
    if found.is_some() {
        return Ok(found);
    }
    let older = keys::of_older_files(asking)?;
    if older.is_some() {
        asking.via = "an older file";
        return Ok(older);
    }
    asking.via = "container-role";
    let container = container::ask(asking).await?;
    if container.is_some() {
        return Ok(container);
    }
    asking.via = "iam-role";
    instance::ask(asking).await
}

/// What a profile names, but for a role. `with_variables` is whether the environment may name a web identity.
pub(super) async fn of_profile(
    asking: &mut Asking<'_>,
    profile: &str,
    with_variables: bool,
) -> Result<Option<Credentials>, Error> {
    let files = &asking.environment.files;
    let web = roles::of_web_identity(asking, profile, with_variables).await?;
    if web.is_some() {
        asking.via = "assume-role-with-web-identity";
        return Ok(web);
    }
    let sso = sso::ask(asking, profile).await?;
    if sso.is_some() {
        asking.via = "sso";
        return Ok(sso);
    }
    let shared = keys::of_section("shared-credentials-file", files.credentials.get(profile))?;
    if shared.is_some() {
        asking.via = "shared-credentials-file";
        return Ok(shared);
    }
    let login = login::ask(asking, profile).await?;
    if login.is_some() {
        asking.via = "login";
        return Ok(login);
    }
    let process = process::ask(asking, profile).await?;
    if process.is_some() {
        asking.via = "custom-process";
        return Ok(process);
    }
    let config = keys::of_section("config-file", files.config.get(profile))?;
    if config.is_none() {
        let section = files.profiles.get(profile);
        let state = match section {
            None => "there is no such profile",
            Some(section) if text(section, "role_arn").is_some() => "it names a role only",
            Some(_) => "it names no keys, role, single sign-on, login or process",
        };
        let [path, other] = &files.paths;
        let place = format!("profile {profile:?} of {path} and {other}");
        asking.note(&place, state);
    }
    asking.via = "config-file";
    Ok(config)
}

fn with_notes(error: Error, notes: &[String]) -> Error {
    match error {
        Error::Environment(mut fault) => {
            let looked = notes
                .iter()
                .map(|note| format!("looked for credentials in {note}"));
            fault.notes.extend(looked);
            Error::Environment(fault)
        }
        other => other,
    }
}
