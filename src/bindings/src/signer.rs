//! Who makes a call, what a rule permits it, and how it is written for other models, as Python says it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use outcrop_client::{Credentials, call::Signer, router::permit::Verdict, settings::Secret};
use pyo3::{prelude::*, types::PyDict};

/// An access key, its secret and perhaps a token, or a Bedrock API key.
#[derive(FromPyObject)]
pub enum Given {
    Token(String),
    Keys((String, String, Option<String>)),
}

/// The Regions that a rule permits the data of a call to reach.
pub type Permitted = BTreeSet<String>;

/// The arguments of a call as they are for other models of a router, by their numbers; none where it is not for one.
pub type Wording<'py> = BTreeMap<usize, Option<Bound<'py, PyDict>>>;

pub fn verdict(permitted: Permitted) -> Arc<Verdict> {
    Arc::new(Verdict(permitted))
}

pub fn signer(given: Given) -> Signer {
    match given {
        Given::Token(token) => Signer::Token(Secret::new(token)),
        Given::Keys((access_key, secret_key, token)) => Signer::Keys(Credentials::new(
            access_key, secret_key, token, None, "given",
        )),
    }
}
