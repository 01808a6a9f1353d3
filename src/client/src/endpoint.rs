//! What the host of an endpoint says about its Region.
//!
//! A request that is sent to another Region's host has left for that Region, whatever the client believes. With signatures
//! AWS would refuse it, with an API key it would serve it.

use crate::error::Error;

/// The domains of AWS's endpoints, those of other partitions too.
const OF_AWS: [&str; 14] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "api.aws",
    "on.aws",
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

/// What stands in the middle of the names of Regions that have four parts.
const PARTITIONS: [&str; 6] = ["gov", "iso", "isob", "isoe", "isof", "de"];

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

/// Refuses a header that says another host than the endpoint's, of another Region: whoever stands in between goes by it.
pub(crate) fn check_headers(headers: &[(String, String)], region: &str) -> Result<(), Error> {
    let mut hosts = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    hosts.try_for_each(
        |(_, host)| match Host::of(&format!("https://{}", host.trim())) {
            Some(host) => host.check(region, "leave the header Host out"),
            None => Ok(()),
        },
    )
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
        let mut named = self
            .0
            .split('.')
            .filter_map(|label| named_in(label, region));
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

/// The Region that a part of a host's name names, alone or beside other words, as in `bedrock-us-east-1`. Of several
/// readings the one that is `own` counts.
fn named_in(label: &str, own: &str) -> Option<String> {
    let own = own.to_ascii_lowercase();
    let mut parts: Vec<&str> = label.split('-').collect();
    let alone = is_region(&parts).then(|| label.to_owned());
    // An availability zone is in its Region.
    let zone = parts
        .last()
        .and_then(|last| last.strip_suffix(|it: char| it.is_ascii_lowercase()));
    if let (Some(last), Some(zone)) = (parts.last_mut(), zone) {
        *last = zone;
    }
    let readings = (0..parts.len()).flat_map(|from| {
        let parts = &parts;
        [4, 3]
            .into_iter()
            .filter_map(move |length| parts.get(from..from + length))
    });
    let among = readings.filter(|parts| is_region(parts) && is_among_words(parts));
    let mut named: Vec<String> = among.map(|parts| parts.join("-")).chain(alone).collect();
    let chosen = named.iter().position(|named| *named == own).unwrap_or(0);
    (chosen < named.len()).then(|| named.swap_remove(chosen))
}

/// Whether what may be a Region's name is one beside other words, too: `api-east-1` is none.
fn is_among_words(parts: &[&str]) -> bool {
    match parts {
        [area, _, _] => area.len() == 2,
        [_, between, ..] => PARTITIONS.contains(between),
        _ => false,
    }
}

/// Whether these are the parts of a Region's name: `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`.
fn is_region(parts: &[&str]) -> bool {
    let letters = |part: &&str| part.bytes().all(|byte| byte.is_ascii_lowercase());
    match *parts {
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
    fn forms(region: &str) -> [String; 12] {
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
            format!("https://bedrock-runtime-{region}.amazonaws.com"),
            format!("https://abc.lambda-url.{region}.on.aws"),
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

    #[test]
    fn a_region_among_other_words_is_named_too() {
        for (label, named) in [
            ("bedrock-us-east-1", Some("us-east-1")),
            ("us-east-1-bedrock", Some("us-east-1")),
            ("vpc-us-east-1", Some("us-east-1")),
            ("vpce-0a1-us-east-1a", Some("us-east-1")),
            ("bedrock-us-gov-west-1", Some("us-gov-west-1")),
            ("gw-eusc-de-east-1-a", Some("eusc-de-east-1")),
            ("to-eu-west-1-from-us-east-1", Some("eu-west-1")),
            ("us-isox-east-1", Some("us-isox-east-1")),
            ("my-gateway-1", None),
            ("the-web-east-1-x", None),
            ("us-east", None),
            ("", None),
        ] {
            assert_eq!(named_in(label, "").as_deref(), named, "{label}");
        }
        let both = "to-eu-west-1-from-us-east-1";
        assert_eq!(named_in(both, "us-east-1").as_deref(), Some("us-east-1"));
    }

    #[test]
    fn a_header_may_say_no_host_of_another_region() {
        let headers = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        let host = "bedrock-runtime.us-east-1.amazonaws.com";
        for name in ["Host", "HOST"] {
            assert!(check_headers(&headers(name, host), "us-east-1").is_ok());
            for value in [host.to_owned(), format!(" {host}:443 ")] {
                let refused = check_headers(&headers(name, &value), "eu-west-1");
                let text = refused.expect_err(&value).to_string();
                assert!(text.ends_with("or leave the header Host out"), "{text}");
            }
        }
        assert!(check_headers(&headers("host", "bedrock.corp.example"), "eu-west-1").is_ok());
        assert!(check_headers(&headers("X-Team", host), "eu-west-1").is_ok());
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
