//! Which target a call goes to next, and the wait for room where there is none.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    core::{Core, Reservation},
    journey::Journey,
    limiter::{Room, Word},
    queue::Place,
    target::{Plan, Target},
};
use crate::error::Error;

/// What there is for a call now.
enum Choice {
    Go(Reservation),
    Full(Full),
    Nothing(String),
}

/// There is no room where the call may go.
#[derive(Clone, Copy, Default)]
struct Full {
    /// When a quota has refilled enough, if nobody else takes it, or a target that is left alone may be tried.
    after: Option<Duration>,
    /// Whether a call that ends may make room before that.
    when_one_ends: bool,
    /// It is waited for at one target alone, where the conversation is.
    alone: bool,
}

impl Full {
    fn add(this: &mut Option<Self>, room: Room) {
        let full = this.get_or_insert_default();
        match room {
            Room::After(after) => full.not_before(after),
            Room::WhenOneEnds | Room::Taken => full.when_one_ends = true,
        }
    }

    /// The same for a call that waits for room at one target alone, where its conversation is.
    fn at(mut self, journey: &Journey<'_>, target: &Target, now: Instant) -> Option<Self> {
        let sticky = journey.sticky.as_ref()?;
        let until = sticky.waits_for(target, now)?;
        if !journey.tried.is_empty() {
            return None;
        }
        self.not_before(until - now);
        self.alone = true;
        Some(self)
    }

    fn not_before(&mut self, after: Duration) {
        self.after = Some(self.after.map_or(after, |it| it.min(after)));
    }
}

impl Core {
    /// A target for the next attempt, with room in it. Waits for room as long as the call may.
    pub(super) async fn place(
        self: &Arc<Self>,
        journey: &mut Journey<'_>,
    ) -> Result<Reservation, Error> {
        let held = self.room_for(journey).await?;
        self.note_left(journey, &held.target);
        Ok(held)
    }

    async fn room_for(self: &Arc<Self>, journey: &mut Journey<'_>) -> Result<Reservation, Error> {
        let mut alone = match self.choose(journey, None, None) {
            Choice::Go(held) => return Ok(held),
            Choice::Nothing(reason) => return Err(nowhere(journey, reason)),
            Choice::Full(full) => full.alone,
        };
        let since = self.clock.now();
        let longest = self.options.limits.longest_wait.map(|wait| since + wait);
        let end = [journey.deadline, longest].into_iter().flatten().min();
        let mut place = Place::new(journey.deadline);
        loop {
            let plan = self.plan_for(journey);
            let all = self.open_to(journey, &plan);
            // Who waits where its conversation is must not keep others from the rest.
            let lines = all.take(if alone { 1 } else { usize::MAX });
            place.stand_in(lines.map(|(_, target)| &target.state.gate));
            let full = match self.choose(journey, None, Some(&place)) {
                Choice::Go(held) => {
                    journey.record.waited += self.clock.now() - since;
                    return Ok(held);
                }
                Choice::Nothing(reason) => {
                    journey.record.waited += self.clock.now() - since;
                    return Err(nowhere(journey, reason));
                }
                Choice::Full(full) => full,
            };
            if std::mem::replace(&mut alone, full.alone) != full.alone {
                continue;
            }
            let again = full.after.map(|after| self.clock.now() + after);
            if let (Some(again), Some(end), false) = (again, end, full.when_one_ends)
                && again > end
            {
                return Err(self.shed(journey, since, again, "there will be no room in time"));
            }
            tokio::select! {
                () = place.rung() => {}
                () = self.maybe_until(again) => {}
                () = self.maybe_until(end) => {
                    let now = self.clock.now();
                    return Err(self.shed(journey, since, now, "there was no room in time"));
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
    pub(super) fn beside(
        self: &Arc<Self>,
        journey: &Journey<'_>,
        busy: &Target,
    ) -> Option<Reservation> {
        match self.choose(journey, Some(busy), None) {
            Choice::Go(held) => Some(held),
            _ => None,
        }
    }

    /// The targets that a call may go to under a plan, and how often it was there.
    fn open_to<'a>(
        &'a self,
        journey: &'a Journey<'_>,
        plan: &'a Plan,
    ) -> impl Iterator<Item = (u32, &'a Arc<Target>)> {
        plan.targets
            .iter()
            .filter(|target| self.refusal(journey, target).is_none())
            .filter(|target| journey.is_for(target) && journey.bound.admits(target))
            .take(journey.bound.most())
            .filter(|target| journey.may_cure(target))
            .filter_map(|target| match journey.of(target) {
                Some(tried) if tried.given_up => None,
                tried => Some((tried.map_or(0, |tried| tried.times), target)),
            })
    }

    /// Whether there is a healthy target that a call has not been to.
    pub(super) fn has_fresh(&self, journey: &Journey<'_>, plan: &Plan) -> bool {
        let now = self.clock.now();
        let is_well = |target: &Target| target.state.breaker.due(now).is_some_and(|due| due <= now);
        self.open_to(journey, plan)
            .any(|(times, target)| times == 0 && is_well(target))
    }

    fn choose(
        self: &Arc<Self>,
        journey: &Journey<'_>,
        beside: Option<&Target>,
        place: Option<&Place>,
    ) -> Choice {
        let now = self.clock.now();
        // The plan of this moment, not of the call's beginning: residency holds at every failover.
        let plan = self.plan_for(journey);
        let mut allowed: Vec<(u32, &Arc<Target>)> = self
            .open_to(journey, &plan)
            .filter(|(_, it)| {
                beside.is_none_or(|busy| {
                    // Which of two models answers is no matter of who is quicker.
                    busy.chosen.number == it.chosen.number && !Arc::ptr_eq(&busy.state, &it.state)
                })
            })
            .collect();
        // Among those tried equally often, the order is the user's.
        allowed.sort_by_key(|(times, _)| *times);
        let mut full: Option<Full> = None;
        for (at, (_, target)) in allowed.iter().enumerate() {
            if let Some(held) = self.enter(journey, target, place, &mut full) {
                return Choice::Go(held);
            }
            if let Some(full) = full
                && at == 0
                && beside.is_none()
                && let Some(alone) = full.at(journey, target, now)
            {
                return Choice::Full(alone);
            }
        }
        if full.is_none() && beside.is_some() {
            return Choice::Full(Full::default());
        }
        let due = |target: &Arc<Target>| target.state.breaker.due(now);
        if full.is_none() {
            // All are open: the one due soonest is better than none, as far as it has room.
            let soonest = allowed
                .iter()
                .filter_map(|(times, target)| Some((*times, due(target)?, *target)))
                .min_by_key(|(times, due, _)| (*times, *due));
            let Some((_, _, target)) = soonest else {
                return Choice::Nothing(self.nothing(journey));
            };
            match Self::room(journey, target, place, now) {
                Room::Taken => {
                    let pass = target.state.breaker.bypass();
                    return Choice::Go(Reservation::new(self, target, pass, journey.demand));
                }
                room => Full::add(&mut full, room),
            }
        }
        let mut full = full.unwrap_or_default();
        // Whoever waits for room in one target hears when another may be tried again.
        for due in allowed.iter().filter_map(|(_, target)| due(target)) {
            if due > now {
                full.not_before(due - now);
            }
        }
        Choice::Full(full)
    }

    /// Room in a target. Whoever comes while others wait waits behind them; who was sent on has waited already.
    fn room(journey: &Journey<'_>, target: &Target, place: Option<&Place>, now: Instant) -> Room {
        let state = &target.state;
        match place {
            Some(place) if !place.is_first(&state.gate) => Room::WhenOneEnds,
            None if journey.tried.is_empty() && !state.gate.queue.is_empty() => Room::WhenOneEnds,
            _ => state.gate.limiter.take(journey.demand, now),
        }
    }

    fn enter(
        self: &Arc<Self>,
        journey: &Journey<'_>,
        target: &Arc<Target>,
        place: Option<&Place>,
        full: &mut Option<Full>,
    ) -> Option<Reservation> {
        let now = self.clock.now();
        let state = &target.state;
        if state.breaker.due(now).is_none_or(|due| due > now) {
            return None;
        }
        let room = Self::room(journey, target, place, now);
        if room != Room::Taken {
            Full::add(full, room);
            return None;
        }
        let (pass, change) = state.breaker.admit(now);
        self.tell(target, change);
        let Some(pass) = pass else {
            let nothing = Some(0.0);
            let limiter = &state.gate.limiter;
            limiter.release(journey.demand, nothing, Word::Unsent, now);
            return None;
        };
        Some(Reservation::new(self, target, pass, journey.demand))
    }

    /// A call has waited since then; it is told that it would have had to until then.
    fn shed(
        &self,
        journey: &mut Journey<'_>,
        since: Instant,
        until: Instant,
        why: &'static str,
    ) -> Error {
        journey.record.waited += self.clock.now() - since;
        journey.record.stopped = Some(why);
        Error::Overloaded {
            reason: format!(
                "{why} ({:.1} s): send fewer calls at once, raise the limits to your quotas, name more sources, or allow a \
                 longer wait",
                (until - since).as_secs_f64()
            ),
        }
    }

    /// Why a call is not for a target, whatever becomes of it there.
    pub(super) fn why_not(&self, journey: &Journey<'_>, target: &Target) -> Option<String> {
        self.refusal(journey, target)
            .or_else(|| {
                let before = target.chosen.number < journey.model;
                before.then(|| "the call names a model behind it".into())
            })
            .or_else(|| journey.misfit(target))
            .or_else(|| journey.bound.refusal(target))
    }

    fn nothing(&self, journey: &Journey<'_>) -> String {
        let plan = self.plan_of(&journey.tenants);
        let reasons: Vec<String> = plan
            .targets
            .iter()
            .map(|target| {
                let why = if let Some(reason) = self.why_not(journey, target) {
                    reason
                } else if journey.of(target).is_some_and(|tried| tried.given_up) {
                    "it will not serve this call".into()
                } else {
                    "its breaker was forced open".into()
                };
                format!("  {}: {why}", target.shown())
            })
            .collect();
        reasons.join("\n")
    }
}

/// A call has nowhere to go; one that was sent before says so in its record.
fn nowhere(journey: &mut Journey<'_>, reason: String) -> Error {
    if !journey.tried.is_empty() {
        journey.record.stopped = Some("no other target may be called");
    }
    Error::NoTarget { reason }
}
