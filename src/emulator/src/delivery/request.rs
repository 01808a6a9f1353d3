//! One signed request to CloudWatch Logs over plain HTTP.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Uri};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::auth::{self, Key};
use crate::clock::machine_time;
use crate::http::Request;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(5);
const CONTENT: &str = "application/x-amz-json-1.1";
const SIGNED: &str = "content-type;host;x-amz-date;x-amz-target";

/// Where CloudWatch Logs is.
#[derive(Clone, Debug)]
pub struct Endpoint {
    authority: String,
    host: String,
    port: u16,
}

/// Why a request came to nothing.
pub struct Refused {
    /// AWS's name of the error, empty when nobody answered.
    pub code: String,
    /// What happened.
    pub message: String,
    /// Whether it may go better the next time.
    pub may_pass: bool,
}

impl Refused {
    fn unreachable(authority: &str, why: &dyn std::fmt::Display) -> Self {
        Self {
            code: String::new(),
            message: format!("cannot reach {authority}: {why}"),
            may_pass: true,
        }
    }
}

impl Endpoint {
    /// Reads `http://host:port`. The emulator speaks no TLS: the endpoint is another local server.
    pub fn parse(url: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "the logs endpoint must be a local server's address such as http://127.0.0.1:5000, got {url:?}"
            )
        };
        let uri: Uri = url.trim_end_matches('/').parse().map_err(|_| wrong())?;
        let authority = uri.authority().ok_or_else(wrong)?;
        if uri.scheme_str() != Some("http") {
            return Err(wrong());
        }
        Ok(Self {
            authority: authority.to_string(),
            host: authority.host().trim_matches(['[', ']']).to_owned(),
            port: authority.port_u16().unwrap_or(80),
        })
    }

    /// Makes one call.
    pub async fn call(
        &self,
        key: &Key,
        region: &str,
        operation: &str,
        body: &Value,
    ) -> Result<(), Refused> {
        let request = self.request(key, region, operation, Bytes::from(body.to_string()));
        match tokio::time::timeout(PATIENCE, self.exchange(request)).await {
            Ok(answer) => answer,
            Err(late) => Err(Refused::unreachable(&self.authority, &late)),
        }
    }

    fn request(&self, key: &Key, region: &str, operation: &str, body: Bytes) -> Request {
        let time = auth::basic_format(machine_time());
        let mut headers = HeaderMap::new();
        let mut put = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        put(HOST, &self.authority);
        put(CONTENT_TYPE, CONTENT);
        put(HeaderName::from_static("x-amz-date"), &time);
        put(
            HeaderName::from_static("x-amz-target"),
            &format!("Logs_20140328.{operation}"),
        );
        let mut request = Request {
            method: Method::POST,
            path: "/".to_owned(),
            query: String::new(),
            headers,
            body,
            http2: false,
        };
        let signed = auth::authorization(&request, key, (region, "logs"), &time, SIGNED);
        if let Some(signature) = signed
            .ok()
            .and_then(|header| HeaderValue::from_str(&header).ok())
        {
            request
                .headers
                .insert(HeaderName::from_static("authorization"), signature);
        }
        request
    }

    async fn exchange(&self, request: Request) -> Result<(), Refused> {
        let unreachable = |why: &dyn std::fmt::Display| Refused::unreachable(&self.authority, why);
        let stream = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(|error| unreachable(&error))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| unreachable(&error))?;
        let driving = tokio::spawn(connection);
        let mut sent = hyper::Request::new(Full::new(request.body));
        *sent.method_mut() = request.method;
        *sent.headers_mut() = request.headers;
        let answer = async {
            let answer = sender.send_request(sent).await?;
            let status = answer.status();
            Ok::<_, hyper::Error>((status, answer.into_body().collect().await?.to_bytes()))
        }
        .await;
        driving.abort();
        let (status, body) = answer.map_err(|error| unreachable(&error))?;
        if status.is_success() {
            return Ok(());
        }
        let told: Value = serde_json::from_slice(&body).unwrap_or_default();
        let text = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or_default();
        let code = text("__type").rsplit('#').next().unwrap_or_default();
        let said = [text("message"), text("Message")].concat();
        Err(Refused {
            code: code.to_owned(),
            message: format!("{status}: {code} {said}"),
            may_pass: status.is_server_error() || status.as_u16() == 429,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_plain_address() {
        let endpoint = Endpoint::parse("http://127.0.0.1:5000/").unwrap();
        assert_eq!((endpoint.host.as_str(), endpoint.port), ("127.0.0.1", 5000));
        for wrong in [
            "https://logs.us-east-1.amazonaws.com",
            "127.0.0.1:5000",
            "",
            "http://",
        ] {
            let error = Endpoint::parse(wrong).unwrap_err();
            assert!(
                error.starts_with("the logs endpoint must be a local server's address"),
                "{error}"
            );
        }
    }
}
