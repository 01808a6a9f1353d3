//! Targets, and where they lead.

use std::{collections::HashMap, sync::Arc};

use super::{
    facts::{Fact, Facts, Row},
    features::Feature,
    state::State,
};
use crate::identity::Who;

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
    /// Which of the router's sources it is called through.
    pub source: usize,
    /// That source's Region.
    pub region: String,
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
    /// How it fares; routers of one process share it.
    pub state: Arc<State>,
}

impl Target {
    /// Whether it is this one, as another plan may have it.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.state, &other.state)
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
    /// The plan for the calls of one account, whose names stay behind.
    pub(super) fn of_tenant(&self, tenant: Who) -> Self {
        let own = |target: &Arc<Target>| {
            Arc::new(Target {
                state: target.state.of(tenant),
                ..(**target).clone()
            })
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
