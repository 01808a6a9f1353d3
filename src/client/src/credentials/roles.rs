//! Roles that STS gives for other credentials, or for a web identity.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sdk_sts::types::{AssumedRoleUser, Credentials as Given};

use super::{
    chain,
    keys::{credentials, of_account},
    services::{Asking, refused},
};
use crate::{
    environment::{Endpoint, Section, plain_file, text, whole},
    error::{Error, Fault},
    threads::apart,
};

/// Regions whose STS was the global one before there were Regional ones.
const LEGACY: [&str; 17] = [
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "aws-global",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "",
];

const WEB: &str = "assume-role-with-web-identity";

/// What is asked of STS.
pub(super) struct Role {
    pub(super) arn: String,
    pub(super) session_name: Option<String>,
    pub(super) external_id: Option<String>,
    pub(super) mfa_serial: Option<String>,
    pub(super) duration: Option<i64>,
}

impl Role {
    /// A role of which only these are known.
    pub(super) fn plain(arn: &str, session_name: Option<&str>) -> Self {
        Self {
            arn: arn.to_owned(),
            session_name: session_name
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
            external_id: None,
            mfa_serial: None,
            duration: None,
        }
    }

    fn of(profile: &Section) -> Option<Self> {
        let value = |key| text(profile, key).map(str::to_owned);
        Some(Self {
            arn: value("role_arn")?,
            session_name: value("role_session_name").filter(|name| !name.is_empty()),
            external_id: value("external_id"),
            mfa_serial: value("mfa_serial"),
            duration: text(profile, "duration_seconds").and_then(whole),
        })
    }
}

/// Whether a profile names a role to be assumed with other credentials.
fn has_role(profile: &Section) -> bool {
    profile.contains_key("role_arn") && !profile.contains_key("web_identity_token_file")
}

fn has_keys(profile: &Section) -> bool {
    ["aws_access_key_id", "aws_secret_access_key"]
        .iter()
        .any(|key| profile.contains_key(*key))
}

/// The role that a profile names.
pub(super) async fn of_profile(
    asking: &mut Asking<'_>,
    name: &str,
) -> Result<Option<Credentials>, Error> {
    let profiles = &asking.environment.files.profiles;
    let Some(mut profile) = profiles.get(name).filter(|profile| has_role(profile)) else {
        return Ok(None);
    };
    // From the role that is wanted down to the credentials that the first is assumed with.
    let (mut roles, mut visited, mut at) = (vec![], vec![name.to_owned()], name.to_owned());
    let source = loop {
        roles.extend(Role::of(profile).map(|role| (format!("role of {at}"), role)));
        let source = (
            text(profile, "source_profile"),
            text(profile, "credential_source"),
        );
        let source = match source {
            (Some(_), Some(_)) => {
                return Err(Fault::config(format!(
                    "The profile \"{at}\" contains both source_profile and credential_source."
                )));
            }
            (None, None) => {
                let missing = "source_profile or credential_source";
                return Err(Fault::partial("assume-role", missing));
            }
            (None, Some(source)) => break Origin::Source(source),
            (Some(source), None) => source,
        };
        let Some(next) = profiles.get(source) else {
            return Err(Fault::config(format!(
                "The source_profile \"{source}\" referenced in the profile \"{at}\" does not exist."
            )));
        };
        if visited.iter().any(|visited| visited == source) && (source != at || !has_keys(next)) {
            return Err(Fault::error(
                "InfiniteLoopConfigError",
                [(
                    "error_msg",
                    format!(
                        "Infinite loop in credential configuration detected. Attempting to load from profile {source} \
                         which has already been visited. Visited profiles: {visited:?}"
                    ),
                )],
            ));
        }
        visited.push(source.to_owned());
        if has_keys(next) || !has_role(next) {
            break Origin::Profile(source);
        }
        (profile, at) = (next, source.to_owned());
    };
    let link = format!("{source:?}");
    let mut found = if let Some(found) = asking.held(&link) {
        found
    } else {
        let found = match source {
            Origin::Source(source) => of_source(asking, &at, source).await,
            Origin::Profile(source) => of_source_profile(asking, source).await,
        };
        asking.settled(link, found)?
    };
    for (link, role) in roles.into_iter().rev() {
        found = assume(asking, link, &role, found).await?;
    }
    Ok(Some(found))
}

/// What the first role of a chain is assumed with.
#[derive(Debug)]
enum Origin<'a> {
    Source(&'a str),
    Profile(&'a str),
}

async fn of_source_profile(asking: &mut Asking<'_>, source: &str) -> Result<Credentials, Error> {
    let found = Box::pin(chain::of_profile(asking, source, false)).await?;
    found.ok_or_else(|| {
        Fault::config(format!(
            "The source profile \"{source}\" must have credentials."
        ))
    })
}

async fn of_source(
    asking: &mut Asking<'_>,
    profile: &str,
    source: &str,
) -> Result<Credentials, Error> {
    let found = match source {
        "Environment" => super::keys::of_environment(&asking.environment.variables)?,
        "EcsContainer" => super::container::ask(asking).await?,
        "Ec2InstanceMetadata" => super::instance::ask(asking).await?,
        _ => {
            return Err(Fault::config(format!(
                "The credential source \"{source}\" referenced in profile \"{profile}\" is not valid."
            )));
        }
    };
    found.ok_or_else(|| {
        Fault::source(
            source,
            format!("No credentials found in credential_source referenced in profile {profile}"),
        )
    })
}

/// A role, assumed where it is not held.
pub(super) async fn assume(
    asking: &mut Asking<'_>,
    link: String,
    role: &Role,
    with: Credentials,
) -> Result<Credentials, Error> {
    if let Some(found) = asking.held(&link) {
        return Ok(found);
    }
    let found = if role.mfa_serial.is_some() && asking.had(&link) {
        Err(Fault::error("RefreshWithMFAUnsupportedError", []))
    } else {
        of_sts(asking, role, with).await
    };
    asking.settled(link, found)
}

/// Asks STS for a role.
async fn of_sts(asking: &Asking<'_>, role: &Role, with: Credentials) -> Result<Credentials, Error> {
    let sdk = sts(asking)?;
    let config = aws_sdk_sts::config::Builder::from(&sdk).credentials_provider(with);
    let client = aws_sdk_sts::Client::from_conf(config.build());
    let serial = role.mfa_serial.as_deref();
    let code = match serial {
        Some(serial) => Some(code(serial).await?),
        None => None,
    };
    let name = session_name(role.session_name.as_deref());
    check(&[
        ("RoleArn", Some(&role.arn), 20),
        ("RoleSessionName", Some(&name), 2),
        ("ExternalId", role.external_id.as_deref(), 2),
        ("SerialNumber", serial, 9),
        ("TokenCode", code.as_deref(), 6),
    ])?;
    let duration = role.duration.map(duration).transpose()?;
    let call = client
        .assume_role()
        .role_arn(&role.arn)
        .role_session_name(name)
        .set_external_id(role.external_id.clone())
        .set_duration_seconds(duration)
        .set_serial_number(serial.map(str::to_owned))
        .set_token_code(code);
    let given = call.send().await;
    let given = given.map_err(|error| refused("assume-role", "AssumeRole", &error))?;
    keys(
        "assume-role",
        given.credentials,
        given.assumed_role_user.as_ref(),
    )
}

/// The role for a web identity, whose token lies in a file. `with_variables` is whether the environment may name it.
pub(super) async fn of_web_identity(
    asking: &mut Asking<'_>,
    name: &str,
    with_variables: bool,
) -> Result<Option<Credentials>, Error> {
    let environment = asking.environment;
    let profile = environment.files.profiles.get(name);
    let value = |variable: &str, key: &str| {
        let variable = environment
            .variables
            .get(variable)
            .filter(|_| with_variables);
        variable.or_else(|| profile.and_then(|profile| text(profile, key)))
    };
    let file = value("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
    let Some(file) = file.filter(|file| !file.is_empty()) else {
        return Ok(None);
    };
    let Some(role) = value("AWS_ROLE_ARN", "role_arn").filter(|role| !role.is_empty()) else {
        return Err(Fault::config(
            "The provided profile or the current environment is configured to assume role with web identity but has no \
             role ARN configured. Ensure that the profile has the role_arn configuration set or the AWS_ROLE_ARN env var \
             is set."
                .to_owned(),
        ));
    };
    let session_name = value("AWS_ROLE_SESSION_NAME", "role_session_name");
    let wanted = Role::plain(role, session_name);
    let link = format!("web identity of {name}");
    if let Some(found) = asking.held(&link) {
        return Ok(Some(found));
    }
    asking.via = WEB;
    let found = of_token(asking, file, &wanted).await;
    asking.settled(link, found).map(Some)
}

/// Asks STS for a role, with the token in a file.
async fn of_token(asking: &Asking<'_>, file: &str, role: &Role) -> Result<Credentials, Error> {
    let token = plain_file::text(file)
        .map_err(|error| Fault::source(WEB, format!("the token file {file:?}: {error}")))?;
    let client = aws_sdk_sts::Client::new(&sts(asking)?);
    let name = session_name(role.session_name.as_deref());
    check(&[
        ("RoleArn", Some(&role.arn), 20),
        ("RoleSessionName", Some(&name), 2),
        ("WebIdentityToken", Some(&token), 4),
    ])?;
    let given = client
        .assume_role_with_web_identity()
        .role_arn(&role.arn)
        .role_session_name(name)
        .web_identity_token(token)
        .send()
        .await;
    let given = given.map_err(|error| refused(WEB, "AssumeRoleWithWebIdentity", &error))?;
    keys(WEB, given.credentials, given.assumed_role_user.as_ref())
}

fn sts(asking: &Asking<'_>) -> Result<aws_types::SdkConfig, Error> {
    let Asking {
        environment,
        services,
        ..
    } = asking;
    // A named endpoint is signed for in the Region of the connection.
    let global = environment.is_sts_global()?
        && environment.endpoint_url(Endpoint::Sts)?.is_none()
        && !services.fips
        && !services.dual_stack
        && LEGACY.contains(&services.region.as_str());
    let region = if global {
        "aws-global"
    } else {
        &services.region
    };
    services.sdk(environment, Endpoint::Sts, region)
}

/// Refuses what botocore refuses to send to STS: texts shorter than any that there is. They may be secrets.
fn check(parts: &[(&str, Option<&str>, usize)]) -> Result<(), Error> {
    let report: Vec<String> = parts
        .iter()
        .filter_map(|(name, text, least)| {
            let length = text.as_ref()?.chars().count();
            (length < *least).then(|| {
                format!("Invalid length for parameter {name}, value: {length}, valid min length: {least}")
            })
        })
        .collect();
    if report.is_empty() {
        return Ok(());
    }
    Err(unfit(report.join("\n")))
}

fn duration(seconds: i64) -> Result<i32, Error> {
    if seconds < 900 {
        return Err(unfit(format!(
            "Invalid range for parameter DurationSeconds, value: {seconds}, valid min value: 900"
        )));
    }
    Ok(i32::try_from(seconds).unwrap_or(i32::MAX))
}

fn unfit(report: String) -> Error {
    Fault::error("ParamValidationError", [("report", report)])
}

fn session_name(given: Option<&str>) -> String {
    if let Some(name) = given {
        return name.to_owned();
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    format!("outcrop-session-{}", now.unwrap_or_default().as_secs())
}

/// Asks for the code of a device, where there is a terminal to ask on.
async fn code(serial: &str) -> Result<String, Error> {
    let prompt = format!("Enter MFA code for {serial}: ");
    if let Ok(code) = apart(move || rpassword::prompt_password(prompt)).await {
        return Ok(code.trim().to_owned());
    }
    Err(Fault::source(
        "assume-role",
        format!(
            "the role needs a code of the device {serial}, and there is no terminal to ask for it on: get temporary \
                 keys elsewhere (aws sts get-session-token) and name them, or give them with credentials="
        ),
    ))
}

fn keys(
    provider: &'static str,
    given: Option<Given>,
    user: Option<&AssumedRoleUser>,
) -> Result<Credentials, Error> {
    let Some(given) = given else {
        return Err(Fault::source(provider, "STS answered without credentials"));
    };
    let expiry = SystemTime::try_from(*given.expiration()).ok();
    let token = Some(given.session_token());
    let found = credentials(
        provider,
        given.access_key_id(),
        given.secret_access_key(),
        token,
        expiry,
    )?;
    let account = user.and_then(|user| user.arn().split(':').nth(4));
    Ok(of_account(found, account))
}
