//! Nothing leaves for a target that nothing may sign: of several accounts each call brings its own keys, and what is one
//! account's goes with no other's. What fits is said here once more, in other words than the router's.

use std::collections::BTreeMap;

use aws_credential_types::Credentials;

use super::{
    super::{
        conversation::Conversation,
        options::Hedge,
        permit::unsigned,
        terms::{Conditions, Terms},
    },
    *,
};
use crate::signing::{Signer, Signers, Signing};

/// Access keys that name their accounts, and one that does not.
const KEYS: [(&str, Option<&str>); 3] = [
    ("AKIARTXV5AHDQAABCDEF", Some("111111111111")),
    ("AKIATHXWWBHDQAABCDEF", None),
    ("AKIDONE", None),
];

/// Whose a session is.
#[derive(Clone, Debug)]
enum Session {
    /// It signs by itself, as the account of this key.
    Itself(usize),
    /// A function gives this key, or fails.
    Function(Option<usize>),
}

fn session() -> impl Strategy<Value = Session> {
    prop_oneof![
        (0..KEYS.len()).prop_map(Session::Itself),
        prop::option::weighted(0.8, 0..KEYS.len()).prop_map(Session::Function),
    ]
}

/// A project by its id, which says nothing of its account, or by its ARN.
fn project() -> impl Strategy<Value = String> {
    let arn = |(account, name)| format!("arn:aws:bedrock:a-1:{account}:project/{name}");
    let accounts = prop::sample::select(vec!["111111111111", "222222222222"]);
    let names = || prop::sample::select(vec!["proj_a", "default"]);
    prop_oneof![
        names().prop_map(String::from),
        (accounts, names()).prop_map(arn)
    ]
}

fn account(key: usize) -> Option<String> {
    crate::account::of_key(KEYS[key].0)
}

fn signing(session: &Session) -> Signing {
    match session {
        Session::Itself(_) => Signing::Session,
        Session::Function(None) => Signing::Failed("LookupError".into()),
        Session::Function(Some(key)) => {
            let keys = Credentials::new(KEYS[*key].0, "secret", None, None, "test");
            Signing::By(Signer::Keys(keys))
        }
    }
}

/// Sees that each request has something to sign it, which may.
struct Watched<'a> {
    servers: &'a Servers,
    sessions: &'a [Session],
    signers: Option<Signers>,
    conversation: Option<Conversation>,
}

impl Transport for Watched<'_> {
    type Answer = String;

    fn signers(&self) -> Option<&Signers> {
        self.signers.as_ref()
    }

    fn conversation(&self) -> Option<Conversation> {
        self.conversation
    }

    async fn send(&self, permit: Permit) -> Result<String, Lost> {
        let target = permit.target();
        let key = match &self.sessions[target.source.session] {
            Session::Itself(key) => *key,
            Session::Function(key) => {
                assert!(self.signers.is_some(), "nobody was asked");
                key.expect("its function failed")
            }
        };
        let own = account(key);
        assert_eq!(target.account.id(), own);
        if let (Some(owner), Some(own)) =
            (target.model_id.strip_prefix("arn:aws:bedrock:a-1:"), own)
        {
            assert!(owner.starts_with(&own), "{owner} with keys of {own}");
        }
        let project = target.terms.project.as_deref();
        let owner = project.and_then(crate::account::of_arn);
        if let (Some(owner), Some(own)) = (owner, target.account.id()) {
            assert_eq!(owner, own, "a project with another account's keys");
        }
        self.servers.send(permit).await
    }

    fn url(&self, target: &Target) -> String {
        self.servers.url(target)
    }

    fn may_hedge(&self) -> bool {
        true
    }

    fn request_id(&self, answer: &String) -> Option<String> {
        self.servers.request_id(answer)
    }
}

fn sourced(number: usize, session: usize, sessions: &[Session]) -> Source {
    let (asked, account) = match &sessions[session] {
        Session::Itself(key) => (false, Account::of(account(*key))),
        Session::Function(_) => (true, Account::default()),
    };
    Source {
        number,
        region: "a-1".into(),
        account,
        session,
        asked,
        ..Source::default()
    }
}

fn model(owner: Option<u8>) -> String {
    match owner {
        None => "us.model".into(),
        Some(digit) => {
            let account = digit.to_string().repeat(12);
            format!("arn:aws:bedrock:a-1:{account}:application-inference-profile/a")
        }
    }
}

proptest! {
    #[test]
    fn nothing_leaves_that_nothing_may_sign(
        sessions in prop::collection::vec(session(), 1..4),
        sources in prop::collection::vec(
            (0_usize..4, prop::option::of(1_u8..3), prop::option::weighted(0.8, project())),
            1..6,
        ),
        in_projects in any::<bool>(),
        asked in prop::bool::weighted(0.9),
        hedged in any::<bool>(),
        script in script(),
        weights in prop::collection::vec(prop::option::of(0.0..3.0_f64), 6),
        stays in prop::option::of(any::<bool>()),
    ) {
        let time = VirtualTime::default();
        let named = sources.iter().enumerate().filter_map(|(number, (.., it))| Some((number, it.clone()?)));
        let projects: BTreeMap<usize, String> = named.filter(|_| in_projects).collect();
        let options = Options {
            pass_denied: true,
            conditions: Conditions { projects: projects.clone(), ..Conditions::default() },
            hedge: hedged.then_some(Hedge { after: Duration::from_millis(500), share: 1.0 }),
            ..Options::default()
        };
        let targets: Vec<_> = sources.iter().enumerate().map(|(number, (session, owner, _))| {
            let source = sourced(number, session % sessions.len(), &sessions);
            let source = Arc::new(Source { weight: weights[number], nth: number, ..source });
            let project = options.conditions.project(number).cloned();
            Arc::new(Target {
                account: source.account.clone(),
                terms: Terms { project, ..Terms::default() },
                source,
                ..Target::clone(&target(&model(*owner), Reach::Unknown, &options))
            })
        }).collect();
        let core = core(&time, options, Plan { targets: targets.clone(), ..Plan::default() });
        let servers = Servers::new(&time, script);
        let functions = sessions.iter().any(|it| matches!(it, Session::Function(_)));
        let signers = (functions && asked).then(|| Signers::new(sessions.iter().map(signing).collect()));
        let conversation = stays.map(|stays| Conversation { id: [1; 32], lifetime: Duration::from_mins(5), stays });
        let watched = Watched { servers: &servers, sessions: &sessions, signers, conversation };
        time.run(async {
            for _ in 0..4 {
                let _ = core.run(&watched, None, 0.0).await;
            }
        });
        // A call that may go somewhere does.
        let may = targets.iter().any(|target| {
            let key = match &sessions[target.source.session] {
                Session::Itself(key) | Session::Function(Some(key)) => *key,
                Session::Function(None) => return false,
            };
            let asked = matches!(sessions[target.source.session], Session::Itself(_)) || asked;
            let owner = crate::account::of_arn(&target.model_id);
            let own = account(key);
            let project = projects.get(&target.source.number);
            let in_one = project.is_some_and(|it| !it.ends_with("default"));
            let right = projects.is_empty() || project.is_some() && !(in_one && owner.is_some());
            let owners = [owner, project.and_then(|it| crate::account::of_arn(it))];
            let mut owners = owners.into_iter().flatten();
            asked && right && owners.all(|owner| own.as_deref().is_none_or(|own| owner == own))
        });
        prop_assert_eq!(may, !servers.sent().is_empty());
    }
}

#[test]
fn why_nothing_signs_is_said() {
    let options = Options::default();
    let of = |session: &Session, owner| {
        let sessions = [session.clone()];
        let source = Arc::new(sourced(0, 0, &sessions));
        Target {
            account: source.account.clone(),
            source,
            ..Target::clone(&target(&model(owner), Reach::Unknown, &options))
        }
    };
    let failing = Session::Function(None);
    let failed = Signers::new(vec![signing(&failing)]);
    for (session, owner, signers, why) in [
        (
            failing.clone(),
            None,
            Some(&failed),
            "the function that says who calls failed: LookupError",
        ),
        (
            failing,
            None,
            None,
            "the function that says who calls was not asked",
        ),
        (
            Session::Itself(0),
            Some(2),
            None,
            "it belongs to account 222222222222, and its keys would be another account's",
        ),
    ] {
        let target = of(&session, owner);
        assert_eq!(unsigned(signers, &target).as_deref(), Some(why));
        assert!(permit(signers, &target).is_none(), "{why}");
    }
    for session in [Session::Itself(0), Session::Itself(2)] {
        let target = of(&session, Some(1));
        assert_eq!(unsigned(None, &target), None);
        assert!(permit(None, &target).is_some());
    }
}

#[test]
fn a_project_goes_with_its_account_s_keys() {
    let options = Options::default();
    let sessions = [Session::Itself(0), Session::Itself(1), Session::Itself(2)];
    let project = "arn:aws:bedrock:a-1:111111111111:project/proj_a";
    let conditions = Conditions {
        projects: (0..3).map(|number| (number, project.to_owned())).collect(),
        ..Conditions::default()
    };
    for (number, may) in [(0, true), (1, false), (2, true)] {
        let source = Arc::new(sourced(number, number, &sessions));
        let mut target = Target {
            account: source.account.clone(),
            source,
            ..Target::clone(&target("us.model", Reach::Unknown, &options))
        };
        assert_eq!(conditions.refused(&target).is_none(), may, "{number}");
        assert_eq!(permitted(&conditions, None, &target).is_some(), may);
        // Keys that a call brings are another account's.
        target.account = Account::of(Some("222222222222".into()));
        let refused = conditions.refused(&target).expect("it is");
        assert_eq!(
            refused.in_words(&conditions, &target),
            format!(
                "the project {project} belongs to account 111111111111, and the keys would be another account's"
            )
        );
        assert!(permitted(&conditions, None, &target).is_none());
    }
}

#[test]
fn keys_that_are_not_taken_cost_their_own_account_alone() {
    let options = Options::default();
    let sessions = [Session::Itself(0), Session::Itself(1)];
    let of = |numbers: &[usize]| {
        let targets = numbers.iter().enumerate().map(|(number, session)| {
            let source = Arc::new(sourced(number, *session, &sessions));
            Arc::new(Target {
                account: source.account.clone(),
                source,
                ..Target::clone(&target(&format!("t{number}"), Reach::Unknown, &options))
            })
        });
        Plan {
            targets: targets.collect(),
            ..Plan::default()
        }
    };
    let name = |number: &usize| format!("t{number}");
    for (places, script, goes, answered) in [
        // The first account is asked once for both of its sources.
        (
            vec![0, 0, 1],
            vec![Does::Disown, Does::Answer],
            vec![0, 2],
            true,
        ),
        (
            vec![0, 1],
            vec![Does::Disown, Does::Disown],
            vec![0, 1],
            false,
        ),
        // Where all are one account's, it is the caller's to know.
        (vec![0, 0], vec![Does::Disown, Does::Answer], vec![0], false),
    ] {
        let time = VirtualTime::default();
        let core = core(&time, options.clone(), of(&places));
        let script = script.into_iter().map(|does| (does, Duration::ZERO));
        let servers = Servers::new(&time, script.collect());
        let outcome = time.run(core.run(&servers, None, 0.0));
        assert_eq!(servers.sent(), goes.iter().map(name).collect::<Vec<_>>());
        assert_eq!(outcome.is_ok(), answered);
    }
}

/// What whoever chose a target by mistake would be given.
fn permit(signers: Option<&Signers>, target: &Target) -> Option<Permit> {
    permitted(&Conditions::default(), signers, target)
}

fn permitted(
    conditions: &Conditions,
    signers: Option<&Signers>,
    target: &Target,
) -> Option<Permit> {
    let plan = Plan {
        targets: vec![Arc::new(target.clone())],
        ..Plan::default()
    };
    let policy = (&Arc::new(Residency::Unlimited), conditions);
    Permit::issue(policy, (None, signers), &plan, target)
}
