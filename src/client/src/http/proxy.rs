//! Which proxy stands before an endpoint.

use std::net::IpAddr;

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::{error::Error, settings::Proxy};

/// The proxies of a connection. Connections go through them by CONNECT, so a proxy sees no request and no answer.
pub(super) struct Proxies(Option<Matcher>);

impl Proxies {
    pub(super) fn new(proxy: &Proxy) -> Result<Self, Error> {
        Ok(Self(match proxy {
            Proxy::None => None,
            Proxy::Environment => Some(Matcher::from_env()),
            Proxy::Url(url) => {
                let scheme = url
                    .reveal()
                    .parse::<Uri>()
                    .ok()
                    .and_then(|uri| uri.scheme_str().map(str::to_owned));
                if scheme.as_deref() != Some("http") {
                    return Err(Error::InvalidSetting {
                        reason: "proxy must be a URL that begins with http://, such as http://user:password@host:3128"
                            .into(),
                    });
                }
                Some(Matcher::builder().all(url.reveal()).build())
            }
        }))
    }

    /// A link-local address, such as that of a machine's metadata service, means something else on the proxy's machine.
    pub(super) fn before(&self, endpoint: &Uri) -> Option<Intercept> {
        let matcher = self.0.as_ref()?;
        if is_link_local(endpoint.host().unwrap_or_default()) {
            return None;
        }
        matcher.intercept(endpoint)
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
    use crate::settings::Secret;

    #[test]
    fn the_metadata_service_is_not_behind_a_proxy() {
        let proxies = Proxies::new(&Proxy::Url(Secret::new("http://proxy:3128".into())));
        let proxies = proxies.expect("a proxy");
        let asked = |url: &'static str| proxies.before(&Uri::from_static(url)).is_some();
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
}
