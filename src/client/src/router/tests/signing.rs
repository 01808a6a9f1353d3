//! Which keys are on the wire: each source's own, whoever is asked before and after.

use aws_credential_types::Credentials;
use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{
    super::{Router, clock::Clock},
    *,
};
use crate::{
    call::Call,
    client::Client,
    model::{Location, Service},
    session::Session,
    settings::{Keys, Secret, Settings},
    signing::{Signer, Signers, Signing},
};

/// Refuses all calls, and notes the access keys that signed them.
async fn refusing() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let noted = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let noted = Arc::clone(&noted);
            tokio::spawn(async move {
                let mut request = vec![];
                while !request.ends_with(b"{}") {
                    let mut piece = [0; 4096];
                    let read = stream.read(&mut piece).await.unwrap_or_default();
                    if read == 0 {
                        return;
                    }
                    request.extend_from_slice(&piece[..read]);
                }
                let text = String::from_utf8_lossy(&request);
                let signed = text
                    .split("Credential=")
                    .nth(1)
                    .and_then(|it| it.split('/').next());
                noted
                    .lock()
                    .expect("no panic")
                    .push(signed.unwrap_or("nobody").to_owned());
                let answer = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";
                let _ = stream.write_all(answer).await;
            });
        }
    });
    (url, seen)
}

fn session(url: &str, key: &str) -> Session {
    let settings = Settings {
        region_name: Some("us-east-1".into()),
        endpoint_url: Some(url.into()),
        keys: Some(Keys {
            access_key_id: key.into(),
            secret_access_key: Secret::new("secret".into()),
            session_token: None,
        }),
        ..Settings::default()
    };
    let background = Arc::new(|| Ok(tokio::runtime::Handle::current()));
    Session::open(settings, background).expect("a session")
}

#[tokio::test]
async fn each_source_is_called_with_its_own_keys() {
    let (url, seen) = refusing().await;
    let sessions = ["AKIDONE", "AKIDTWO", "AKIDENVIRONMENT"].map(|key| session(&url, key));
    let options = Options::default();
    let (mut clients, mut targets) = (vec![], vec![]);
    for (number, (region, whose)) in [
        ("us-east-1", 0),
        ("us-east-1", 1),
        ("us-west-2", 2),
        ("us-west-2", 0),
    ]
    .into_iter()
    .enumerate()
    {
        let connection = sessions[whose].in_region(region, None).expect("a Region");
        let client = Client::new(&connection, Service::BedrockRuntime, &connection.http()).await;
        clients.push(client.expect("a client"));
        targets.push(Arc::new(Target {
            source: Arc::new(Source {
                session: whose,
                asked: whose == 2,
                ..Source::clone(&source(number, region))
            }),
            ..Target::clone(&target("us.model", Reach::Unknown, &options))
        }));
    }
    let core = Core::new(
        options,
        Residency::Unlimited,
        Clock::default(),
        Arc::default(),
    );
    core.set_plan(Plan {
        targets,
        ..Plan::default()
    });
    let router = Router::new(Arc::new(core), clients.into());
    let own = Signer::Keys(Credentials::new(
        "AKIDFUNCTION",
        "secret",
        None,
        None,
        "test",
    ));
    let operation = Service::BedrockRuntime
        .operation("Converse")
        .expect("it exists");
    let call = Call {
        located: vec![(Location::Uri("modelId"), "us.model".into())],
        body: Bytes::from_static(b"{}"),
        credentials: Some(Signers::new(vec![
            Signing::Session,
            Signing::Session,
            Signing::By(own),
        ])),
        ..Call::new(operation)
    };
    router.call(call).await.expect_err("all refuse");
    let seen = seen.lock().expect("no panic").clone();
    assert_eq!(seen, ["AKIDONE", "AKIDTWO", "AKIDFUNCTION", "AKIDONE"]);
}
