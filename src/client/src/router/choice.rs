//! Which target a call goes to next, and the wait for room where there is none.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    core::{Core, Held},
    failover::Journey,
    limiter::Room,
    target::Target,
};
use crate::error::Error;

/// What there is for a call now.
enum Choice {
    Go(Held),
    /// No room anywhere; at the earliest after this time, or when a call ends.
    Full(Option<Duration>),
    Nothing(String),
}

impl Core {
    /// A target for the next attempt, with room in it. Waits for room as long as the call may.
    pub(super) async fn place(
        self: &Arc<Self>,
        journey: &mut Journey,
        first: bool,
    ) -> Result<Held, Error> {
        // Whoever comes while others wait waits behind those with earlier deadlines.
        if !first || self.queue.is_empty() {
            match self.choose(journey, None) {
                Choice::Go(held) => return Ok(held),
                Choice::Nothing(reason) => return Err(Error::NoTarget { reason }),
                Choice::Full(_) => {}
            }
        }
        let since = self.clock.now();
        let longest = self.options.limits.longest_wait.map(|wait| since + wait);
        let end = [journey.deadline, longest].into_iter().flatten().min();
        let place = self.queue.join(journey.deadline);
        loop {
            let mut again = None;
            if place.is_first() {
                match self.choose(journey, None) {
                    Choice::Go(held) => {
                        journey.record.waited += self.clock.now() - since;
                        return Ok(held);
                    }
                    Choice::Nothing(reason) => return Err(Error::NoTarget { reason }),
                    Choice::Full(after) => again = after.map(|after| self.clock.now() + after),
                }
                if let (Some(again), Some(end)) = (again, end)
                    && again > end
                {
                    return Err(shed(again - since, "there will be no room in time"));
                }
            }
            tokio::select! {
                () = place.rung() => {}
                () = self.maybe_until(again) => {}
                () = self.maybe_until(end) => {
                    return Err(shed(self.clock.now() - since, "there was no room in time"));
                }
            }
        }
    }

    pub(super) async fn maybe_until(&self, moment: Option<Instant>) {
        match moment {
            Some(moment) => self.clock.until(moment).await,
            None => std::future::pending().await,
        }
    }

    /// Another target beside `busy`, for a hedge: a healthy one with room, or none.
    pub(super) fn beside(self: &Arc<Self>, journey: &Journey, busy: &Target) -> Option<Held> {
        match self.choose(journey, Some(busy)) {
            Choice::Go(held) => Some(held),
            _ => None,
        }
    }

    fn choose(self: &Arc<Self>, journey: &Journey, beside: Option<&Target>) -> Choice {
        let now = self.clock.now();
        // The plan of this moment, not of the call's beginning: residency holds at every failover.
        let plan = self.plan();
        let mut allowed: Vec<(u32, &Arc<Target>)> = plan
            .targets
            .iter()
            .filter(|target| plan.permits(target))
            .filter(|it| beside.is_none_or(|busy| !Arc::ptr_eq(&busy.state, &it.state)))
            .filter_map(|target| match journey.of(target) {
                Some(tried) if tried.given_up => None,
                tried => Some((tried.map_or(0, |tried| tried.times), target)),
            })
            .collect();
        // Among those tried equally often, the order is the user's.
        allowed.sort_by_key(|(times, _)| *times);
        let mut room: Option<Room> = None;
        for (_, target) in &allowed {
            if let Some(held) = self.enter(journey, target, now, &mut room) {
                return Choice::Go(held);
            }
        }
        match room {
            Some(Room::After(after)) => return Choice::Full(Some(after)),
            Some(_) => return Choice::Full(None),
            None if beside.is_some() => return Choice::Full(None),
            None => {}
        }
        // All are open: the one due soonest is better than none.
        let soonest = allowed
            .iter()
            .filter_map(|(times, target)| Some((*times, target.state.breaker.due(now)?, *target)))
            .min_by_key(|(times, due, _)| (*times, *due));
        match soonest {
            Some((_, _, target)) => {
                let pass = target.state.breaker.bypass();
                let roomed = Self::take_room(journey, target, now) == Room::Taken;
                Choice::Go(Held::new(self, target, pass, journey.demand, roomed))
            }
            None => Choice::Nothing(self.nothing(journey)),
        }
    }

    fn take_room(journey: &Journey, target: &Target, now: Instant) -> Room {
        target.state.limiter.take(journey.demand, now)
    }

    fn enter(
        self: &Arc<Self>,
        journey: &Journey,
        target: &Arc<Target>,
        now: Instant,
        room: &mut Option<Room>,
    ) -> Option<Held> {
        let state = &target.state;
        let well = state.breaker.due(now).is_some_and(|due| due <= now);
        match Self::take_room(journey, target, now) {
            Room::Taken => {}
            full => {
                if well {
                    *room = Some(sooner(*room, full));
                }
                return None;
            }
        }
        let (pass, change) = state.breaker.admit(now);
        self.tell(target, change);
        let Some(pass) = pass else {
            let limiter = &state.limiter;
            limiter.release(journey.demand, Some(0.0), false, now);
            return None;
        };
        Some(Held::new(self, target, pass, journey.demand, true))
    }

    fn nothing(&self, journey: &Journey) -> String {
        let plan = self.plan();
        let reasons: Vec<String> = plan
            .targets
            .iter()
            .map(|target| {
                let why = if !plan.permits(target) {
                    "it may be served outside the residency"
                } else if journey.of(target).is_some_and(|tried| tried.given_up) {
                    "it will not serve this call"
                } else {
                    "its breaker was forced open"
                };
                format!("  {} from {}: {why}", target.model_id, target.region)
            })
            .collect();
        reasons.join("\n")
    }
}

fn sooner(known: Option<Room>, other: Room) -> Room {
    match (known, other) {
        (Some(Room::After(one)), Room::After(other)) => Room::After(one.min(other)),
        (Some(Room::After(one)), _) => Room::After(one),
        (_, other) => other,
    }
}

fn shed(waited: Duration, why: &str) -> Error {
    Error::Overloaded {
        reason: format!(
            "{why} ({:.1} s): send fewer calls at once, raise the limits to your quotas, name more sources, or allow a \
             longer wait",
            waited.as_secs_f64()
        ),
    }
}
