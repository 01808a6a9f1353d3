//! How batch jobs fare: what one may hold, how long its states take, and what goes wrong with it on request.

use std::time::Duration;

use serde::Deserialize;

use crate::clock::Instant;
use crate::refusals::Evidence;

/// How long a job takes to stop.
const STOPPING: Duration = Duration::from_secs(5);
/// States after which nothing more happens.
const FINAL: &[&str] = &[
    "Completed",
    "PartiallyCompleted",
    "Failed",
    "Stopped",
    "Expired",
];

/// What the account may ask of a job, and how long one takes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// "Minimum number of records per batch inference job".
    pub minimum_records: usize,
    /// "Records per batch inference job".
    pub records: usize,
    /// "Sum of in-progress and submitted batch inference jobs" of a model; which states count is not documented, and
    /// here all do that are not final.
    pub slots: usize,
    /// Seconds until a job begins.
    pub queued: f64,
    /// Seconds that it takes then.
    pub running: f64,
}

impl Default for Limits {
    /// Service Quotas in 2025 and 2026: 100 records at least (AWS's own message names it), 50,000 at most (AWS's table),
    /// and 20 jobs (its users).
    fn default() -> Self {
        Self {
            minimum_records: 100,
            records: 50_000,
            slots: 20,
            queued: 15.0,
            running: 45.0,
        }
    }
}

impl Limits {
    /// Why a job of so many records fails when it is validated, if it does.
    #[must_use]
    pub fn refusal(&self, arn: &str, records: usize, evidence: Evidence) -> Option<String> {
        if evidence > Evidence::Documented {
            return None;
        }
        let (least, most) = (self.minimum_records, self.records);
        if records < least {
            Some(format!(
                "Batch job {arn} contains less records ({records}) than the required minimum of: {least}"
            ))
        } else if records > most {
            Some(format!(
                "Batch job {arn} contains more records ({records}) than the allowed maximum of: {most}"
            ))
        } else {
            None
        }
    }
}

/// How a job ends.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
pub enum Ending {
    /// All of it is done, whatever became of each record.
    #[default]
    Completed,
    /// It began, and its time ran out.
    PartiallyCompleted,
    /// It could not be begun.
    Failed,
    /// Its time ran out before it began.
    Expired,
}

/// What becomes of a job.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Course {
    /// How it ends.
    pub status: Ending,
    /// The share of its records that fail; which they are depends on the Region and the records' ids alone.
    pub failing: f64,
    /// The share of its records that are done before its time runs out.
    pub done: f64,
    /// What it says when it fails or expires.
    pub message: Option<String>,
    /// Whether its answers come in another order than its records.
    pub shuffled: bool,
}

/// The states of a job, each with the moment at which it begins, in order.
#[derive(Clone, Debug)]
pub struct Timeline(Vec<(Instant, &'static str)>);

impl Timeline {
    /// What is ahead of a job that is made at `created` and may take until `expiry`.
    #[must_use]
    pub fn new(created: Instant, expiry: Instant, limits: &Limits, ending: Ending) -> Self {
        let after = |seconds: f64| created.after(seconds_of(seconds));
        let validated = after(limits.queued * 2.0 / 3.0);
        let mut states = vec![
            (created, "Submitted"),
            (after(limits.queued / 3.0), "Validating"),
            (validated, "Scheduled"),
        ];
        let begins = after(limits.queued);
        match ending {
            Ending::Failed => states[2].1 = "Failed",
            Ending::Expired => states.push((expiry, "Expired")),
            Ending::PartiallyCompleted => {
                states.push((begins, "InProgress"));
                states.push((expiry, "PartiallyCompleted"));
            }
            Ending::Completed => {
                states.push((begins, "InProgress"));
                states.push((after(limits.queued + limits.running), "Completed"));
            }
        }
        Self(states)
    }

    /// The state at a moment, and when it began.
    #[must_use]
    pub fn at(&self, now: Instant) -> (&'static str, Instant) {
        let begun = self.0.iter().rev().find(|(begins, _)| *begins <= now);
        let (begins, state) = *begun.unwrap_or(&self.0[0]);
        (state, begins)
    }

    /// When the last state begins.
    #[must_use]
    pub fn end(&self) -> Instant {
        self.0.last().map(|(begins, _)| *begins).unwrap_or_default()
    }

    /// The share of the work that is done.
    #[must_use]
    pub fn progress(&self, now: Instant) -> f64 {
        let begins = self.0.iter().find(|(_, state)| *state == "InProgress");
        let Some((begins, _)) = begins.filter(|(begins, _)| *begins <= now) else {
            return if is_final(self.at(now).0) { 1.0 } else { 0.0 };
        };
        let whole = self.end().since(*begins).as_secs_f64();
        if whole > 0.0 {
            (now.since(*begins).as_secs_f64() / whole).min(1.0)
        } else {
            1.0
        }
    }

    /// The job is told to stop. Gives when it will have stopped.
    pub fn stop(&mut self, now: Instant) -> Instant {
        let end = now.after(STOPPING);
        self.0.retain(|(begins, _)| *begins <= now);
        self.0.push((now, "Stopping"));
        self.0.push((end, "Stopped"));
        end
    }
}

/// Whether nothing more happens to a job in that state.
#[must_use]
pub fn is_final(state: &str) -> bool {
    FINAL.contains(&state)
}

/// A part of a number of records.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a share of a number of records is such a number"
)]
pub fn share(records: u64, part: f64) -> u64 {
    ((records as f64) * part.clamp(0.0, 1.0)).floor() as u64
}

fn seconds_of(number: f64) -> Duration {
    Duration::try_from_secs_f64(number).unwrap_or(Duration::MAX / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(ending: Ending) -> Vec<&'static str> {
        let created = Instant::from_epoch_seconds(1_000);
        let expiry = created.after(Duration::from_hours(24));
        let timeline = Timeline::new(created, expiry, &Limits::default(), ending);
        [0, 4, 5, 10, 15, 59, 60, 86_399, 86_400]
            .into_iter()
            .map(|seconds| timeline.at(created.after(Duration::from_secs(seconds))).0)
            .collect()
    }

    #[test]
    fn a_job_goes_through_its_states() {
        let begun = ["Submitted", "Submitted", "Validating"];
        let rest = |ending| states(ending)[3..].to_vec();
        assert_eq!(states(Ending::Completed)[..3], begun);
        assert_eq!(
            rest(Ending::Completed),
            [
                "Scheduled",
                "InProgress",
                "InProgress",
                "Completed",
                "Completed",
                "Completed"
            ]
        );
        assert_eq!(rest(Ending::Failed), ["Failed"; 6]);
        assert_eq!(rest(Ending::Expired)[..5], ["Scheduled"; 5]);
        assert_eq!(rest(Ending::Expired)[5], "Expired");
        assert_eq!(rest(Ending::PartiallyCompleted)[1..5], ["InProgress"; 4]);
        assert_eq!(rest(Ending::PartiallyCompleted)[5], "PartiallyCompleted");
    }

    #[test]
    fn a_job_stops_where_it_stands() {
        let created = Instant::from_epoch_seconds(1_000);
        let expiry = created.after(Duration::from_hours(24));
        let mut timeline = Timeline::new(created, expiry, &Limits::default(), Ending::Completed);
        let now = created.after(Duration::from_secs(30));
        assert_eq!(share(300, timeline.progress(now)), 100);
        let end = timeline.stop(now);
        assert_eq!(timeline.at(now).0, "Stopping");
        assert_eq!(timeline.at(end).0, "Stopped");
        assert_eq!(timeline.end(), end);
    }

    #[test]
    fn a_job_holds_neither_too_few_records_nor_too_many() {
        let limits = Limits::default();
        let refused = |records| limits.refusal("arn", records, Evidence::Reported).is_some();
        assert!(refused(99) && !refused(100) && !refused(50_000) && refused(50_001));
        assert_eq!(limits.refusal("arn", 1, Evidence::Recorded), None);
    }
}
