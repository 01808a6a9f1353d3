//! What a router calls with: connections, the core, and the plan laid out by Python.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU64},
};

use pyo3::prelude::*;

use outcrop_client::{
    account::Account,
    client::Client as Plain,
    model::Service,
    router::{
        Router as Routing,
        assignments::Assignments,
        core::Core,
        facts::{Fact, Facts, Row},
        features::Feature,
        lending::Drawn,
        options::Options,
        source::Source,
        state::{Registry, State, Whose},
        target::{Chosen, Plan, Reach, Target},
        terms::Terms,
    },
    session::Session as Opened,
};

/// A source as Python says it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Said {
    pub region: String,
    /// An endpoint of its own.
    pub url: Option<String>,
    /// The session that signs, by its number among the router's.
    pub session: usize,
    /// Whether a function says who calls.
    pub asked: bool,
    /// What stands for the account while its id is not known.
    pub label: Option<String>,
    /// Who calls, as far as settings and environment tell: whose targets these are.
    pub caller: String,
    /// Whether routers of this process share what they know of them.
    pub shared: bool,
    /// Which of the sources in its Region it is.
    pub nth: usize,
    /// Its weight, where sources have any.
    pub weight: Option<f64>,
}

/// What a child process makes anew: breakers know threads that it does not have.
pub struct Sources {
    pub sessions: Arc<[Opened]>,
    pub places: Vec<Arc<Source>>,
    pub core: Arc<Core>,
    /// The version of the layout that is in force.
    pub version: AtomicU64,
    /// What is known of targets that are not shared: it outlives the plans.
    pub own: Mutex<Registry>,
}

impl Said {
    /// The source, whose connection this is.
    pub fn source(&self, number: usize, connection: &Opened) -> Source {
        // What a function gives may be any account's.
        let account = if self.asked {
            Account::default()
        } else {
            connection.account()
        };
        Source {
            number,
            region: self.region.clone(),
            account: account.labelled(self.label.as_deref()),
            session: self.session,
            asked: self.asked,
            nth: self.nth,
            weight: self.weight,
        }
    }
}

/// The memory of conversations of a router with these sources; its own where it shares nothing with others.
pub fn assignments(said: &[Said], models: &Models) -> Arc<Assignments> {
    let whose = said.iter().map(|it| {
        let is = || format!("{} {} {:?}", it.caller, it.region, it.url);
        it.shared.then(is)
    });
    match whose.collect::<Option<Vec<_>>>() {
        None => Arc::default(),
        Some(whose) => Assignments::shared(&format!("{whose:?} {:?}", models.names)),
    }
}

impl Sources {
    pub fn router(&self, clients: Arc<[Plain]>) -> Routing {
        Routing::new(Arc::clone(&self.core), clients)
    }

    /// On whose quotas a source draws, in words that all processes have in common.
    fn drawn(&self, number: usize, caller: &str) -> Drawn {
        let source = &self.places[number];
        let url = self.sessions[number].endpoint_url(Service::BedrockRuntime);
        let place = (&*source.region, url.ok().flatten());
        let whose = (source.account.clone(), caller);
        Drawn::new(whose, place, self.core.clock.clone())
    }

    /// The plan that follows from what is known.
    pub fn plan(&self, layout: &Layout, said: &[Said], options: &Options, models: &Models) -> Plan {
        let target = |source: usize, fact: Fact, row: &Row| {
            let Row {
                place: rank,
                model_id,
                base_model,
                model,
                refuses,
                quota,
                reach,
                ..
            } = row.clone();
            let Said {
                region,
                url,
                caller,
                shared,
                ..
            } = &said[source];
            let (breaker, limits) = (&options.breaker, &options.limits);
            let url = url.as_deref().unwrap_or_default();
            // What a router keeps to itself, it keeps by account as well.
            let drawn = self.drawn(source, caller);
            let whose = Whose {
                source: &format!("{caller} {region} {url}"),
                model_id: &model_id,
                quota: quota.as_deref(),
                drawn: Some(&drawn),
            };
            let state = if *shared {
                State::shared(&whose, breaker, limits)
            } else {
                let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
                own.state(&whose, breaker, limits)
            };
            let read = quota.and_then(|quota| layout.quotas.get(&(source, quota)));
            if let Some(read) = read {
                state.gate.limiter.set_quotas(*read);
            }
            let terms = Terms {
                retention: layout.facts.retention(source).cloned(),
                project: options.conditions.project(source).cloned(),
            };
            let source = Arc::clone(&self.places[source]);
            Target {
                account: source.account.clone(),
                source,
                rank,
                model_id,
                base_model,
                chosen: Chosen {
                    number: model,
                    name: models.given.get(model).cloned().unwrap_or_default(),
                    refuses,
                },
                reach,
                fact,
                terms,
                state,
            }
        };
        let mut plan = Plan::of(&layout.facts, target);
        // The first of several that a name may mean.
        for (name, number) in models.names.iter().rev() {
            plan.names.insert(name.clone(), *number);
        }
        plan
    }
}

/// The models that a router is for.
pub struct Models {
    /// What the user called them, the first first; nothing where there is but one.
    pub given: Vec<Arc<str>>,
    /// What callers may name as `modelId`, beside what the lists call it, and which of the models that is.
    pub names: Vec<(String, usize)>,
}

/// What a list says, as Python lays it out: the source, the list and its number, and what can be called.
pub type Listed = (usize, u8, u64, Vec<Laid>);

/// Its place in the order, model id, base model, destination Regions, whether it is global; which of the router's models it
/// is of, what that refuses, and the quota that it draws on.
pub type Laid = (
    usize,
    String,
    Option<String>,
    Option<Vec<String>>,
    bool,
    usize,
    Vec<String>,
    Option<String>,
);

/// What is known, whichever process asks.
#[derive(Clone, Default)]
pub struct Layout {
    pub version: u64,
    pub facts: Facts,
    /// Tokens and requests a minute, by source and quota, as they were read.
    pub quotas: HashMap<(usize, String), [Option<f64>; 2]>,
}

/// What AWS says of a source's data retention: the source, its number, and the mode; none is a model's own default.
pub type Retained = (usize, u64, Option<String>);

impl Layout {
    /// Takes modes in that are newer than what is known.
    pub fn retain(&mut self, modes: Vec<Retained>) {
        for (source, number, mode) in modes {
            if self.facts.retain(source, number, mode) {
                self.version += 1;
            }
        }
    }

    /// Takes lists in that are newer than what is known.
    pub fn learn(&mut self, lists: Vec<Listed>) {
        for (source, list, number, rows) in lists {
            let rows = rows.into_iter().map(row).collect();
            if self.facts.learn(source, Fact { list, number }, rows) {
                self.version += 1;
            }
        }
    }
}

fn row((place, model_id, base_model, regions, global, model, refuses, quota): Laid) -> Row {
    let refuses = refuses.iter().filter_map(|name| Feature::named(name));
    Row {
        place,
        model_id,
        base_model,
        model,
        refuses: refuses.collect(),
        quota,
        reach: match regions {
            _ if global => Reach::Global,
            Some(regions) => Reach::Regions(regions),
            None => Reach::Unknown,
        },
    }
}
