//! Whose quotas and bill calls are on, as far as that is known without asking AWS.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use aws_credential_types::Credentials;

use crate::signing::Signer;

/// An account, or what stands for one whose id is not known. Clones tell each other what they learn.
#[derive(Clone, Debug, Default)]
pub struct Account {
    id: Arc<ArcSwapOption<String>>,
    label: Option<Arc<str>>,
}

impl Account {
    /// One of this id, if it is known.
    #[must_use]
    pub fn of(id: Option<String>) -> Self {
        let account = Self::default();
        account.learn(id);
        account
    }

    /// The account of what signs a call.
    pub(crate) fn of_signer(signer: &Signer) -> Self {
        match signer {
            Signer::Keys(keys) => Self::of(id_of(keys)),
            Signer::Token(_) => Self::default(),
        }
    }

    /// The same under another name for as long as its id is not known.
    #[must_use]
    pub fn labelled(&self, label: Option<&str>) -> Self {
        Self {
            id: Arc::clone(&self.id),
            label: label.map(Arc::from),
        }
    }

    /// Another that goes by this one's label.
    pub(crate) fn instead(&self, other: &Self) -> Self {
        Self {
            id: Arc::clone(&other.id),
            label: self.label.clone(),
        }
    }

    /// Takes in what is known now: keys may become another account's.
    pub(crate) fn learn(&self, id: Option<String>) {
        self.id.store(id.map(Arc::new));
    }

    /// Its twelve digits, if they are known.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        self.id.load().as_deref().cloned()
    }

    /// Its id; else what stands for it, if anything does.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.id()
            .or_else(|| self.label.as_deref().map(str::to_owned))
    }

    /// The same in a sentence.
    pub(crate) fn words(&self) -> Option<String> {
        let id = self.id().map(|id| format!("account {id}"));
        id.or_else(|| self.label.as_deref().map(str::to_owned))
    }

    /// Whether something of an account is its own, which it is until its id is known.
    pub(crate) fn may_own(&self, id: &str) -> bool {
        self.id.load().as_deref().is_none_or(|own| own == id)
    }
}

/// The account of keys: as their source says, else as the access key id does.
pub(crate) fn id_of(keys: &Credentials) -> Option<String> {
    let told = keys.account_id().map(|id| id.as_str().to_owned());
    told.or_else(|| of_key(keys.access_key_id()))
}

/// The account in an ARN.
#[must_use]
pub fn of_arn(arn: &str) -> Option<&str> {
    let account = arn.strip_prefix("arn:")?.split(':').nth(3)?;
    (!account.is_empty()).then_some(account)
}

/// The account in an access key id: 40 bits of what follows `AKIA` or `ASIA`, in base 32. Keys from before 2019 lack the
/// bit that says so.
#[must_use]
pub fn of_key(key: &str) -> Option<String> {
    let text = key
        .strip_prefix("AKIA")
        .or_else(|| key.strip_prefix("ASIA"))?;
    if text.len() != 16 {
        return None;
    }
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(u64::from(byte - b'A')),
        b'2'..=b'7' => Some(u64::from(byte - b'2' + 26)),
        _ => None,
    };
    // The first 48 of its 80 bits.
    let mut bits = 0;
    for byte in text.bytes().take(10) {
        bits = bits << 5 | digit(byte)?;
    }
    let bits: u64 = bits >> 2;
    let id = (bits >> 7) & 0xff_ffff_ffff;
    (bits >> 47 == 1).then(|| format!("{id:012}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_key_names_its_account() {
        let known = of_key("ASIAQNZGKIQY56JQ7WML");
        assert_eq!(known.as_deref(), Some("029608264753"));
        for none in [
            "",
            "AKID",
            "AKIAIOSFODNN7EXAMPLE",
            "AKIDQNZGKIQY56JQ7WML",
            "ASIAqNZGKIQY56JQ7WML",
        ] {
            assert_eq!(of_key(none), None, "{none}");
        }
    }

    #[test]
    fn an_arn_names_its_account() {
        let profile = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a";
        assert_eq!(of_arn(profile), Some("123456789012"));
        for none in [
            "arn:aws:bedrock:us-east-1::foundation-model/a",
            "us.a",
            "arn:aws",
        ] {
            assert_eq!(of_arn(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_learnt_is_known_to_clones_and_a_label_stands_in_before() {
        let account = Account::default();
        let shown = account.labelled(Some("session 2"));
        assert_eq!(shown.name().as_deref(), Some("session 2"));
        assert!(shown.may_own("123456789012"));
        account.learn(Some("123456789012".into()));
        assert_eq!(shown.name().as_deref(), Some("123456789012"));
        assert!(shown.may_own("123456789012") && !shown.may_own("210987654321"));
    }
}
