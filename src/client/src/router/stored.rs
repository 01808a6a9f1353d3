//! Where a response is stored that nobody here has seen: each source is asked by its id, in the order of preference, before
//! anything is sent that goes on with it.
//!
//! Another process may have made the call that it answers, or this one before it was started anew. A guess would send the
//! conversation to an account and Region that do not have it.

use std::sync::Arc;

use super::{
    Router,
    sending::{Sending, Whole},
    target::Target,
};
use crate::{
    apis::{Api, Asked, RESPONSE},
    call::Call,
    error::Error,
};

impl Router {
    /// Finds out where the responses are that a call goes on with, as far as that is a question.
    ///
    /// # Errors
    ///
    /// Bedrock's own where no source has one, and [`Error::NoTarget`] where one of them did not say.
    pub(super) async fn locate(&self, call: &Call) -> Result<(), Error> {
        let Some(asked) = call.api.as_deref().filter(|it| !it.bound.is_empty()) else {
            return Ok(());
        };
        let unseen = |id: &&String| is_id(id) && !self.core.pins.knows(id);
        let mut unseen = asked.bound.iter().filter(unseen).peekable();
        if unseen.peek().is_none() {
            return Ok(());
        }
        let mut places = self.permitted(call);
        let mut sources = vec![];
        places.retain(|it| {
            let is_new = !sources.contains(&it.source.number);
            sources.push(it.source.number);
            is_new
        });
        if places.len() < 2 {
            return Ok(());
        }
        for id in unseen {
            // Boxed: most calls have no need of it.
            Box::pin(self.find(call, id, &places)).await?;
        }
        Ok(())
    }

    async fn find(&self, call: &Call, id: &str, places: &[Arc<Target>]) -> Result<(), Error> {
        let mut nowhere = None;
        let mut silent = false;
        let mut reasons = vec![];
        for target in places {
            let why = match self.ask(call, id, target).await {
                Ok(()) => {
                    self.core.pins.keep(&[id.to_owned()], target);
                    return Ok(());
                }
                Err(error) if is_not_there(&error) => {
                    nowhere = Some(error);
                    "it has no response of that id".to_owned()
                }
                Err(error) => {
                    silent = true;
                    format!(
                        "it does not say whether it has the response: {}",
                        error.name()
                    )
                }
            };
            reasons.push(format!("  {}: {why}", target.shown()));
        }
        match nowhere {
            Some(error) if !silent => Err(error),
            _ => Err(Error::NoTarget {
                reason: format!(
                    "{}\n  the request goes on with a response that another process made: call again when all of them say, \
                     grant bedrock:GetInvoke where it lacks, or send the whole conversation without previous_response_id",
                    reasons.join("\n")
                ),
            }),
        }
    }

    /// Asks one target whether it has a response.
    async fn ask(&self, call: &Call, id: &str, target: &Arc<Target>) -> Result<(), Error> {
        // It is bound to the target as any call is that goes on with something; no id has a space.
        let bound = vec![format!("{id} of {}", target.source.number)];
        self.core.pins.keep(&bound, target);
        let asked = Asked {
            api: Api::Stored,
            method: "GET".into(),
            target: format!("/openai/v1/responses/{id}"),
            patience: None,
            bound,
            hides_usage: false,
        };
        let get = Call {
            located: call.located.clone(),
            trace: call.trace.clone(),
            credentials: call.credentials.clone(),
            verdict: call.verdict.clone(),
            api: Some(Arc::new(asked)),
            ..Call::new(Api::Stored.operation(false))
        };
        let whole = Sending::<Whole>::new(self, &get);
        let mut routed = self.core.run(&whole, get.model_id(), 0.0).await?;
        routed.held.release(Some(0.0), false);
        Ok(())
    }
}

/// Whether it is the id of a response, and can stand in a path as it is.
fn is_id(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    id.starts_with(RESPONSE) && id.bytes().all(plain)
}

fn is_not_there(error: &Error) -> bool {
    match error {
        Error::Routed { error, .. } => is_not_there(error),
        Error::Service(error) => error.status == 404,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_stand_in_a_path_is_asked_for() {
        assert!(is_id("resp_0a-B") && is_id("resp"));
        for other in [
            "gAAAA",
            "resp/..",
            "resp_1?x",
            "resp_1 of 0",
            "resp_\u{e9}",
            "",
        ] {
            assert!(!is_id(other), "{other}");
        }
    }
}
