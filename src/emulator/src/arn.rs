//! Amazon Resource Names.

/// `arn:partition:service:region:account:kind/id`, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-us-gov`, …
    pub partition: &'a str,
    /// `bedrock`
    pub service: &'a str,
    /// May be empty: a global profile's target.
    pub region: &'a str,
    /// May be empty: a foundation model.
    pub account: &'a str,
    /// `foundation-model`, `inference-profile`, …
    pub kind: &'a str,
    /// What follows the first `/`.
    pub id: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes a text apart, if it is an ARN of a resource with a kind and an id.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        if parts.next() != Some("arn") {
            return None;
        }
        let (partition, service, region) = (parts.next()?, parts.next()?, parts.next()?);
        let (account, resource) = (parts.next()?, parts.next()?);
        let (kind, id) = resource.split_once('/')?;
        Some(Self {
            partition,
            service,
            region,
            account,
            kind,
            id,
        })
    }
}

/// The partition that a Region belongs to.
#[must_use]
pub fn partition(region: &str) -> &'static str {
    match region {
        _ if region.contains("-gov-") => "aws-us-gov",
        _ if region.starts_with("cn-") => "aws-cn",
        _ => "aws",
    }
}

/// The ARN of something that an account owns in a Region.
#[must_use]
pub fn owned(region: &str, account: &str, kind: &str, id: &str) -> String {
    format!(
        "arn:{}:bedrock:{region}:{account}:{kind}/{id}",
        partition(region)
    )
}

/// The ARN of a foundation model; without a Region it is the target of global routing.
#[must_use]
pub fn foundation_model(region: &str, id: &str) -> String {
    format!(
        "arn:{}:bedrock:{region}::foundation-model/{id}",
        partition(region)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_come_apart_and_together() {
        let text = owned(
            "us-gov-west-1",
            "123456789012",
            "inference-profile",
            "us-gov.a.b-v1:0",
        );
        let arn = Arn::parse(&text).unwrap();
        assert_eq!(
            (arn.partition, arn.kind, arn.id),
            ("aws-us-gov", "inference-profile", "us-gov.a.b-v1:0")
        );
        assert_eq!(
            foundation_model("", "a.b"),
            "arn:aws:bedrock:::foundation-model/a.b"
        );
        assert_eq!(Arn::parse("arn:aws:bedrock:us-east-1"), None);
        assert_eq!(Arn::parse("amazon.nova-lite-v1:0"), None);
    }
}
