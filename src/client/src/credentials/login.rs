//! `aws login`: the keys that the command line left, renewed with a key of its own (RFC 9449).

use std::{
    path::PathBuf,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_credential_types::Credentials;
use aws_sdk_sts::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rustls::{SignatureScheme, crypto::ring::sign::any_ecdsa_type};
use rustls_pki_types::{PrivateKeyDer, pem::PemObject};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{
    cached,
    keys::{credentials, moment, of_account},
    services::{Asking, Request},
    sso::written,
};
use crate::{
    checks,
    environment::{Endpoint, expand, expand_user, text},
    error::{Error, Fault},
};

const PROVIDER: &str = "login";
const REFRESH: Duration = Duration::from_mins(5);
const PATIENCE: Duration = Duration::from_secs(5);

/// The keys of the session that a profile names.
pub(super) async fn ask(asking: &Asking<'_>, profile: &str) -> Result<Option<Credentials>, Error> {
    let profile = asking.environment.files.profiles.get(profile);
    let Some(session) = profile.and_then(|profile| text(profile, "login_session")) else {
        return Ok(None);
    };
    let variables = &asking.environment.variables;
    let folder = match variables.get("AWS_LOGIN_CACHE_DIRECTORY") {
        Some(folder) => expand(folder, variables),
        None => expand_user("~/.aws/login/cache", variables),
    };
    let name = cached::hexadecimal(&Sha256::digest(session));
    let path = PathBuf::from(folder).join(format!("{name}.json"));
    let Some(mut token) = cached::read(&path) else {
        return Err(load_error(format!(
            "Unable to load a existing login session for session {session}. Please reauthenticate with 'aws login'."
        )));
    };
    let required = ["accessToken", "refreshToken", "dpopKey", "clientId"];
    let missing: Vec<&str> = required
        .into_iter()
        .filter(|key| !token.contains_key(*key))
        .collect();
    if !missing.is_empty() {
        return Err(load_error(format!(
            "Failed to load access token from token cache, missing required fields: {}.",
            missing.join(", ")
        )));
    }
    let expires = part(&token["accessToken"], "expiresAt")?;
    if moment(PROVIDER, expires)? < SystemTime::now() + REFRESH {
        renew(asking, &mut token).await?;
        cached::write(&path, &token);
    }
    let access = &token["accessToken"];
    let found = credentials(
        PROVIDER,
        part(access, "accessKeyId")?,
        part(access, "secretAccessKey")?,
        Some(part(access, "sessionToken")?),
        Some(moment(PROVIDER, part(access, "expiresAt")?)?),
    )?;
    Ok(Some(of_account(found, access["accountId"].as_str())))
}

/// Exchanges the refresh token for new keys and a new refresh token.
async fn renew(asking: &Asking<'_>, token: &mut Map<String, Value>) -> Result<(), Error> {
    let region = token.get("signInRegion").and_then(Value::as_str);
    let region = region.unwrap_or(&asking.services.region);
    checks::region(region)?;
    let url = format!("{}/v1/token", endpoint(asking, region).await?);
    let proof = proven(&url, part_of(token, "dpopKey")?)?;
    let body = json!({
        "clientId": part_of(token, "clientId")?,
        "refreshToken": part_of(token, "refreshToken")?,
        "grantType": "refresh_token",
    });
    let request = Request {
        method: "POST",
        url: &url,
        headers: &[("content-type", "application/json"), ("dpop", &proof)],
        body: body.to_string(),
        patience: PATIENCE,
    };
    let (status, answer) = asking
        .services
        .send(&asking.services.through, request)
        .await
        .map_err(|error| Fault::source(PROVIDER, error))?;
    let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
    if status != 200 {
        return Err(match answer["error"].as_str() {
            Some("TOKEN_EXPIRED" | "USER_CREDENTIALS_CHANGED") => {
                Fault::error("LoginRefreshRequired", [])
            }
            Some("INSUFFICIENT_PERMISSIONS") => Fault::error("LoginInsufficientPermissions", []),
            _ => Fault::error("LoginError", []),
        });
    }
    let given = &answer["accessToken"];
    let lives = answer["expiresIn"].as_u64().unwrap_or_default();
    let access = json!({
        "accessKeyId": part(given, "accessKeyId")?,
        "secretAccessKey": part(given, "secretAccessKey")?,
        "sessionToken": part(given, "sessionToken")?,
        "accountId": token["accessToken"]["accountId"],
        "expiresAt": written(SystemTime::now() + Duration::from_secs(lives)),
    });
    let refresh = part(&answer, "refreshToken")?.into();
    token.insert("accessToken".to_owned(), access);
    token.insert("refreshToken".to_owned(), refresh);
    Ok(())
}

/// The sign-in service of a Region: named, or where the Region's partition has it.
async fn endpoint(asking: &Asking<'_>, region: &str) -> Result<String, Error> {
    if let Some(url) = asking.environment.endpoint_url(Endpoint::Signin)? {
        checks::endpoint(&url.text)?;
        return Ok(url.text.trim_end_matches('/').to_owned());
    }
    let unknown = |error: &dyn std::fmt::Display| Fault::source(PROVIDER, error);
    let params = Params::builder().region(region).build();
    let params = params.map_err(|error| unknown(&error))?;
    let sts = DefaultResolver::new().resolve_endpoint(&params).await;
    let sts = sts.map_err(|error| unknown(&error))?;
    Ok(sts.url().replacen("://sts.", "://signin.", 1))
}

/// A proof that the sender has the key: a JSON web token for this one request.
fn proven(url: &str, pem: &str) -> Result<String, Error> {
    let unfit = || load_error("Unable to load private key from cached token.".to_owned());
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| unfit())?;
    let key = any_ecdsa_type(&key).map_err(|_| unfit())?;
    let public = key.public_key().ok_or_else(unfit)?;
    // The two coordinates of the point are the last of it.
    let (_, point) = public.split_last_chunk::<64>().ok_or_else(unfit)?;
    let signing = key
        .choose_scheme(&[SignatureScheme::ECDSA_NISTP256_SHA256])
        .ok_or_else(unfit)?;
    let coded = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let header = json!({
        "typ": "dpop+jwt",
        "alg": "ES256",
        "jwk": {"kty": "EC", "x": coded(&point[..32]), "y": coded(&point[32..]), "crv": "P-256"},
    });
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let claims = json!({
        "htm": "POST",
        "htu": url,
        "iat": now.unwrap_or_default().as_secs(),
        "jti": format!("{:032x}", fastrand::u128(..)),
    });
    let (header, claims) = (header.to_string(), claims.to_string());
    let claimed = format!("{}.{}", coded(header.as_bytes()), coded(claims.as_bytes()));
    let signature = signing.sign(claimed.as_bytes()).map_err(|_| unfit())?;
    let signature = numbers(&signature).ok_or_else(unfit)?;
    Ok(format!("{claimed}.{}", coded(&signature)))
}

/// The two numbers of a signature, 32 bytes each, from their ASN.1.
fn numbers(signature: &[u8]) -> Option<[u8; 64]> {
    let mut rest = signature.get(2..)?;
    let mut pair = [0; 64];
    for half in pair.chunks_exact_mut(32) {
        let [2, length, after @ ..] = rest else {
            return None;
        };
        let (number, after) = after.split_at_checked(usize::from(*length))?;
        let number = number.strip_prefix(&[0]).unwrap_or(number);
        half.get_mut(32usize.checked_sub(number.len())?..)?
            .copy_from_slice(number);
        rest = after;
    }
    Some(pair)
}

fn part<'a>(of: &'a Value, name: &str) -> Result<&'a str, Error> {
    of[name]
        .as_str()
        .ok_or_else(|| load_error(format!("{name} is missing")))
}

fn part_of<'a>(of: &'a Map<String, Value>, name: &str) -> Result<&'a str, Error> {
    of.get(name)
        .and_then(Value::as_str)
        .ok_or_else(|| load_error(format!("{name} is missing")))
}

fn load_error(message: String) -> Error {
    Fault::error("LoginTokenLoadError", [("error_msg", message)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_two_numbers_of_32_bytes() {
        let long = [&[2, 33, 0][..], &[0xff; 32]].concat();
        let short = [2, 1, 7];
        let signature = [&[0x30, 38][..], &long, &short].concat();
        let pair = numbers(&signature).expect("a pair");
        assert_eq!((&pair[..32], pair[63]), (&[0xff; 32][..], 7));
        assert_eq!(pair[32..63], [0; 31]);
        assert_eq!(numbers(&[0x30, 3, 2, 9, 1]), None);
    }
}
