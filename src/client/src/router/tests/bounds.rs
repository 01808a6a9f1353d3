//! What retries, deadlines and limits must never exceed, whatever the servers do.

use super::{
    super::{
        options::{Concurrency, Hedge, Limits},
        record::Record,
    },
    *,
};

/// The retries in a record: all but a call's first attempt, and its first at a target after another had no room.
fn charged(record: &Record) -> u32 {
    let attempts = &record.attempts;
    let is_retry = |at: &usize| {
        let (before, this) = (&attempts[..*at], &attempts[*at]);
        let is_new = before.iter().all(|it| !it.target.is_same(&this.target));
        !is_new || before[at - 1].error.as_deref() != Some("ThrottlingException")
    };
    let retries = (1..attempts.len()).filter(is_retry).count();
    u32::try_from(retries).expect("few")
}

/// What becomes of one call to so many targets, without anything to retry with.
fn without_a_budget(targets: &[&str], does: &[Does]) -> (Vec<String>, Option<&'static str>) {
    let options = Options {
        retry_budget: 0,
        ..Options::default()
    };
    let time = VirtualTime::default();
    let plan = everywhere(targets, &options);
    let core = core(&time, options, plan);
    let script = does.iter().map(|does| (*does, Duration::ZERO)).collect();
    let servers = Servers::new(&time, script);
    let stopped = match time.run(core.run(&servers, None, 0.0)) {
        Ok(_) => None,
        Err(Error::Routed { record, .. }) => record.stopped,
        Err(error) => panic!("{error}"),
    };
    (servers.sent(), stopped)
}

#[test]
fn another_target_s_room_is_no_retry() {
    let used_up = Some("the retry budget is used up");
    let (sent, stopped) = without_a_budget(
        &["t0", "t1", "t2"],
        &[Does::Throttle, Does::Throttle, Does::Answer],
    );
    assert_eq!((sent.join(" "), stopped), ("t0 t1 t2".into(), None));
    // Coming back is one, and so is going on after a failure, which may have cost the Region work.
    let (sent, stopped) = without_a_budget(&["t0", "t1"], &[Does::Throttle]);
    assert_eq!((sent.join(" "), stopped), ("t0 t1".into(), used_up));
    let (sent, stopped) = without_a_budget(&["t0", "t1"], &[Does::Fail, Does::Answer]);
    assert_eq!((sent.join(" "), stopped), ("t0".into(), used_up));
}

#[test]
fn a_target_that_is_left_alone_has_no_room_to_go_to() {
    let options = Options {
        retry_budget: 0,
        ..Options::default()
    };
    let time = VirtualTime::default();
    let plan = everywhere(&["t0", "t1"], &options);
    let core = core(&time, options, plan);
    open_for_long(&core, &core.plan().targets[1]);
    let servers = Servers::new(&time, vec![(Does::Throttle, Duration::ZERO)]);
    let outcome = time.run(core.run(&servers, None, 0.0));
    assert!(matches!(outcome, Err(Error::Routed { .. })));
    assert_eq!(servers.sent(), ["t0"]);
    assert_eq!(core.budget.left(), 0);
}

/// A first target without room used to leave room for a hundred calls at once, whatever the second had.
#[test]
fn as_many_calls_move_as_another_target_takes() {
    let calls = 300;
    let time = VirtualTime::default();
    let core = core(
        &time,
        Options::default(),
        everywhere(&["t0", "t1"], &Options::default()),
    );
    let mut script = vec![(Does::Throttle, seconds(0.1)); calls];
    script.extend(vec![(Does::Answer, seconds(5.0)); calls]);
    let servers = Arc::new(Servers::new(&time, script));
    time.run(async {
        let calls: Vec<_> = (0..calls)
            .map(|_| {
                let (core, servers) = (Arc::clone(&core), Arc::clone(&servers));
                tokio::spawn(async move { core.run(&*servers, None, 0.0).await.is_ok() })
            })
            .collect();
        for call in calls {
            assert!(call.await.expect("no panic"));
        }
    });
}

proptest! {
    /// No call takes longer than its deadline by more than a tick, its waits for room and its back-offs counted.
    #[test]
    fn deadlines_hold(
        script in script(),
        total in 1_u64..5000,
        hedged in any::<bool>(),
        limited in any::<bool>(),
        repeat_read_timeouts in any::<bool>(),
    ) {
        let total = Duration::from_millis(total);
        let hedge = Hedge { after: Duration::from_millis(100), share: 1.0 };
        let limits = Limits {
            concurrency: Some(Concurrency::Fixed(1)),
            tokens_per_minute: Some(3000),
            longest_wait: Some(Duration::from_mins(1)),
            burndown_rate: None, ..Limits::default() };
        let options = Options {
            total: Some(total),
            hedge: hedged.then_some(hedge),
            limits: if limited { limits } else { Limits::default() },
            repeat_read_timeouts,
            ..Options::default()
        };
        let time = VirtualTime::default();
        let plan = everywhere(&["t0", "t1", "t2"], &options);
        let core = core(&time, options, plan);
        let servers = Arc::new(Servers::new(&time, script));
        let times = time.run(async {
            let calls: Vec<_> = (0..6).map(|_| {
                let (core, servers, time) = (Arc::clone(&core), Arc::clone(&servers), time.clone());
                tokio::spawn(async move {
                    let mut longest = Duration::ZERO;
                    for _ in 0..3 {
                        let before = time.passed();
                        let _ = core.run(&*servers, None, 500.0).await;
                        longest = longest.max(time.passed().saturating_sub(before));
                    }
                    longest
                })
            }).collect();
            let mut times = vec![];
            for call in calls {
                times.push(call.await.expect("no panic"));
            }
            times
        });
        for longest in times {
            prop_assert!(longest <= total + Duration::from_millis(1), "{longest:?}");
        }
    }

    /// The bucket never goes below nothing nor above its capacity, and all retries together cost no more than it holds
    /// and successes bring in.
    #[test]
    fn retries_stay_within_the_budget(script in script(), capacity in 0_u32..60) {
        let options = Options { retry_budget: capacity, ..Options::default() };
        let time = VirtualTime::default();
        let plan = everywhere(&["t0", "t1", "t2"], &options);
        let core = core(&time, options, plan);
        let mut servers = Servers::new(&time, script);
        let highest = Arc::new(std::sync::atomic::AtomicU32::new(0));
        let (seen, of) = (Arc::clone(&highest), Arc::clone(&core));
        // A bucket that was overdrawn would hold four thousand million.
        servers.on_send = Box::new(move |_, _| {
            seen.fetch_max(of.budget.left(), std::sync::atomic::Ordering::Relaxed);
        });
        let servers = Arc::new(servers);
        let calls = 20;
        let (successes, retries) = time.run(async {
            let calls: Vec<_> = (0..calls).map(|_| {
                let (core, servers) = (Arc::clone(&core), Arc::clone(&servers));
                tokio::spawn(async move {
                    match core.run(&*servers, None, 0.0).await {
                        Ok(routed) => (1, charged(&routed.record)),
                        Err(Error::Routed { record, .. }) => (0, charged(&record)),
                        Err(_) => (0, 0),
                    }
                })
            }).collect();
            let mut sums = (0, 0);
            for call in calls {
                let (answered, retries) = call.await.expect("no panic");
                sums = (sums.0 + answered, sums.1 + retries);
            }
            sums
        });
        prop_assert!(highest.load(std::sync::atomic::Ordering::Relaxed) <= capacity);
        prop_assert!(core.budget.left() <= capacity);
        // The cheapest retry takes 5 tokens, and a success gives back 14 at most.
        prop_assert!(retries * 5 <= capacity + successes * 14);
    }

    /// Whatever the breakers say, no more calls are under way to a target than its limit allows.
    #[test]
    fn limits_hold_when_every_breaker_is_open(script in script(), limit in 1_u32..4, open in any::<bool>()) {
        let limits = Limits {
            concurrency: Some(Concurrency::Fixed(limit)),
            longest_wait: Some(Duration::from_mins(1)),
            ..Limits::default()
        };
        let options = Options { limits, pass_denied: true, ..Options::default() };
        let time = VirtualTime::default();
        let plan = everywhere(&["t0", "t1"], &options);
        let core = core(&time, options, plan);
        if open {
            core.plan().targets.iter().for_each(|target| open_for_long(&core, target));
        }
        let servers = Arc::new(Servers::new(&time, script));
        time.run(async {
            let calls: Vec<_> = (0..30).map(|_| {
                let (core, servers) = (Arc::clone(&core), Arc::clone(&servers));
                tokio::spawn(async move { core.run(&*servers, None, 500.0).await.is_ok() })
            }).collect();
            for call in calls {
                call.await.expect("no panic");
            }
        });
        prop_assert!(servers.most() <= limit, "{} under way for {limit}", servers.most());
    }

    /// Whatever happens, all room that was taken is given back.
    #[test]
    fn room_is_given_back(script in script(), total in 1_u64..3000) {
        let limits = Limits {
            concurrency: Some(Concurrency::Fixed(2)),
            tokens_per_minute: Some(10_000),
            longest_wait: Some(Duration::from_secs(5)),
            burndown_rate: None, ..Limits::default() };
        let options = Options { limits, total: Some(Duration::from_millis(total)), ..Options::default() };
        let time = VirtualTime::default();
        let plan = everywhere(&["t0", "t1"], &options);
        let core = core(&time, options, plan);
        let servers = Arc::new(Servers::new(&time, script));
        time.run(async {
            let calls: Vec<_> = (0..12).map(|_| {
                let (core, servers) = (Arc::clone(&core), Arc::clone(&servers));
                tokio::spawn(async move { core.run(&*servers, None, 500.0).await.is_ok() })
            }).collect();
            for call in calls {
                call.await.expect("no panic");
            }
        });
        for target in &core.plan().targets {
            prop_assert_eq!(target.state.gate.limiter.load(core.clock.now()).under_way, 0);
        }
    }
}
