//! Regions: whether each is up, how much it can serve, how long it takes, and which of several serves a call.

mod window;

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use crate::catalogue::Destinations;
use crate::clock::Instant;
use crate::error::ServiceError;

pub use window::Limits;
use window::Window;

/// How a Region fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// Its endpoint answers and it serves.
    #[default]
    Healthy,
    /// Its endpoint answers, and it has no room for inference: profiles go elsewhere, direct calls are throttled.
    Throttled,
    /// Its endpoint answers 503 to every call, and it serves nothing for others.
    Unavailable,
    /// Its endpoint closes every connection, and it serves nothing for others.
    Unreachable,
}

impl Health {
    /// All of them, by the name that users write.
    pub const NAMES: &'static [(&'static str, Self)] = &[
        ("healthy", Self::Healthy),
        ("throttled", Self::Throttled),
        ("unavailable", Self::Unavailable),
        ("unreachable", Self::Unreachable),
    ];

    /// The health of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, health)| *health)
    }

    /// The name that users write.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(_, health)| *health == self)
            .map_or("healthy", |(name, _)| name)
    }
}

/// What is set for one Region.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whether it is up.
    pub health: Health,
    /// How long it takes to the first byte.
    pub latency: Duration,
    /// What each model can serve here in a minute, whoever asks.
    pub capacity: Limits,
    /// The same for single models, by model id.
    pub model_capacity: HashMap<String, Limits>,
    /// What may be asked of each model or profile through this Region's endpoint in a minute, wherever it is served.
    pub quota: Limits,
}

#[derive(Debug, Default)]
struct Region {
    settings: Settings,
    served: HashMap<String, Window>,
    asked: HashMap<String, Window>,
}

/// Where a call is served, and what it holds there until it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The source Region: the endpoint that was called.
    pub source: String,
    /// The serving Region.
    pub region: String,
    /// The time to the first byte.
    pub latency: Duration,
    model: String,
    asked_as: String,
    reserved: u64,
    placed_at: Instant,
}

/// What a call asks for.
#[derive(Clone, Copy, Debug)]
pub struct Demand<'a> {
    /// The model that serves it.
    pub model: &'a str,
    /// The model or profile that was asked for; it owns the quota.
    pub asked_as: &'a str,
    /// Input tokens and the most that may come out.
    pub tokens: u64,
}

/// All Regions' settings and counts.
#[derive(Debug, Default)]
pub struct Regions {
    regions: Mutex<HashMap<String, Region>>,
    /// What it costs to be served elsewhere than where one asked.
    rerouting: Mutex<Duration>,
}

impl Regions {
    /// Reads or changes what is set for a Region.
    pub fn configure<T>(&self, region: &str, change: impl FnOnce(&mut Settings) -> T) -> T {
        let mut regions = crate::lock(&self.regions);
        change(&mut regions.entry(region.to_owned()).or_default().settings)
    }

    /// Sets what rerouting adds to the first byte.
    pub fn set_rerouting_latency(&self, latency: Duration) {
        *crate::lock(&self.rerouting) = latency;
    }

    /// Forgets what the running minute has served, everywhere.
    pub fn reset_windows(&self) {
        for region in crate::lock(&self.regions).values_mut() {
            region.served.clear();
            region.asked.clear();
        }
    }

    /// The health of a Region.
    #[must_use]
    pub fn health(&self, region: &str) -> Health {
        crate::lock(&self.regions)
            .get(region)
            .map_or(Health::Healthy, |region| region.settings.health)
    }

    /// Finds the Region that serves a call, the source first, then its destinations one by one.
    pub fn place(
        &self,
        source: &str,
        destinations: &Destinations,
        demand: Demand<'_>,
        now: Instant,
    ) -> Result<Placement, ServiceError> {
        let mut regions = crate::lock(&self.regions);
        let own = regions.entry(source.to_owned()).or_default();
        let quota = own.settings.quota;
        if let Some(what) = quota.refusal(own.asked.get(demand.asked_as), demand.tokens, now) {
            return Err(ServiceError::throttled(what));
        }
        let mut refusal = "requests";
        for name in &destinations.regions {
            let region = regions.entry(name.clone()).or_default();
            if region.settings.health != Health::Healthy {
                continue;
            }
            let limits = region
                .settings
                .model_capacity
                .get(demand.model)
                .copied()
                .unwrap_or(region.settings.capacity);
            if let Some(what) = limits.refusal(region.served.get(demand.model), demand.tokens, now)
            {
                refusal = what;
                continue;
            }
            let mut latency = region.settings.latency;
            if limits.any() {
                window_of(&mut region.served, demand.model).take(demand.tokens, now);
            }
            if name != source {
                latency += *crate::lock(&self.rerouting);
            }
            if quota.any() {
                let own = regions.entry(source.to_owned()).or_default();
                window_of(&mut own.asked, demand.asked_as).take(demand.tokens, now);
            }
            return Ok(Placement {
                source: source.to_owned(),
                region: name.clone(),
                latency,
                model: demand.model.to_owned(),
                asked_as: demand.asked_as.to_owned(),
                reserved: demand.tokens,
                placed_at: now,
            });
        }
        Err(ServiceError::throttled(refusal))
    }

    /// Gives back what a call reserved and did not use.
    pub fn settle(&self, placement: &Placement, used: u64) {
        let mut regions = crate::lock(&self.regions);
        if let Some(window) = regions
            .get_mut(&placement.region)
            .and_then(|r| r.served.get_mut(&placement.model))
        {
            window.settle(placement.reserved, used, placement.placed_at);
        }
        if let Some(window) = regions
            .get_mut(&placement.source)
            .and_then(|r| r.asked.get_mut(&placement.asked_as))
        {
            window.settle(placement.reserved, used, placement.placed_at);
        }
    }
}

fn window_of<'a>(windows: &'a mut HashMap<String, Window>, name: &str) -> &'a mut Window {
    if !windows.contains_key(name) {
        windows.insert(name.to_owned(), Window::default());
    }
    windows.get_mut(name).expect("it was just put there")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destinations(names: &[&str]) -> Destinations {
        Destinations {
            regions: names.iter().map(ToString::to_string).collect(),
            global: false,
        }
    }

    fn demand(tokens: u64) -> Demand<'static> {
        Demand {
            model: "m",
            asked_as: "us.m",
            tokens,
        }
    }

    #[test]
    fn the_source_serves_first_then_the_others_one_by_one() {
        let regions = Regions::default();
        for (name, requests) in [("a", 10), ("b", 10), ("c", 5)] {
            regions.configure(name, |settings| settings.capacity.requests = Some(requests));
        }
        let now = Instant::from_epoch_seconds(1_000);
        let all = destinations(&["a", "b", "c"]);
        let served: Vec<_> = (0..40)
            .map(|_| regions.place("a", &all, demand(1), now).map(|p| p.region))
            .collect();
        let count = |name: &str| served.iter().filter(|s| s.as_deref() == Ok(name)).count();
        assert_eq!((count("a"), count("b"), count("c")), (10, 10, 5));
        assert!(served[..10].iter().all(|s| s.as_deref() == Ok("a")));
        assert_eq!(served.iter().filter(|s| s.is_err()).count(), 15);
        let later = now.after(Duration::from_mins(1));
        assert_eq!(
            regions.place("a", &all, demand(1), later).unwrap().region,
            "a"
        );
    }

    #[test]
    fn tokens_are_reserved_and_given_back() {
        let regions = Regions::default();
        regions.configure("a", |settings| settings.capacity.tokens = Some(100));
        let now = Instant::from_epoch_seconds(0);
        let only = destinations(&["a"]);
        let placement = regions.place("a", &only, demand(80), now).unwrap();
        let error = regions.place("a", &only, demand(80), now).unwrap_err();
        assert_eq!(
            error.message,
            "Too many tokens, please wait before trying again."
        );
        regions.settle(&placement, 20);
        regions.place("a", &only, demand(80), now).unwrap();
    }

    #[test]
    fn a_quota_belongs_to_the_source() {
        let regions = Regions::default();
        regions.configure("a", |settings| settings.quota.requests = Some(1));
        let now = Instant::from_epoch_seconds(0);
        let both = destinations(&["a", "b"]);
        regions.place("a", &both, demand(1), now).unwrap();
        assert!(regions.place("a", &both, demand(1), now).is_err());
        regions.place("b", &both, demand(1), now).unwrap();
    }

    #[test]
    fn unhealthy_regions_serve_nothing() {
        let regions = Regions::default();
        regions.configure("a", |settings| settings.health = Health::Throttled);
        regions.set_rerouting_latency(Duration::from_millis(30));
        let placement = regions
            .place(
                "a",
                &destinations(&["a", "b"]),
                demand(1),
                Instant::from_epoch_seconds(0),
            )
            .unwrap();
        assert_eq!(
            (placement.region.as_str(), placement.latency),
            ("b", Duration::from_millis(30))
        );
    }
}
