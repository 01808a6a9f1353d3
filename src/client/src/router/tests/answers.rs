//! Answers that turn out to be none: they count once, as what they were.

use super::*;

/// Streams that begin and break off, one after the other, and how the target fares then.
fn cut(streams: u32, outcome: &Outcome) -> (Arc<Core>, crate::router::breaker::Health) {
    let options = Options::default();
    let time = VirtualTime::default();
    let plan = everywhere(&["t0"], &options);
    let core = core(&time, options, plan);
    let servers = Servers::new(&time, vec![(Does::Answer, seconds(0.0))]);
    for _ in 0..streams {
        let mut routed = time.run(core.run(&servers, None, 0.0)).expect("an answer");
        routed.held.report_again(outcome.clone());
        // Whoever says it twice says it once.
        routed.held.report_again(outcome.clone());
    }
    let health = core.plan().targets[0]
        .state
        .breaker
        .health(core.clock.now());
    (core, health)
}

#[test]
fn a_stream_that_broke_off_counts_once() {
    let (_, health) = cut(4, &Outcome::Failed("StreamCutError".into()));
    assert_eq!((health.calls, health.failures), (4, 4));
}

#[test]
fn streams_that_break_off_one_after_the_other_open_the_breaker() {
    let (_, health) = cut(5, &Outcome::Failed("StreamCutError".into()));
    assert_eq!(health.reason, "5 failures in a row: StreamCutError");
}

#[test]
fn a_stream_that_is_throttled_midway_was_throttled() {
    let (_, health) = cut(4, &Outcome::Throttled);
    assert_eq!((health.calls, health.failures, health.throttled), (4, 0, 4));
}
