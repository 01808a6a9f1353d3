//! What the host of an endpoint says about its Region.
//!
//! A request that is sent to another Region's host has left for that Region, whatever the client believes. With signatures
//! AWS would refuse it, with an API key it would serve it.

use crate::error::Error;

/// The domains of AWS's endpoints, those of other partitions too.
const OF_AWS: [&str; 13] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "api.aws",
    "api.amazonwebservices.com.cn",
    "api.amazonwebservices.eu",
    "c2s.ic.gov",
    "api.aws.ic.gov",
    "sc2s.sgov.gov",
    "api.aws.scloud",
    "csp.hci.ic.gov",
    "cloud.adc-e.uk",
    "api.cloud-aws.adc-e.uk",
];

const DIRECTIONS: [&str; 9] = [
    "north",
    "south",
    "east",
    "west",
    "central",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
];

/// Refuses an endpoint of AWS's whose host names another Region than the one that is called.
pub(crate) fn check(url: &str, region: &str) -> Result<(), Error> {
    match Host::of(url) {
        Some(host) if host.is_of_aws() => host.check(region, "leave the endpoint out"),
        _ => Ok(()),
    }
}

/// Refuses any endpoint whose host names another Region: for one that was not given for this Region in particular. A
/// proxy may have a host in one Region and lead to another, but only its user knows.
pub(crate) fn check_shared(url: &str, region: &str) -> Result<(), Error> {
    match Host::of(url) {
        Some(host) => host.check(region, "name this Region's own under endpoint_urls"),
        None => Ok(()),
    }
}

struct Host(String);

impl Host {
    /// The host, unless it is this machine.
    fn of(url: &str) -> Option<Self> {
        let uri: http::Uri = url.parse().ok()?;
        let host = uri.host()?.trim_end_matches('.').to_ascii_lowercase();
        let local = host == "localhost" || host.ends_with(".localhost");
        (!local).then_some(Self(host))
    }

    fn is_of_aws(&self) -> bool {
        OF_AWS.iter().any(|domain| {
            let before = self.0.strip_suffix(domain);
            before.is_some_and(|before| before.ends_with('.'))
        })
    }

    fn check(&self, region: &str, way_out: &str) -> Result<(), Error> {
        let mut named = self.0.split('.').filter(|label| is_region(label));
        match named.find(|named| !named.eq_ignore_ascii_case(region)) {
            None => Ok(()),
            Some(named) => Err(Error::InvalidSetting {
                reason: format!(
                    "the endpoint {} is one of {named}, but the source Region is {region}, and a call goes nowhere \
                     else: name {named} as the source Region, or {way_out}",
                    self.0
                ),
            }),
        }
    }
}

/// Whether a part of a host's name is a Region's: `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`.
fn is_region(label: &str) -> bool {
    let parts: Vec<&str> = label.split('-').collect();
    let letters = |part: &&str| part.bytes().all(|byte| byte.is_ascii_lowercase());
    match parts[..] {
        [area, ref between @ .., direction, number] => {
            (2..=4).contains(&area.len())
                && letters(&area)
                && between.len() < 2
                && between.iter().all(letters)
                && DIRECTIONS.contains(&direction)
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::CATALOGUE;

    /// Every form of an endpoint of a Region.
    fn forms(region: &str) -> [String; 10] {
        [
            format!("https://bedrock-runtime.{region}.amazonaws.com"),
            format!("https://bedrock-runtime-fips.{region}.amazonaws.com"),
            format!("https://bedrock-runtime.{region}.api.aws"),
            format!("https://bedrock-runtime-fips.{region}.api.aws:443/x"),
            format!("https://bedrock.{region}.amazonaws.com.cn"),
            format!("https://bedrock-runtime.{region}.amazonaws.com./"),
            format!(
                "https://BEDROCK-RUNTIME.{}.AMAZONAWS.COM",
                region.to_uppercase()
            ),
            format!("https://vpce-0a1-b2c.bedrock-runtime.{region}.vpce.amazonaws.com"),
            format!("https://vpce-0a1-b2c-{region}a.bedrock-runtime.{region}.vpce.amazonaws.com"),
            format!("https://bedrock-runtime.{region}.amazonaws.eu"),
        ]
    }

    #[test]
    fn an_endpoint_is_for_its_own_region_alone() {
        let mut regions: Vec<&str> = CATALOGUE.regions().collect();
        regions.extend([
            "cn-north-1",
            "us-iso-east-1",
            "us-isob-east-1",
            "eu-isoe-west-1",
            "eusc-de-east-1",
        ]);
        for region in &regions {
            for url in forms(region) {
                assert!(check(&url, region).is_ok(), "{url}");
                assert!(check_shared(&url, region).is_ok(), "{url}");
                let other = if *region == "us-east-1" {
                    "us-east-2"
                } else {
                    "us-east-1"
                };
                for refused in [check(&url, other), check_shared(&url, other)] {
                    let text = refused.expect_err(&url).to_string();
                    assert!(
                        text.contains(&format!(
                            "is one of {region}, but the source Region is {other}"
                        )),
                        "{text}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_host_that_names_no_region_is_the_users_word() {
        for url in [
            "http://127.0.0.1:4566",
            "http://[::1]:80",
            "http://localhost:80",
            "http://us-east-1.localhost:80",
            "https://bedrock.corp.example",
            "https://my-gateway-1.corp.example",
            "https://bedrock-runtime.moon.amazonaws.com",
        ] {
            assert!(check(url, "eu-west-1").is_ok(), "{url}");
            assert!(check_shared(url, "eu-west-1").is_ok(), "{url}");
        }
    }

    /// Such as a proxy's: it is refused where it stands for all Regions, and taken where it was given for this one.
    #[test]
    fn another_host_that_names_a_region_has_to_be_given_for_it() {
        let url = "https://bedrock.us-east-1.corp.example";
        assert!(check(url, "eu-west-1").is_ok());
        let refused = check_shared(url, "eu-west-1").expect_err("it names another Region");
        assert!(
            refused
                .to_string()
                .ends_with("or name this Region's own under endpoint_urls")
        );
    }

    #[test]
    fn only_domains_of_awss_are_awss() {
        let is_of_aws = |url| Host::of(url).is_some_and(|host| host.is_of_aws());
        assert!(is_of_aws("https://bedrock-runtime.us-east-1.amazonaws.com"));
        assert!(!is_of_aws(
            "https://bedrock-runtime.us-east-1.notamazonaws.com"
        ));
        assert!(!is_of_aws("https://amazonaws.com.evil.example"));
    }
}
