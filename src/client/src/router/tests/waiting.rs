//! Calls that wait for room: who goes first, and who is shed.

use super::{
    super::options::{Concurrency, Limits},
    *,
};
use crate::router::failover::Routed;

#[test]
fn a_call_that_finds_no_room_waits_and_then_goes() {
    let limits = Limits {
        tokens_per_minute: Some(6000),
        longest_wait: Some(seconds(30.0)),
        burndown_rate: None,
        ..Limits::default()
    };
    let options = Options {
        limits,
        ..Options::default()
    };
    let time = VirtualTime::default();
    let plan = everywhere(&["t0"], &options);
    let core = core(&time, options, plan);
    let servers = Servers::new(&time, vec![(Does::Answer, seconds(1.0))]);
    time.run(core.run(&servers, None, 6000.0))
        .expect("an answer")
        .held
        .release(Some(6000.0), false);
    let routed = time
        .run(core.run(&servers, None, 2000.0))
        .expect("an answer");
    assert!((19.0..21.0).contains(&routed.record.waited.as_secs_f64()));
    drop(routed);
    // And sheds what could not go in time, at once.
    let before = time.passed();
    let error = time
        .run(core.run(&servers, None, 6000.0))
        .expect_err("no room");
    let Error::Routed { error, record } = error else {
        panic!("a record comes along")
    };
    assert!(matches!(*error, Error::Overloaded { .. }), "{error}");
    assert_eq!(record.waited, Duration::ZERO);
    assert_eq!(record.stopped, Some("there will be no room in time"));
    assert_eq!(time.passed(), before);
}

/// One call at a time.
fn one_at_a_time(total: f64, longest_wait: Option<f64>) -> Options {
    let limits = Limits {
        concurrency: Some(Concurrency::Fixed(1)),
        longest_wait: longest_wait.map(seconds),
        burndown_rate: None,
        ..Limits::default()
    };
    Options {
        limits,
        total: Some(seconds(total)),
        ..Options::default()
    }
}

type Order = Arc<Mutex<Vec<&'static str>>>;

fn spawn(
    core: &Arc<Core>,
    servers: &Arc<Servers>,
    name: &'static str,
    order: &Order,
) -> tokio::task::JoinHandle<Result<Routed<String>, Error>> {
    let (core, servers, order) = (Arc::clone(core), Arc::clone(servers), Arc::clone(order));
    tokio::spawn(async move {
        let mut outcome = core.run(&*servers, None, 0.0).await;
        order.lock().expect("no panic").push(name);
        if let Ok(routed) = &mut outcome {
            routed.held.release(None, false);
        }
        outcome
    })
}

/// Two routers with deadlines of their own, before one target whose limits they share.
#[test]
fn the_earliest_deadline_goes_first_whichever_router_it_came_through() {
    let (patient, hurried) = (one_at_a_time(100.0, None), one_at_a_time(10.0, None));
    let time = VirtualTime::default();
    let plan = everywhere(&["t0"], &patient);
    let (patient, hurried) = (
        core(&time, patient, plan.clone()),
        core(&time, hurried, plan),
    );
    let servers = Arc::new(Servers::new(&time, vec![(Does::Answer, seconds(1.0))]));
    let order = Order::default();
    time.run(async {
        let mut calls = vec![];
        for (core, name) in [
            (&patient, "first"),
            (&patient, "patient"),
            (&patient, "more patient"),
            (&hurried, "hurried"),
            (&hurried, "more hurried"),
        ] {
            calls.push(spawn(core, &servers, name, &order));
            // Each comes when those before it are under way or wait.
            tokio::task::yield_now().await;
        }
        for call in calls {
            call.await.expect("no panic").expect("an answer");
        }
    });
    let order = order.lock().expect("no panic");
    let expected = [
        "first",
        "hurried",
        "more hurried",
        "patient",
        "more patient",
    ];
    assert_eq!(*order, expected);
    assert_eq!(time.passed(), seconds(5.0));
}

#[test]
fn a_call_that_waited_long_enough_is_shed() {
    let options = one_at_a_time(100.0, Some(5.0));
    let time = VirtualTime::default();
    let plan = everywhere(&["t0"], &options);
    let core = core(&time, options, plan);
    let servers = Arc::new(Servers::new(&time, vec![(Does::Answer, seconds(60.0))]));
    let order = Order::default();
    let error = time.run(async {
        let first = spawn(&core, &servers, "first", &order);
        tokio::task::yield_now().await;
        let shed = spawn(&core, &servers, "shed", &order)
            .await
            .expect("no panic");
        first.await.expect("no panic").expect("an answer");
        shed.expect_err("no room")
    });
    assert_eq!(
        error.to_string(),
        "the call was shed: there was no room in time (5.0 s): send fewer calls at once, raise the limits to your quotas, name more sources, \
         or allow a longer wait"
    );
    assert_eq!(*order.lock().expect("no panic"), ["shed", "first"]);
    assert_eq!(servers.sent().len(), 1);
}

#[test]
fn a_call_waits_for_another_to_end_although_a_quota_refills_too_late() {
    let limits = Limits {
        concurrency: Some(Concurrency::Fixed(1)),
        tokens_per_minute: Some(600),
        longest_wait: Some(seconds(8.0)),
        burndown_rate: None,
        ..Limits::default()
    };
    let options = Options {
        limits,
        ..Options::default()
    };
    let time = VirtualTime::default();
    let plan = everywhere(&["t0", "t1"], &options);
    let core = core(&time, options, plan);
    let servers = Servers::new(
        &time,
        vec![(Does::Answer, seconds(5.0)), (Does::Answer, seconds(0.0))],
    );
    time.run(async {
        let busy = core.run(&servers, None, 100.0);
        let rest = async {
            // t0 is busy, so this goes to t1 and uses up its tokens.
            let spent = core.run(&servers, None, 600.0).await.expect("an answer");
            assert_eq!(spent.answer, "t1");
            drop(spent);
            core.run(&servers, None, 100.0)
                .await
                .expect("an answer")
                .answer
        };
        let (busy, waited) = tokio::join!(async { drop(busy.await) }, rest);
        let () = busy;
        assert_eq!(waited, "t0");
    });
}

#[test]
fn a_call_that_waits_hears_of_another_plan() {
    let options = one_at_a_time(100.0, None);
    let time = VirtualTime::default();
    let (before, after) = (everywhere(&["t0"], &options), everywhere(&["t1"], &options));
    let core = core(&time, options, before);
    let servers = Arc::new(Servers::new(
        &time,
        vec![(Does::Answer, seconds(60.0)), (Does::Answer, seconds(1.0))],
    ));
    let order = Order::default();
    time.run(async {
        let first = spawn(&core, &servers, "first", &order);
        tokio::task::yield_now().await;
        let second = spawn(&core, &servers, "second", &order);
        tokio::task::yield_now().await;
        core.set_plan(after);
        let routed = second.await.expect("no panic").expect("an answer");
        assert_eq!(routed.answer, "t1");
        first.await.expect("no panic").expect("an answer");
    });
    assert_eq!(*order.lock().expect("no panic"), ["second", "first"]);
}
