//! Targets, and where they lead.

use std::{collections::HashMap, sync::Arc};

use super::{
    facts::{Fact, Facts, Row},
    features::Feature,
    source::Source,
    state::State,
    tenants::Tenants,
    terms::Terms,
};
use crate::account::{self, Account};

/// Where a target may be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// In these Regions.
    Regions(Vec<String>),
    /// In every commercial Region, also in those to come.
    Global,
    /// Nobody knows.
    Unknown,
}

/// Which of a router's models a target is of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Its place among them: 0 is the first, the others are next.
    pub number: usize,
    /// What the user called it.
    pub name: Arc<str>,
    /// What it refuses, as far as anybody knows.
    pub refuses: Arc<[Feature]>,
}

/// One model or profile as it is called from one source Region.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where it is called, and who pays.
    pub source: Arc<Source>,
    /// Whose keys call it: the source's account, or the one of what a call brings.
    pub account: Account,
    /// Its place in the user's order: among equals the sources' order counts, or their weights.
    pub rank: usize,
    /// What is sent as `modelId`.
    pub model_id: String,
    /// The model itself, which is what `CountTokens` takes.
    pub base_model: Option<String>,
    /// Which of the router's models it is of.
    pub chosen: Chosen,
    /// Where it may be served.
    pub reach: Reach,
    /// The list that says so.
    pub fact: Fact,
    /// What is known of its source beside.
    pub terms: Terms,
    /// How it fares; routers of one process share it.
    pub state: Arc<State>,
}

impl Target {
    /// Whether it is this one, as another plan may have it.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        // Two sessions may be one account's: what is known of their targets is one, and their projects are not.
        Arc::ptr_eq(&self.state, &other.state) && self.source.number == other.source.number
    }

    /// Whether the account that calls it has it, as far as is known: an application profile is one account's.
    #[must_use]
    pub fn is_own(&self) -> bool {
        account::of_arn(&self.model_id).is_none_or(|owner| self.account.may_own(owner))
    }

    /// What it is and where, for a person.
    #[must_use]
    pub fn shown(&self) -> String {
        let (model_id, region) = (&self.model_id, &self.source.region);
        match self.account.words() {
            Some(account) => format!("{model_id} from {region}, {account}"),
            None => format!("{model_id} from {region}"),
        }
    }
}

/// Which target it is, whatever becomes of its state: it keeps nothing alive.
#[derive(Clone, Debug)]
pub struct TargetId {
    /// Where it is called.
    pub source: Arc<Source>,
    /// Whose keys called it.
    pub account: Account,
    /// What is sent as `modelId`.
    pub model_id: String,
}

impl TargetId {
    pub(super) fn of(target: &Target) -> Self {
        Self {
            source: Arc::clone(&target.source),
            account: target.account.clone(),
            model_id: target.model_id.clone(),
        }
    }

    pub(super) fn is(&self, target: &Target) -> bool {
        self.source.number == target.source.number && self.model_id == target.model_id
    }
}

impl PartialEq for TargetId {
    fn eq(&self, other: &Self) -> bool {
        self.source.number == other.source.number && self.model_id == other.model_id
    }
}

/// The targets in the order of preference. Which of them may be called is asked anew each time.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// All that exist.
    pub targets: Vec<Arc<Target>>,
    /// What callers may name as `modelId`, and which of the router's models that is.
    pub names: HashMap<String, usize>,
}

impl Plan {
    /// The plan for calls that bring credentials of their own; its names stay behind.
    pub(super) fn of_tenants(&self, tenants: &Tenants) -> Self {
        let own = |target: &Arc<Target>| match tenants.of(target.source.session) {
            None => Arc::clone(target),
            Some((who, account)) => Arc::new(Target {
                state: target.state.of(*who, account),
                account: target.account.instead(account),
                ..(**target).clone()
            }),
        };
        Self {
            targets: self.targets.iter().map(own).collect(),
            names: HashMap::new(),
        }
    }

    /// The plan that follows from what is known; `target` makes one of a source and a row.
    #[must_use]
    pub fn of(facts: &Facts, target: impl Fn(usize, Fact, &Row) -> Target) -> Self {
        let rows = facts.rows();
        let targets = rows
            .into_iter()
            .map(|(source, fact, row)| Arc::new(target(source, fact, row)));
        Self {
            targets: targets.collect(),
            names: facts.names(),
        }
    }
}
