//! Signature Version 4: reading a signature, checking it, and making one for log delivery.

use std::borrow::Cow;
use std::time::Duration;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::canonical;
use crate::clock::Instant;
use crate::error::ServiceError;
use crate::http::Request;
use crate::percent;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// How far a client's clock may be from the server's.
const TOLERANCE: Duration = Duration::from_mins(5);

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    hmac.update(message);
    hmac.finalize().into_bytes().into()
}

/// The key of one day, Region and service.
pub fn signing_key(secret: &str, date: &str, region: &str, service: &str) -> [u8; 32] {
    let of_date = hmac(format!("AWS4{secret}").as_bytes(), date.as_bytes());
    let of_region = hmac(&of_date, region.as_bytes());
    let of_service = hmac(&of_region, service.as_bytes());
    hmac(&of_service, b"aws4_request")
}

/// The signature of a canonical request under a signing key.
#[must_use]
pub fn signature(
    signing_key: &[u8; 32],
    time: &str,
    scope: &str,
    canonical_request: &str,
) -> String {
    let hash = canonical::digest(canonical_request.as_bytes());
    canonical::hexadecimal(&hmac(
        signing_key,
        format!("{ALGORITHM}\n{time}\n{scope}\n{hash}").as_bytes(),
    ))
}

/// The `Authorization` header for a request that the emulator itself sends; an error names a header that is not there.
pub fn authorization(
    request: &Request,
    key: &super::Key,
    (region, service): (&str, &str),
    time: &str,
    signed_headers: &str,
) -> Result<String, String> {
    let date = &time[..8];
    let scope = format!("{date}/{region}/{service}/aws4_request");
    let canonical_request =
        canonical::request(request, signed_headers, &canonical::digest(&request.body))?;
    let signing_key = signing_key(&key.secret_access_key, date, region, service);
    let signature = signature(&signing_key, time, &scope, &canonical_request);
    let id = &key.access_key_id;
    Ok(format!(
        "{ALGORITHM} Credential={id}/{scope}, SignedHeaders={signed_headers}, Signature={signature}"
    ))
}

/// The parts of a signature as a request carries them, in its header or its query.
#[derive(Debug)]
pub struct SignedRequest<'a> {
    pub access_key_id: Cow<'a, str>,
    pub date: Cow<'a, str>,
    pub region: Cow<'a, str>,
    pub service: Cow<'a, str>,
    pub session_token: Option<Cow<'a, str>>,
    signed_headers: Cow<'a, str>,
    signature: Cow<'a, str>,
    time: Cow<'a, str>,
    lifetime: Option<Duration>,
}

fn incomplete(message: impl Into<String>) -> ServiceError {
    ServiceError::new("IncompleteSignatureException", message)
}

fn invalid(message: impl Into<String>) -> ServiceError {
    ServiceError::new("InvalidSignatureException", message)
}

impl<'a> SignedRequest<'a> {
    /// The signature of a request, if it carries one.
    pub fn find(request: &'a Request) -> Result<Option<Self>, ServiceError> {
        if let Some(header) = request.header("authorization") {
            return Self::in_header(request, header).map(Some);
        }
        if request.query.contains("X-Amz-Signature=") {
            return Self::in_query(&request.query).map(Some);
        }
        Ok(None)
    }

    fn in_header(request: &'a Request, header: &'a str) -> Result<Self, ServiceError> {
        let Some(parts) = header.strip_prefix(ALGORITHM) else {
            return Err(incomplete(format!(
                "Unsupported AWS 'algorithm': '{}'.",
                header.split(' ').next().unwrap_or("")
            )));
        };
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for part in parts.split(',') {
            match part.trim().split_once('=') {
                Some(("Credential", value)) => credential = Some(value),
                Some(("SignedHeaders", value)) => signed_headers = Some(value),
                Some(("Signature", value)) => signature = Some(value),
                _ => {}
            }
        }
        let missing =
            |name: &str| incomplete(format!("Authorization header requires '{name}' parameter."));
        let time = request.header("x-amz-date").ok_or_else(|| {
            incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
        })?;
        let credential = credential.ok_or_else(|| missing("Credential"))?;
        let mut signed = Self::in_credential(credential)?;
        signed.signed_headers = signed_headers
            .ok_or_else(|| missing("SignedHeaders"))?
            .into();
        signed.signature = signature.ok_or_else(|| missing("Signature"))?.into();
        signed.time = time.into();
        signed.session_token = request.header("x-amz-security-token").map(Cow::Borrowed);
        Ok(signed)
    }

    fn in_query(query: &str) -> Result<Self, ServiceError> {
        let mut pairs = percent::query_pairs(query);
        let mut take = |name: &str| {
            let position = pairs.iter().position(|(key, _)| key == name)?;
            Some(pairs.swap_remove(position).1)
        };
        let missing = |name: &str| {
            incomplete(format!(
                "AWS query-string parameters must include '{name}'."
            ))
        };
        let credential = take("X-Amz-Credential").ok_or_else(|| missing("X-Amz-Credential"))?;
        let mut signed = Self::in_credential(&credential)?;
        signed.signed_headers = take("X-Amz-SignedHeaders")
            .ok_or_else(|| missing("X-Amz-SignedHeaders"))?
            .into();
        signed.signature = take("X-Amz-Signature")
            .ok_or_else(|| missing("X-Amz-Signature"))?
            .into();
        signed.time = take("X-Amz-Date")
            .ok_or_else(|| missing("X-Amz-Date"))?
            .into();
        let seconds = take("X-Amz-Expires")
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| missing("X-Amz-Expires"))?;
        signed.lifetime = Some(Duration::from_secs(seconds));
        signed.session_token = take("X-Amz-Security-Token").map(Cow::Owned);
        Ok(signed)
    }

    fn in_credential(credential: &str) -> Result<Self, ServiceError> {
        let parts: Vec<&str> = credential.split('/').collect();
        let [access_key_id, date, region, service, "aws4_request"] = parts[..] else {
            return Err(incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got \
                 a different form.",
            ));
        };
        let owned = |text: &str| Cow::Owned(text.to_owned());
        Ok(Self {
            access_key_id: owned(access_key_id),
            date: owned(date),
            region: owned(region),
            service: owned(service),
            session_token: None,
            signed_headers: Cow::default(),
            signature: Cow::default(),
            time: Cow::default(),
            lifetime: None,
        })
    }

    /// The scope must be for Bedrock, and for the day that the time names.
    pub fn check_scope(&self) -> Result<(), ServiceError> {
        if self.service != "bedrock" {
            return Err(invalid(
                "Credential should be scoped to correct service: 'bedrock'. ",
            ));
        }
        if !self.time.starts_with(&*self.date) {
            let message = format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{}', from '{}'.",
                self.date,
                self.time.get(..8).unwrap_or_default(),
                self.time
            );
            return Err(invalid(message));
        }
        Ok(())
    }

    /// The time must be near the server's, or within the life of a presigned request.
    pub fn check_time(&self, now: Instant) -> Result<(), ServiceError> {
        let signed_at = parse_time(&self.time).ok_or_else(|| {
            incomplete(format!(
                "Date must be in ISO-8601 'basic format'. Got '{}'.",
                self.time
            ))
        })?;
        let lifetime = self.lifetime.unwrap_or(TOLERANCE);
        if now.since(signed_at) > lifetime {
            return Err(invalid(format!(
                "Signature expired: {} is now earlier than {} ({} - {} min.)",
                self.time,
                basic_format(Instant::from_epoch_seconds(
                    now.epoch_seconds() - lifetime.as_secs()
                )),
                basic_format(now),
                lifetime.as_secs() / 60,
            )));
        }
        if signed_at.since(now) > TOLERANCE {
            return Err(invalid(format!(
                "Signature not yet current: {} is still later than {} ({} + 5 min.)",
                self.time,
                basic_format(now.after(TOLERANCE)),
                basic_format(now),
            )));
        }
        Ok(())
    }

    /// The signature must be the one that the key gives.
    pub fn check_signature(
        &self,
        request: &Request,
        signing_key: &[u8; 32],
    ) -> Result<(), ServiceError> {
        for required in ["host", "x-amz-date", "x-amz-security-token"] {
            let sent = self.lifetime.is_none() && request.headers.contains_key(required)
                || required == "host";
            // Over HTTP/2 `:authority` is sent in the place of `host`, and some clients sign it.
            let named = |name: &str| {
                name == required || (required == "host" && request.http2 && name == ":authority")
            };
            if sent && !self.signed_headers.split(';').any(named) {
                return Err(invalid(format!(
                    "'{required}' must be a 'SignedHeader' in the AWS Authorization."
                )));
            }
        }
        let payload_hash = canonical::digest(&request.body);
        if request
            .header("x-amz-content-sha256")
            .is_some_and(|announced| announced != payload_hash)
        {
            return Err(invalid(
                "The value of 'x-amz-content-sha256' does not match the hash of the body.",
            ));
        }
        let canonical_request = canonical::request(request, &self.signed_headers, &payload_hash)
            .map_err(|name| invalid(format!("'{name}' is a 'SignedHeader' but was not sent.")))?;
        let scope = format!(
            "{}/{}/{}/aws4_request",
            self.date, self.region, self.service
        );
        if signature(signing_key, &self.time, &scope, &canonical_request) == *self.signature {
            return Ok(());
        }
        Err(invalid(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
             Key and signing method. Consult the service documentation for details.",
        ))
    }
}

/// `20261122T120000Z`
#[must_use]
pub fn basic_format(moment: Instant) -> String {
    let text = moment.iso8601();
    format!(
        "{}{}{}T{}{}{}Z",
        &text[..4],
        &text[5..7],
        &text[8..10],
        &text[11..13],
        &text[14..16],
        &text[17..19]
    )
}

fn parse_time(text: &str) -> Option<Instant> {
    if text.len() != 16 || !text.is_ascii() {
        return None;
    }
    let (date, time) = (&text[..8], &text[9..15]);
    let extended = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &date[..4],
        &date[4..6],
        &date[6..],
        &time[..2],
        &time[2..4],
        &time[4..]
    );
    let seconds = DateTime::from_str(&extended, Format::DateTime).ok()?.secs();
    u64::try_from(seconds).ok().map(Instant::from_epoch_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_gives_its_signature() {
        // AWS's documented example of the signing steps: GET / of IAM's ListUsers, 30 August 2015.
        let key = signing_key(
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            "20150830",
            "us-east-1",
            "iam",
        );
        let canonical_request = "GET\n/\nAction=ListUsers&Version=2010-05-08\n\
            content-type:application/x-www-form-urlencoded; charset=utf-8\nhost:iam.amazonaws.com\n\
            x-amz-date:20150830T123600Z\n\ncontent-type;host;x-amz-date\n\
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let scope = "20150830/us-east-1/iam/aws4_request";
        assert_eq!(
            signature(&key, "20150830T123600Z", scope, canonical_request),
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        );
    }

    #[test]
    fn times_survive_the_basic_format() {
        let moment = parse_time("20261122T120001Z").unwrap();
        assert_eq!(basic_format(moment), "20261122T120001Z");
        assert_eq!(parse_time("2026-11-22"), None);
        assert_eq!(parse_time("20261322T990001Z"), None);
    }
}
