//! Who calls, and for which Region: signatures and bearer tokens are really verified.
//!
//! Written against AWS's description of Signature Version 4 and shared with no client, so that a client that signs
//! wrongly is found out.

mod canonical;
mod region;
mod sigv4;

use std::collections::HashMap;
use std::sync::Mutex;

use crate::error::ServiceError;
use crate::http::Request;

pub(crate) use sigv4::SignedRequest;
pub use sigv4::{authorization, basic_format, signature};

/// A key that may sign, and what it stands for.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    /// `AKIA…`
    pub access_key_id: String,
    /// Its secret.
    pub secret_access_key: String,
    /// The session token that must come with it, for a temporary key.
    pub session_token: Option<String>,
    /// Answer `ExpiredTokenException` to this key.
    pub expired: bool,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Key")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

/// The one who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The Region whose endpoint is called.
    pub region: String,
    /// The key's id, or `bearer`, or nothing where signatures are not verified.
    pub principal: String,
}

/// Everybody who may call.
#[derive(Debug)]
pub struct Authority {
    keys: Mutex<HashMap<String, Key>>,
    bearer_tokens: Mutex<Vec<String>>,
    /// Whether requests must be signed at all.
    pub verify: bool,
    /// The Region of a request whose signature and host name none.
    pub default_region: String,
    signing_keys: Mutex<HashMap<String, [u8; 32]>>,
}

impl Authority {
    /// Those who may call, and the Region of a request that names none.
    #[must_use]
    pub fn new(
        keys: Vec<Key>,
        bearer_tokens: Vec<String>,
        verify: bool,
        default_region: String,
    ) -> Self {
        let keys = keys
            .into_iter()
            .map(|key| (key.access_key_id.clone(), key))
            .collect();
        Self {
            keys: Mutex::new(keys),
            bearer_tokens: Mutex::new(bearer_tokens),
            verify,
            default_region,
            signing_keys: Mutex::default(),
        }
    }

    /// Lets another key sign, or changes one.
    pub fn add_key(&self, key: Key) {
        crate::lock(&self.signing_keys).clear();
        crate::lock(&self.keys).insert(key.access_key_id.clone(), key);
    }

    /// Finds out who sent this request.
    pub fn authenticate(&self, request: &Request) -> Result<Caller, ServiceError> {
        if let Some(key) = api_key(request)? {
            return self.bearer(request, key);
        }
        let header = request.header("authorization").unwrap_or_default();
        if let Some(token) = header.strip_prefix("Bearer ") {
            return self.bearer(request, token.trim());
        }
        let signed = SignedRequest::find(request)?;
        match signed {
            Some(signed) => {
                if self.verify {
                    self.verify_signature(request, &signed)?;
                }
                Ok(Caller {
                    region: signed.region.into_owned(),
                    principal: signed.access_key_id.into_owned(),
                })
            }
            None if self.verify => Err(ServiceError::new(
                "MissingAuthenticationTokenException",
                "Missing Authentication Token",
            )),
            None => Ok(Caller {
                region: self.region_of_host(request),
                principal: String::new(),
            }),
        }
    }

    fn bearer(&self, request: &Request, token: &str) -> Result<Caller, ServiceError> {
        if self.verify
            && !crate::lock(&self.bearer_tokens)
                .iter()
                .any(|known| known == token)
        {
            return Err(ServiceError::new(
                "AccessDeniedException",
                "Authentication failed: invalid API key",
            ));
        }
        Ok(Caller {
            region: self.region_of_host(request),
            principal: "bearer".to_owned(),
        })
    }

    fn region_of_host(&self, request: &Request) -> String {
        request
            .header("host")
            .and_then(region::of_host)
            .unwrap_or_else(|| self.default_region.clone())
    }

    fn verify_signature(
        &self,
        request: &Request,
        signed: &SignedRequest<'_>,
    ) -> Result<(), ServiceError> {
        let key = crate::lock(&self.keys).get(&*signed.access_key_id).cloned();
        let unknown = || {
            ServiceError::new(
                "UnrecognizedClientException",
                crate::error::usual_message("UnrecognizedClientException"),
            )
        };
        let key = key.ok_or_else(unknown)?;
        if key.session_token.as_deref().unwrap_or_default()
            != signed.session_token.as_deref().unwrap_or_default()
        {
            return Err(unknown());
        }
        if key.expired {
            return Err(ServiceError::new(
                "ExpiredTokenException",
                crate::error::usual_message("ExpiredTokenException"),
            ));
        }
        signed.check_scope()?;
        signed.check_time(crate::clock::machine_time())?;
        let signing_key = self.signing_key(&key, signed);
        signed.check_signature(request, &signing_key)
    }

    fn signing_key(&self, key: &Key, signed: &SignedRequest<'_>) -> [u8; 32] {
        let name = format!("{}/{}/{}", signed.access_key_id, signed.date, signed.region);
        let mut signing_keys = crate::lock(&self.signing_keys);
        if let Some(found) = signing_keys.get(&name) {
            return *found;
        }
        if signing_keys.len() >= 1_024 {
            signing_keys.clear();
        }
        let made = sigv4::signing_key(
            &key.secret_access_key,
            &signed.date,
            &signed.region,
            &signed.service,
        );
        signing_keys.insert(name, made);
        made
    }
}

/// The bearer token where Anthropic's clients of old put it, which Bedrock takes at Anthropic's paths.
fn api_key(request: &Request) -> Result<Option<&str>, ServiceError> {
    let key = request
        .header("x-api-key")
        .filter(|_| request.path.starts_with("/anthropic/"));
    if key.is_some() && request.header("authorization").is_some() {
        return Err(ServiceError::validation(
            "Cannot provide both 'Authorization' and 'x-api-key' headers.",
        ));
    }
    Ok(key)
}
