//! The Region that a host name stands for.

/// `bedrock-runtime.us-west-2.amazonaws.com`, `bedrock-fips.us-east-1.amazonaws.com` and `us-west-2.localhost:1234` name a
/// Region; an address or a plain `localhost` does not.
pub fn of_host(host: &str) -> Option<String> {
    let name = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.bytes().all(|byte| byte.is_ascii_digit()) {
            name
        } else {
            host
        }
    });
    name.split('.')
        .find(|label| is_region(label))
        .map(str::to_owned)
}

/// Whether a label has a Region's form: `us-east-1`, `us-gov-west-1`, `ap-southeast-7`.
fn is_region(label: &str) -> bool {
    let parts: Vec<&str> = label.split('-').collect();
    let letters =
        |part: &&str| part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    (3..=4).contains(&parts.len())
        && parts[..parts.len() - 1].iter().all(letters)
        && parts[0].len() <= 4
        && parts[parts.len() - 1].len() == 1
        && parts[parts.len() - 1]
            .bytes()
            .all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::of_host;

    #[test]
    fn hosts_name_their_region() {
        assert_eq!(
            of_host("bedrock-runtime.us-west-2.amazonaws.com").as_deref(),
            Some("us-west-2")
        );
        assert_eq!(
            of_host("bedrock-runtime-fips.us-gov-east-1.amazonaws.com").as_deref(),
            Some("us-gov-east-1")
        );
        assert_eq!(
            of_host("eu-central-1.localhost:8080").as_deref(),
            Some("eu-central-1")
        );
        assert_eq!(of_host("127.0.0.1:8080"), None);
        assert_eq!(of_host("localhost"), None);
        assert_eq!(of_host("[::1]:80"), None);
    }
}
