//! Proxies by the rules of Python's `urllib.request`, which are botocore's: for each scheme a variable, lower case before
//! upper, and `NO_PROXY` for hosts by suffix.

use super::Variables;
use crate::settings::Secret;

/// What the variables say of proxies.
#[derive(Clone, Debug, Default)]
pub struct ProxyVariables {
    /// By scheme, in lower case; `no` among them.
    by_scheme: Vec<(String, Named)>,
}

/// A proxy's URL, and the variable that has it.
#[derive(Clone, Debug)]
struct Named {
    variable: String,
    value: Secret,
}

impl ProxyVariables {
    /// Those of the environment.
    pub(crate) fn of(variables: &Variables) -> Self {
        let mut proxies = Self::default();
        let named = variables.iter().filter_map(|(name, value)| {
            let (scheme, suffix) = name.split_at_checked(name.len().checked_sub(6)?)?;
            (!scheme.is_empty() && suffix.eq_ignore_ascii_case("_proxy"))
                .then(|| (name, scheme.to_lowercase(), value))
        });
        let named: Vec<_> = named.collect();
        for (name, scheme, value) in &named {
            if !value.is_empty() {
                proxies.set(scheme, name, value);
            }
        }
        // In a CGI script HTTP_PROXY may be a header of the request.
        if variables.get("REQUEST_METHOD").is_some() {
            proxies.by_scheme.retain(|(scheme, _)| scheme != "http");
        }
        for (name, scheme, value) in &named {
            if name.ends_with("_proxy") {
                proxies.by_scheme.retain(|(other, _)| other != scheme);
                if !value.is_empty() {
                    proxies.set(scheme, name, value);
                }
            }
        }
        proxies
    }

    fn set(&mut self, scheme: &str, variable: &str, value: &str) {
        self.by_scheme.retain(|(other, _)| other != scheme);
        let named = Named {
            variable: variable.to_owned(),
            value: Secret::new(value.to_owned()),
        };
        self.by_scheme.push((scheme.to_owned(), named));
    }

    fn get(&self, scheme: &str) -> Option<&Named> {
        let mut all = self.by_scheme.iter();
        all.find(|(other, _)| other == scheme)
            .map(|(_, named)| named)
    }

    /// The proxy before an endpoint, and its variable. `authority` is the endpoint's host and perhaps port.
    pub(crate) fn before(&self, scheme: &str, authority: &str) -> Option<(&Secret, &str)> {
        if self.is_bypassed(authority) {
            return None;
        }
        let named = self.get(scheme)?;
        Some((&named.value, &named.variable))
    }

    fn is_bypassed(&self, authority: &str) -> bool {
        let Some(no) = self.get("no") else {
            return false;
        };
        let no = no.value.reveal();
        if no == "*" {
            return true;
        }
        let host = authority.to_lowercase();
        let only = match host.rsplit_once(':') {
            Some((only, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => only,
            _ => &host,
        };
        no.split(',').map(super::strip).any(|name| {
            if name.is_empty() {
                return false;
            }
            let name = name.trim_start_matches('.').to_lowercase();
            let suffix = format!(".{name}");
            only == name || host == name || only.ends_with(&suffix) || host.ends_with(&suffix)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before(variables: &[(&str, &str)], scheme: &str, authority: &str) -> Option<String> {
        let mut all = Variables::default();
        for (name, value) in variables {
            all.push(name, value);
        }
        let proxies = ProxyVariables::of(&all);
        let found = proxies.before(scheme, authority);
        found.map(|(proxy, _)| proxy.reveal().to_owned())
    }

    #[test]
    fn lower_case_wins_and_an_empty_one_is_none() {
        for (variables, expected) in [
            (&[("HTTP_PROXY", "a")][..], Some("a")),
            (&[("Http_Proxy", "a")], Some("a")),
            (&[("HTTP_PROXY", "a"), ("http_proxy", "b")], Some("b")),
            (&[("http_proxy", "b"), ("HTTP_PROXY", "a")], Some("b")),
            (&[("HTTP_PROXY", "a"), ("http_proxy", "")], None),
            (&[("HTTP_PROXY", "a"), ("REQUEST_METHOD", "GET")], None),
            (&[("http_proxy", "a"), ("REQUEST_METHOD", "GET")], Some("a")),
            (&[("ALL_PROXY", "a"), ("HTTPS_PROXY", "b")], None),
        ] {
            assert_eq!(
                before(variables, "http", "x").as_deref(),
                expected,
                "{variables:?}"
            );
        }
    }

    #[test]
    fn hosts_go_past_it_by_suffix_and_port() {
        let past =
            |no, host| before(&[("http_proxy", "p"), ("NO_PROXY", no)], "http", host).is_none();
        for (no, host) in [
            ("*", "a.example"),
            ("example", "a.example:80"),
            (".EXAMPLE", "A.example"),
            (" b , 127.0.0.1:8080", "127.0.0.1:8080"),
            ("127.0.0.1", "127.0.0.1:8080"),
            ("[::1]", "[::1]:80"),
            ("a.example:80", "b.a.example:80"),
        ] {
            assert!(past(no, host), "{no} {host}");
        }
        for (no, host) in [
            ("", "a"),
            ("*,b", "a.example"),
            ("ample", "a.example"),
            ("127.0.0.1:81", "127.0.0.1:80"),
            ("127.0.0.0/8", "127.0.0.1"),
            ("*.example", "a.example"),
            ("::1", "[::1]:80"),
        ] {
            assert!(!past(no, host), "{no} {host}");
        }
    }
}
