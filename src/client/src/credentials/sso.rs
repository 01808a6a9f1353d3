//! Single sign-on: the token that `aws sso login` left, exchanged for a role's keys.

use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_credential_types::Credentials;
use aws_smithy_types::{DateTime, date_time::Format};
use serde_json::{Map, Value};
use sha1::{Digest, Sha1};

use super::{
    cached,
    keys::{credentials, moment, of_account},
    services::{Asking, refused},
};
use crate::{
    checks,
    environment::{Endpoint, Section, Value as Entry, expand_user, text},
    error::{Error, Fault},
};

const PROVIDER: &str = "sso";
const REFRESH: Duration = Duration::from_mins(15);

/// What the files say of it.
struct Named<'a> {
    start_url: &'a str,
    region: &'a str,
    account: &'a str,
    role: &'a str,
    session: Option<&'a str>,
}

/// The keys of the role that a profile names.
pub(super) async fn ask(asking: &Asking<'_>, profile: &str) -> Result<Option<Credentials>, Error> {
    let files = &asking.environment.files;
    let Some(section) = files.profiles.get(profile) else {
        return Ok(None);
    };
    let keys = ["sso_role_name", "sso_account_id"];
    if !keys.iter().any(|key| section.contains_key(*key)) {
        return Ok(None);
    }
    let session = text(section, "sso_session");
    let merged = merged(
        section,
        session.map(|name| (name, files.sso_sessions.get(name))),
    )?;
    let all = [
        "sso_role_name",
        "sso_account_id",
        "sso_start_url",
        "sso_region",
    ];
    let missing: Vec<&str> = all
        .into_iter()
        .filter(|key| filled(&merged, key).is_none())
        .collect();
    let [Some(role), Some(account), Some(start_url), Some(region)] =
        all.map(|key| filled(&merged, key))
    else {
        return Err(Fault::config(format!(
            "The profile \"{profile}\" is configured to use SSO but is missing required configuration: {}",
            missing.join(", ")
        )));
    };
    let named = Named {
        start_url,
        region,
        account,
        role,
        session,
    };
    let token = token(asking, &named).await?;
    checks::region(named.region)?;
    let sdk = asking
        .services
        .sdk(asking.environment, Endpoint::Sso, named.region)?;
    let client = aws_sdk_sso::Client::new(&sdk);
    let given = client
        .get_role_credentials()
        .role_name(named.role)
        .account_id(named.account)
        .access_token(token)
        .send()
        .await;
    let given = given.map_err(|error| {
        let service = error.as_service_error();
        if service.is_some_and(aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError::is_unauthorized_exception) {
            return Fault::error("UnauthorizedSSOTokenError", []);
        }
        refused(PROVIDER, "GetRoleCredentials", &error)
    })?;
    let given = given.role_credentials;
    let given = given.ok_or_else(|| Fault::source(PROVIDER, "the answer has no credentials"))?;
    let milliseconds = u64::try_from(given.expiration()).unwrap_or_default();
    let found = credentials(
        PROVIDER,
        given.access_key_id().unwrap_or_default(),
        given.secret_access_key().unwrap_or_default(),
        given.session_token(),
        Some(UNIX_EPOCH + Duration::from_millis(milliseconds)),
    )?;
    Ok(Some(of_account(found, Some(named.account))))
}

/// What a key says. An empty text names no account, role or Region that there could be.
fn filled<'a>(section: &'a Section, key: &str) -> Option<&'a str> {
    text(section, key).filter(|text| !text.is_empty())
}

/// A profile with what its `sso-session` says.
fn merged(profile: &Section, session: Option<(&str, Option<&Section>)>) -> Result<Section, Error> {
    let mut merged = profile.clone();
    let Some((name, section)) = session else {
        return Ok(merged);
    };
    let Some(section) = section else {
        return Err(Fault::config(format!(
            "The specified sso-session does not exist: \"{name}\""
        )));
    };
    for (key, value) in section {
        if merged.get(key).is_some_and(|other| other != value) {
            let shown = |value: Option<&Entry>| match value {
                Some(Entry::Text(text)) => text.clone(),
                _ => "a block".to_owned(),
            };
            return Err(Fault::config(format!(
                "The value for {key} is inconsistent between profile ({}) and sso-session ({}).",
                shown(merged.get(key)),
                shown(Some(value))
            )));
        }
        merged.insert(key.clone(), value.clone());
    }
    Ok(merged)
}

/// The token of the session, renewed where it can be and must.
async fn token(asking: &Asking<'_>, named: &Named<'_>) -> Result<String, Error> {
    let name = named.session.unwrap_or(named.start_url);
    let key = cached::hexadecimal(&Sha1::digest(name));
    let folder = expand_user("~/.aws/sso/cache", &asking.environment.variables);
    let path = PathBuf::from(folder).join(format!("{key}.json"));
    let Some(token) = cached::read(&path) else {
        return Err(load_error(format!(
            "failed to load the cached SSO token: Token for {name} does not exist at {}; `aws sso login` makes it",
            path.display()
        )));
    };
    let text = |key: &str| token.get(key).and_then(Value::as_str);
    let (Some(access), Some(expires)) = (text("accessToken"), text("expiresAt")) else {
        return Err(load_error(format!(
            "Token for {} is invalid",
            named.start_url
        )));
    };
    let expires = moment(PROVIDER, expires)?;
    let now = SystemTime::now();
    if named.session.is_none() {
        return if expires <= now {
            Err(Fault::error("UnauthorizedSSOTokenError", []))
        } else {
            Ok(access.to_owned())
        };
    }
    if expires < now + REFRESH
        && let Some(renewed) = renewed(asking, named, &token, &path).await?
    {
        return Ok(renewed);
    }
    if expires <= now {
        return Err(over());
    }
    Ok(access.to_owned())
}

fn over() -> Error {
    let message = "Token has expired and refresh failed: `aws sso login` makes a new one";
    Fault::error(
        "TokenRetrievalError",
        [
            ("provider", PROVIDER.to_owned()),
            ("error_msg", message.to_owned()),
        ],
    )
}

/// A new token for the old one; `None` where that is not to be had.
async fn renewed(
    asking: &Asking<'_>,
    named: &Named<'_>,
    token: &Map<String, Value>,
    path: &Path,
) -> Result<Option<String>, Error> {
    let text = |key: &str| token.get(key).and_then(Value::as_str);
    let parts = [
        "refreshToken",
        "clientId",
        "clientSecret",
        "registrationExpiresAt",
    ];
    let [Some(refresh), Some(id), Some(secret), Some(registered)] = parts.map(text) else {
        return Ok(None);
    };
    if moment(PROVIDER, registered)? <= SystemTime::now() {
        return Ok(None);
    }
    let sdk = asking
        .services
        .sdk(asking.environment, Endpoint::SsoOidc, named.region)?;
    let client = aws_sdk_ssooidc::Client::new(&sdk);
    let given = client
        .create_token()
        .grant_type("refresh_token")
        .client_id(id)
        .client_secret(secret)
        .refresh_token(refresh)
        .send()
        .await;
    let given = match given {
        Ok(given) => given,
        Err(error) if error.as_service_error().is_some() => return Ok(None),
        Err(error) => return Err(refused(PROVIDER, "CreateToken", &error)),
    };
    let Some(access) = given.access_token() else {
        return Ok(None);
    };
    let lives = Duration::from_secs(given.expires_in().try_into().unwrap_or_default());
    let mut renewed = Map::new();
    let mut put = |key: &str, value: &str| renewed.insert(key.to_owned(), value.into());
    put("startUrl", named.start_url);
    put("region", named.region);
    put("accessToken", access);
    put("expiresAt", &written(SystemTime::now() + lives));
    put("clientId", id);
    put("clientSecret", secret);
    put("registrationExpiresAt", registered);
    if let Some(refresh) = given.refresh_token() {
        put("refreshToken", refresh);
    }
    cached::write(path, &renewed);
    if lives.is_zero() {
        return Err(over());
    }
    Ok(Some(access.to_owned()))
}

fn load_error(message: String) -> Error {
    Fault::error("SSOTokenLoadError", [("error_msg", message)])
}

/// A point in time as the command line writes it.
pub(super) fn written(moment: SystemTime) -> String {
    let seconds = moment
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    let moment = DateTime::from_secs(seconds.try_into().unwrap_or_default());
    moment.fmt(Format::DateTime).unwrap_or_default()
}
