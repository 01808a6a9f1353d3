//! Who makes a call, what a rule permits it, and how it is written for other models, as Python says it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use outcrop_client::{
    Credentials,
    router::permit::Verdict,
    settings::Secret,
    signing::{Signer, Signers, Signing},
};
use pyo3::{prelude::*, types::PyDict};

/// An access key, its secret and perhaps a token, or a Bedrock API key.
#[derive(FromPyObject)]
pub enum One {
    Token(String),
    Keys((String, String, Option<String>)),
}

/// The same, or why there is none.
#[derive(FromPyObject)]
pub enum Outcome {
    One(One),
    Failed((String,)),
}

/// What signs a call: for one session, or for each of several, where `None` is the session itself.
#[derive(FromPyObject)]
pub enum Given {
    One(One),
    Each(Vec<Option<Outcome>>),
}

/// The Regions that a rule permits the data of a call to reach.
pub type Permitted = BTreeSet<String>;

/// The arguments of a call as they are for other models of a router, by their numbers; none where it is not for one.
pub type Wording<'py> = BTreeMap<usize, Option<Bound<'py, PyDict>>>;

/// What a call of a router brings beside what signs it.
#[derive(Default)]
pub struct Brought<'py> {
    pub permitted: Option<Permitted>,
    pub rewritten: Option<Wording<'py>>,
    /// What its caller calls the conversation that it is a turn of.
    pub affinity_key: Option<String>,
}

pub fn verdict(permitted: Permitted) -> Arc<Verdict> {
    Arc::new(Verdict(permitted))
}

pub fn signers(given: Given) -> Signers {
    Signers::new(match given {
        Given::One(one) => vec![Signing::By(signer(one))],
        Given::Each(all) => all.into_iter().map(signing).collect(),
    })
}

fn signing(outcome: Option<Outcome>) -> Signing {
    match outcome {
        None => Signing::Session,
        Some(Outcome::One(one)) => Signing::By(signer(one)),
        Some(Outcome::Failed((why,))) => Signing::Failed(why),
    }
}

fn signer(one: One) -> Signer {
    match one {
        One::Token(token) => Signer::Token(Secret::new(token)),
        One::Keys((access_key, secret_key, token)) => Signer::Keys(Credentials::new(
            access_key, secret_key, token, None, "given",
        )),
    }
}
