use super::*;

const SECOND: Duration = Duration::from_secs(1);

struct Tried {
    breaker: Breaker,
    now: Instant,
}

impl Tried {
    fn new(options: BreakerOptions) -> Self {
        Self {
            breaker: Breaker::new(options),
            now: Instant::now(),
        }
    }

    fn phase(&self) -> Phase {
        self.breaker.health(self.now).phase
    }

    /// One call, if it is let through.
    fn call(&mut self, outcome: Outcome) -> bool {
        let (pass, _) = self.breaker.admit(self.now);
        if let Some(pass) = pass {
            self.breaker.record(pass, outcome, self.now, 0.5);
        }
        pass.is_some()
    }
}

fn failed() -> Outcome {
    Outcome::Failed("ServiceUnavailableException".into())
}

fn answered() -> Outcome {
    Outcome::Answered(SECOND)
}

#[test]
fn failures_in_a_row_open_it_and_probes_close_it() {
    let mut tried = Tried::new(BreakerOptions::default());
    for _ in 0..5 {
        assert!(tried.call(failed()));
    }
    assert_eq!(tried.phase(), Phase::Open);
    assert!(!tried.call(answered()));
    let health = tried.breaker.health(tried.now);
    assert_eq!(
        health.reason,
        "5 failures in a row: ServiceUnavailableException"
    );
    assert_eq!(health.open_for, Some(5 * SECOND));
    tried.now += 5 * SECOND;
    assert!(tried.call(answered()));
    assert_eq!(tried.phase(), Phase::HalfOpen);
    assert!(tried.call(answered()));
    assert_eq!(tried.phase(), Phase::Closed);
}

#[test]
fn it_stays_open_twice_as_long_each_time_up_to_a_bound() {
    let mut tried = Tried::new(BreakerOptions::default());
    for _ in 0..5 {
        tried.call(failed());
    }
    for expected in [5, 10, 20, 30, 30] {
        let open_for = tried
            .breaker
            .health(tried.now)
            .open_for
            .expect("it is open");
        assert_eq!(open_for, expected * SECOND);
        tried.now += open_for;
        assert!(tried.call(failed()));
    }
}

#[test]
fn only_so_many_probes_are_let_through_at_once() {
    let mut tried = Tried::new(BreakerOptions::default());
    for _ in 0..5 {
        tried.call(failed());
    }
    tried.now += 5 * SECOND;
    let admit = |tried: &Tried| tried.breaker.admit(tried.now).0;
    let (first, second) = (admit(&tried), admit(&tried));
    assert!(first.is_some() && second.is_some());
    assert_eq!(admit(&tried), None);
    // A probe that was cancelled gives its place back.
    let pass = first.expect("a pass");
    tried.breaker.record(pass, Outcome::Unknown, tried.now, 0.5);
    assert!(admit(&tried).is_some());
}

#[test]
fn rates_count_from_a_minimum_of_calls_on() {
    let mut tried = Tried::new(BreakerOptions::default());
    for _ in 0..4 {
        tried.call(failed());
        tried.call(answered());
    }
    assert_eq!(tried.phase(), Phase::Closed);
    tried.call(answered());
    tried.call(failed());
    assert_eq!(tried.phase(), Phase::Open);
}

#[test]
fn a_target_that_has_room_for_some_is_still_asked() {
    let mut tried = Tried::new(BreakerOptions::default());
    tried.call(answered());
    for _ in 0..6 {
        assert!(tried.call(Outcome::Throttled));
    }
    assert_eq!(tried.phase(), Phase::Closed);
    for _ in 0..3 {
        assert!(tried.call(Outcome::Throttled));
    }
    assert_eq!(tried.phase(), Phase::Open);
    assert_eq!(
        tried.breaker.health(tried.now).reason,
        "9 of 10 calls were throttled"
    );
}

#[test]
fn slow_calls_open_it_where_that_was_asked_for() {
    let options = BreakerOptions {
        slow_after: Some(SECOND),
        ..BreakerOptions::default()
    };
    let mut tried = Tried::new(options);
    for _ in 0..10 {
        tried.call(answered());
    }
    assert_eq!(tried.phase(), Phase::Open);
}

#[test]
fn what_began_before_it_opened_does_not_close_it() {
    let mut tried = Tried::new(BreakerOptions::default());
    let early = tried.breaker.admit(tried.now).0.expect("a pass");
    for _ in 0..5 {
        tried.call(failed());
    }
    tried.now += 5 * SECOND;
    assert!(tried.call(failed()));
    let before = tried.breaker.health(tried.now);
    tried.breaker.record(early, answered(), tried.now, 0.5);
    assert_eq!(tried.breaker.health(tried.now).phase, before.phase);
    assert_eq!(tried.phase(), Phase::Open);
}

#[test]
fn a_used_up_daily_quota_opens_it_for_long() {
    let mut tried = Tried::new(BreakerOptions::default());
    tried.call(Outcome::FailedForLong("the daily quota is used up".into()));
    assert_eq!(
        tried.breaker.health(tried.now).open_for,
        Some(3600 * SECOND)
    );
}

#[test]
fn it_can_be_forced() {
    let mut tried = Tried::new(BreakerOptions::default());
    tried.breaker.force(Some(Phase::Open));
    assert!(!tried.call(answered()));
    tried.breaker.force(Some(Phase::Closed));
    for _ in 0..20 {
        assert!(tried.call(failed()));
    }
    tried.breaker.force(None);
    assert_eq!(tried.phase(), Phase::Closed);
}

/// Whatever happens, it lets no more probes through than allowed, and opens no longer than allowed.
#[test]
fn random_lives_keep_the_rules() {
    for seed in 0..200 {
        let mut random = fastrand::Rng::with_seed(seed);
        let options = BreakerOptions::default();
        let mut tried = Tried::new(options.clone());
        let mut under_way: Vec<Pass> = vec![];
        for _ in 0..300 {
            tried.now += Duration::from_millis(random.u64(0..3000));
            match random.u8(0..4) {
                0 | 1 => under_way.extend(tried.breaker.admit(tried.now).0),
                _ if under_way.is_empty() => {}
                it => {
                    let pass = under_way.swap_remove(random.usize(..under_way.len()));
                    let outcome = match it {
                        2 => failed(),
                        _ if random.bool() => answered(),
                        _ => Outcome::Unknown,
                    };
                    tried.breaker.record(pass, outcome, tried.now, random.f64());
                }
            }
            let inner = tried.breaker.inner();
            assert!(
                inner.probing + inner.probed <= options.probes,
                "seed {seed}"
            );
            if inner.phase == Phase::Open {
                let left = inner
                    .until
                    .expect("an end")
                    .saturating_duration_since(tried.now);
                assert!(left <= options.open_at_most.mul_f64(1.2), "seed {seed}");
            }
        }
    }
}

#[test]
fn a_probe_whose_stream_breaks_off_has_failed() {
    let mut tried = Tried::new(BreakerOptions::default());
    for _ in 0..5 {
        tried.call(failed());
    }
    tried.now += 10 * SECOND;
    let (pass, _) = tried.breaker.admit(tried.now);
    let (_, answer) = tried
        .breaker
        .record(pass.expect("a probe"), answered(), tried.now, 0.5);
    assert_eq!(tried.phase(), Phase::HalfOpen);
    let answer = answer.expect("it was answered");
    let change = tried.breaker.revise(answer, failed(), tried.now, 0.5);
    assert_eq!(change.expect("a change").to, Phase::Open);
    assert!(
        tried
            .breaker
            .health(tried.now)
            .reason
            .starts_with("a probe failed")
    );
}

#[test]
fn an_answer_between_two_broken_streams_breaks_their_row() {
    let mut tried = Tried::new(BreakerOptions::default());
    for _ in 0..4 {
        tried.call(failed());
    }
    let (pass, _) = tried.breaker.admit(tried.now);
    let (_, answer) = tried
        .breaker
        .record(pass.expect("it is closed"), answered(), tried.now, 0.5);
    tried.call(answered());
    let answer = answer.expect("it was answered");
    assert_eq!(tried.breaker.revise(answer, failed(), tried.now, 0.5), None);
    assert_eq!(tried.phase(), Phase::Closed);
    let health = tried.breaker.health(tried.now);
    assert_eq!((health.calls, health.failures), (6, 5));
}
