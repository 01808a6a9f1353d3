//! Which proxy stands before an endpoint, and how it is spoken to.

use std::{fmt, net::IpAddr};

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderValue, Uri};
use percent_encoding::percent_decode_str;

use crate::{
    environment::ProxyVariables,
    error::Error,
    settings::{Proxy, Secret},
};

/// The proxies of a connection.
///
/// An `https` endpoint is reached by CONNECT, so its proxy sees no request and no answer. By boto3's rule, a proxy is
/// handed the requests to an `http` endpoint: many allow CONNECT to port 443 only.
#[derive(Clone, Debug)]
pub enum Proxies {
    /// None.
    None,
    /// One for every endpoint, given by argument.
    Given(Before),
    /// Those of the environment.
    Variables(ProxyVariables),
}

/// A proxy, ready to be connected to.
#[derive(Clone)]
pub struct Before {
    /// Scheme, host and port.
    pub(super) uri: Uri,
    /// What says who asks.
    pub(super) authorization: Option<HeaderValue>,
    /// Which argument or variable names it.
    place: String,
}

impl Proxies {
    /// What the settings say, else the environment.
    pub(crate) fn new(proxy: &Proxy, variables: ProxyVariables) -> Result<Self, Error> {
        Ok(match proxy {
            Proxy::None => Self::None,
            Proxy::Environment => Self::Variables(variables),
            Proxy::Url(url) => {
                let given = Before::new(url, "proxy");
                Self::Given(given.map_err(|reason| Error::InvalidSetting {
                    reason: format!(
                        "proxy must be a URL that begins with http:// or https://, such as \
                         http://user:password@host:3128, but {reason}"
                    ),
                })?)
            }
        })
    }

    /// The proxy before an endpoint. A link-local address, such as that of a machine's metadata service, means something
    /// else on the proxy's machine.
    pub(crate) fn before(&self, endpoint: &Uri) -> Result<Option<Before>, Error> {
        if is_link_local(endpoint.host().unwrap_or_default()) {
            return Ok(None);
        }
        match self {
            Self::None => Ok(None),
            Self::Given(proxy) => Ok(Some(proxy.clone())),
            Self::Variables(variables) => {
                let scheme = endpoint.scheme_str().unwrap_or("http");
                let authority = endpoint
                    .authority()
                    .map_or("", |authority| authority.as_str());
                let Some((url, variable)) = variables.before(scheme, authority) else {
                    return Ok(None);
                };
                let proxy = Before::new(url, variable);
                proxy.map(Some).map_err(|reason| Error::Proxy {
                    reason,
                    asked: false,
                })
            }
        }
    }
}

impl Before {
    /// Reads a URL as Python does; one without a scheme is taken for `http`. The error never holds the URL.
    fn new(url: &Secret, place: &str) -> Result<Self, String> {
        let url = url.reveal();
        let (scheme, rest) = match url.split_once("://") {
            Some((scheme, rest)) => (scheme, rest),
            None if place == "proxy" => return Err("it has no scheme".to_owned()),
            None => ("http", url.strip_prefix("//").unwrap_or(url)),
        };
        let scheme = scheme.to_ascii_lowercase();
        if scheme.starts_with("socks") {
            return Err(format!(
                "{place} names a SOCKS proxy, which outcrop does not speak"
            ));
        }
        let unfit = || format!("{place} is no URL of an HTTP proxy");
        if !matches!(scheme.as_str(), "http" | "https") {
            return Err(unfit());
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        let uri = Uri::builder()
            .scheme(scheme.as_str())
            .authority(host)
            .path_and_query("/")
            .build();
        let uri = uri.map_err(|_| unfit())?;
        let port = host.strip_prefix(uri.host().unwrap_or_default());
        let port = port.and_then(|port| port.strip_prefix(':'));
        if uri.host().is_none_or(str::is_empty)
            || port.is_some_and(|port| !port.is_empty() && uri.port().is_none())
        {
            return Err(unfit());
        }
        let authorization = user
            .and_then(|user| user.split_once(':'))
            .filter(|(name, password)| !name.is_empty() && !password.is_empty())
            .map(|(name, password)| {
                let plain = |text| percent_decode_str(text).collect::<Vec<u8>>();
                let pair = [plain(name), plain(password)].join(&b':');
                let mut value: HeaderValue = format!("Basic {}", BASE64_STANDARD.encode(pair))
                    .try_into()
                    .map_err(|_| unfit())?;
                value.set_sensitive(true);
                Ok::<_, String>(value)
            });
        Ok(Self {
            uri,
            authorization: authorization.transpose()?,
            place: place.to_owned(),
        })
    }

    /// Whether it is spoken to over TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }
}

impl fmt::Display for Before {
    /// Without its user and password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authority = self
            .uri
            .authority()
            .map_or("", |authority| authority.as_str());
        let scheme = self.uri.scheme_str().unwrap_or_default();
        write!(formatter, "{scheme}://{authority} ({})", self.place)
    }
}

impl fmt::Debug for Before {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

fn is_link_local(host: &str) -> bool {
    match host.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(address)) => address.is_link_local(),
        // fd00:ec2::/32 is where EC2 and EKS have theirs.
        Ok(IpAddr::V6(address)) => {
            address.is_unicast_link_local() || address.segments()[..2] == [0xfd00, 0x0ec2]
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(url: &str) -> Result<Proxies, Error> {
        let proxy = Proxy::Url(Secret::new(url.into()));
        Proxies::new(&proxy, ProxyVariables::default())
    }

    #[test]
    fn the_metadata_service_is_not_behind_a_proxy() {
        let proxies = given("http://proxy:3128").expect("a proxy");
        let asked = |url: &'static str| {
            let before = proxies.before(&Uri::from_static(url));
            before.expect("the URL is fit").is_some()
        };
        assert!(asked("https://bedrock-runtime.us-east-1.amazonaws.com"));
        for own in [
            "http://169.254.169.254/latest",
            "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::254]/latest",
            "http://[fe80::1]/",
        ] {
            assert!(!asked(own), "{own}");
        }
    }

    #[test]
    fn a_url_is_read_as_python_reads_it() {
        for (url, uri, authorization) in [
            ("proxy:3128", "http://proxy:3128/", None),
            ("//proxy", "http://proxy/", None),
            ("HTTPS://proxy:1/x?y", "https://proxy:1/", None),
            ("http://a:b@proxy", "http://proxy/", Some("Basic YTpi")),
            (
                "http://a:p%40s@s@[::1]:1",
                "http://[::1]:1/",
                Some("Basic YTpwQHNAcw=="),
            ),
            ("http://a@proxy", "http://proxy/", None),
            ("http://:b@proxy", "http://proxy/", None),
        ] {
            let before = Before::new(&Secret::new(url.into()), "HTTP_PROXY").expect(url);
            let sent = before.authorization.as_ref();
            let sent = sent.map(|value| value.to_str().expect("base64"));
            assert_eq!(
                (before.uri.to_string().as_str(), sent),
                (uri, authorization)
            );
            let shown = format!("{before} {before:?}");
            assert!(!shown.contains('@') && !shown.contains("YT"), "{shown}");
        }
    }

    #[test]
    fn what_is_no_http_proxy_is_refused_without_its_password() {
        for url in [
            "socks5://u:hidden@x:1",
            "ftp://u:hidden@x",
            "http://u:hidden@",
            "http://u:hidden@a b",
            "http://u:hidden@a:b",
            "http://u:hidden@a:99999",
        ] {
            let error = given(url).expect_err(url).to_string();
            assert!(
                error.starts_with("proxy must be a URL ") && !error.contains("hidden"),
                "{error}"
            );
        }
    }
}
