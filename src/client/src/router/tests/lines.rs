//! Lines: whatever frees a target wakes the calls that wait for one.

use super::{
    super::{
        breaker::Phase,
        options::{BreakerOptions, Concurrency, Limits},
    },
    *,
};

/// One call at a time to each target; a breaker that opens for long does so for `open` seconds.
fn one_at_a_time(open: f64) -> Options {
    Options {
        limits: Limits {
            concurrency: Some(Concurrency::Fixed(1)),
            longest_wait: Some(seconds(30.0)),
            ..Limits::default()
        },
        breaker: BreakerOptions {
            open_long: seconds(open),
            ..BreakerOptions::default()
        },
        ..Options::default()
    }
}

/// A call waits behind another that takes 20 s at t0, since t1 is left alone; `freeing` happens after a second. Gives
/// who answered the call that waited, and when.
fn waited(open: f64, freeing: impl Fn(&Arc<Core>)) -> (String, Duration) {
    let options = one_at_a_time(open);
    let time = VirtualTime::default();
    let plan = everywhere(&["t0", "t1"], &options);
    let core = core(&time, options, plan);
    open_for_long(&core, &core.plan().targets[1]);
    let script = vec![(Does::Answer, seconds(20.0)), (Does::Answer, seconds(0.0))];
    let servers = Servers::new(&time, script);
    time.run(async {
        let busy = async { drop(core.run(&servers, None, 0.0).await) };
        let waits = async {
            let routed = core.run(&servers, None, 0.0).await.expect("an answer");
            (routed.answer.clone(), time.passed())
        };
        let frees = async {
            time.clock().sleep(seconds(1.0)).await;
            freeing(&core);
        };
        let ((), found, ()) = tokio::join!(busy, waits, frees);
        found
    })
}

#[test]
fn a_call_that_waits_goes_where_a_breaker_becomes_due() {
    let found = waited(1.5, |_| {});
    assert_eq!(found, ("t1".into(), seconds(1.5)));
}

#[test]
fn a_call_that_waits_hears_that_a_breaker_was_forced_closed() {
    let found = waited(3600.0, |core| {
        let target = &core.plan().targets[1];
        let change = target.state.breaker.force(Some(Phase::Closed));
        core.tell(target, Some(change));
    });
    assert_eq!(found, ("t1".into(), seconds(1.0)));
}

#[test]
fn a_call_that_waits_hears_of_a_new_plan_although_others_wait_before_it() {
    let options = one_at_a_time(1.0);
    let time = VirtualTime::default();
    let (plan, other) = (everywhere(&["t0"], &options), everywhere(&["t1"], &options));
    // Another router waits in the same line, and first.
    let (first, second) = (
        core(&time, options.clone(), plan.clone()),
        core(&time, options, plan),
    );
    let servers = Servers::new(&time, vec![(Does::Answer, seconds(20.0))]);
    let found = time.run(async {
        let busy = async { drop(first.run(&servers, None, 0.0).await) };
        let before = async { drop(first.run(&servers, None, 0.0).await) };
        let waits = async {
            let routed = second.run(&servers, None, 0.0).await.expect("an answer");
            (routed.answer.clone(), routed.record.waited)
        };
        let frees = async {
            time.clock().sleep(seconds(1.0)).await;
            second.set_plan(other);
        };
        tokio::join!(busy, before, waits, frees).2
    });
    assert_eq!(found, ("t1".into(), seconds(1.0)));
}

/// Everything in a line goes in the end: nobody starves while there is room somewhere.
#[test]
fn a_region_that_is_well_again_is_used_by_all_who_wait() {
    let options = one_at_a_time(1.0);
    let time = VirtualTime::default();
    let plan = everywhere(&["t0", "t1"], &options);
    let core = core(&time, options, plan);
    open_for_long(&core, &core.plan().targets[1]);
    // The first hangs at t0; the rest are answered quickly wherever they go.
    let mut script = vec![(Does::Answer, seconds(25.0))];
    script.extend(vec![(Does::Answer, seconds(0.1)); 40]);
    let servers = Arc::new(Servers::new(&time, script));
    let last = time.run(async {
        let calls: Vec<_> = (0..41)
            .map(|_| {
                let (core, servers) = (Arc::clone(&core), Arc::clone(&servers));
                let time = time.clone();
                tokio::spawn(async move {
                    let outcome = core.run(&*servers, None, 0.0).await;
                    drop(outcome.expect("an answer"));
                    time.passed()
                })
            })
            .collect();
        let mut times = vec![];
        for call in calls {
            times.push(call.await.expect("no panic"));
        }
        times.into_iter().filter(|it| *it < seconds(25.0)).max()
    });
    assert!(last.expect("some") < seconds(5.5), "{last:?}");
}

#[test]
fn a_call_that_was_shed_tells_how_long_it_waited_and_why() {
    let mut options = one_at_a_time(1.0);
    options.limits.longest_wait = Some(seconds(5.0));
    let time = VirtualTime::default();
    let plan = everywhere(&["t0"], &options);
    let core = core(&time, options, plan);
    let servers = Arc::new(Servers::new(&time, vec![(Does::Answer, seconds(60.0))]));
    let error = time.run(async {
        let busy = async { drop(core.run(&*servers, None, 0.0).await) };
        let shed = async { core.run(&*servers, None, 0.0).await.expect_err("no room") };
        tokio::join!(busy, shed).1
    });
    let Error::Routed { error, record } = error else {
        panic!("a record comes along")
    };
    assert!(matches!(*error, Error::Overloaded { .. }));
    assert_eq!(record.waited, seconds(5.0));
    assert_eq!(record.stopped, Some("there was no room in time"));
    assert!(record.attempts.is_empty());
}

#[test]
fn a_call_that_failed_and_then_found_no_room_says_both() {
    let mut options = one_at_a_time(1.0);
    options.limits.longest_wait = Some(seconds(5.0));
    let time = VirtualTime::default();
    let plan = everywhere(&["t0", "t1"], &options);
    let core = core(&time, options, plan);
    // t1 is busy with the first; the second fails at t0, which is taken out of service meanwhile.
    let script = vec![
        (Does::Answer, seconds(60.0)),
        (Does::Throttle, seconds(1.0)),
    ];
    let mut servers = Servers::new(&time, script);
    servers.on_send = Box::new(|number, target| {
        if number == 1 {
            target.state.breaker.force(Some(Phase::Open));
        }
    });
    let targets = core.plan();
    let force = |at: usize, phase| targets.targets[at].state.breaker.force(phase);
    force(0, Some(Phase::Open));
    let error = time.run(async {
        let busy = async { drop(core.run(&servers, None, 0.0).await) };
        let fails = async {
            force(0, None);
            core.run(&servers, None, 0.0).await.expect_err("no room")
        };
        tokio::join!(busy, fails).1
    });
    let Error::Routed { error, record } = error else {
        panic!("a record comes along")
    };
    assert!(matches!(*error, Error::Service(_)), "{error}");
    assert_eq!(record.attempts.len(), 1);
    assert_eq!(record.waited, seconds(5.0));
    assert_eq!(record.stopped, Some("there was no room in time"));
}
