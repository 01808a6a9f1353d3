//! A second target beside a late one.

use super::{
    super::{breaker::Phase, options::Hedge},
    *,
};

/// Two targets, of which the second is asked beside the first after a while.
fn hedging(time: &VirtualTime, after: f64, share: f64) -> Arc<Core> {
    let hedge = Hedge {
        after: seconds(after),
        share,
    };
    let options = Options {
        hedge: Some(hedge),
        ..Options::default()
    };
    let plan = everywhere(&["t0", "t1"], &options);
    core(time, options, plan)
}

#[test]
fn a_late_stream_is_hedged_and_the_loser_cancelled() {
    let time = VirtualTime::default();
    let core = hedging(&time, 0.5, 1.0);
    let servers = Servers::new(
        &time,
        vec![(Does::Answer, seconds(9.0)), (Does::Answer, seconds(0.2))],
    );
    let routed = time.run(core.run(&servers, None, 0.0)).expect("an answer");
    assert_eq!(routed.answer, "t1");
    assert_eq!(time.passed(), seconds(0.7));
    let errors: Vec<_> = routed
        .record
        .attempts
        .iter()
        .map(|it| it.error.as_deref())
        .collect();
    assert_eq!(errors, [Some("Cancelled"), None]);
    assert!(routed.record.hedged);
    // A call that was cancelled says nothing of its target.
    let health = core.plan().targets[0]
        .state
        .breaker
        .health(core.clock.now());
    assert_eq!((health.calls, health.phase), (0, Phase::Closed));
}

#[test]
fn hedges_stay_within_their_share() {
    let time = VirtualTime::default();
    let core = hedging(&time, 0.1, 0.05);
    let servers = Servers::new(&time, vec![(Does::Answer, seconds(1.0))]);
    for _ in 0..200 {
        time.run(core.run(&servers, None, 0.0)).expect("an answer");
    }
    assert_eq!(servers.sent().len(), 210);
}
