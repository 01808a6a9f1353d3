//! What an error answer says, read as botocore reads it.

use bytes::Bytes;
use serde_json::Value;

use crate::{call::Head, error::ServiceError};

/// The error in an answer whose status is no success.
pub(crate) fn service_error(head: Head, body: Bytes) -> ServiceError {
    let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let field = |name: &str| json.get(name).and_then(Value::as_str);
    let code = head
        .header("x-amzn-errortype")
        .or_else(|| field("code"))
        .or_else(|| field("Code"));
    let code = code.or_else(|| field("__type")).map(bare_code);
    let message = field("message").or_else(|| field("Message"));
    let (code, message) = if is_page(head.status, &body) {
        (None, status_text(head.status).into())
    } else if json.is_null() {
        (code, String::from_utf8_lossy(&body))
    } else {
        (code, message.unwrap_or_default().into())
    };
    let code = code.map_or_else(|| head.status.to_string(), str::to_owned);
    let message = message.into_owned();
    ServiceError {
        code,
        message,
        status: head.status,
        headers: head.headers,
        body,
        attempts: head.attempts,
        exhausted: head.exhausted,
        hint: None,
    }
}

/// `namespace#ThrottlingException:http://…` → `ThrottlingException`.
fn bare_code(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or(code);
    code.rsplit('#').next().unwrap_or(code)
}

/// A server in between, such as a load balancer, answered with a page of its own, or with nothing.
fn is_page(status: u16, body: &[u8]) -> bool {
    let body = body.trim_ascii();
    status >= 500 && (body.is_empty() || body.starts_with(b"<html>"))
}

fn status_text(status: u16) -> &'static str {
    http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(header: Option<&str>, status: u16, body: &'static str) -> (String, String) {
        let headers = header
            .map(|value| ("x-amzn-errortype".to_owned(), value.to_owned()))
            .into_iter()
            .collect();
        let head = Head {
            status,
            headers,
            attempts: 1,
            exhausted: false,
            route: None,
            reuse: None,
        };
        let error = service_error(head, Bytes::from_static(body.as_bytes()));
        (error.code, error.message)
    }

    #[test]
    fn the_code_comes_from_the_header_the_body_or_the_status() {
        let slow = r#"{"message":"slow"}"#;
        for header in [
            "ThrottlingException",
            "ThrottlingException:http://internal.amazon.com/coral/",
        ] {
            assert_eq!(
                parsed(Some(header), 429, slow),
                ("ThrottlingException".into(), "slow".into())
            );
        }
        assert_eq!(
            parsed(None, 400, r#"{"code":"A","Message":"b"}"#),
            ("A".into(), "b".into())
        );
        assert_eq!(
            parsed(None, 404, r#"{"__type":"com.amazon.coral.service#A"}"#),
            ("A".into(), String::new())
        );
        assert_eq!(
            parsed(None, 502, "<html>"),
            ("502".into(), "Bad Gateway".into())
        );
        assert_eq!(
            parsed(None, 418, "a teapot"),
            ("418".into(), "a teapot".into())
        );
        assert_eq!(parsed(None, 418, ""), ("418".into(), String::new()));
    }
}
