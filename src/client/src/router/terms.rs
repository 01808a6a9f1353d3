//! What else a source has to be, beside where its data goes: the mode of data retention, and the project of its calls.
//!
//! Both are a source's own, an account's in a Region: neither goes along when a call moves on.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{permit::Refused, target::Target};
use crate::{
    account,
    call::{Call, Rewritten},
    error::Error,
    json_check::check,
    model::{Kind, Location, Member},
};

/// Where an operation of the table takes the project.
const MEMBER: &str = "projectIdentifier";
/// Where `InvokeModel` takes it, which anybody may write himself.
const HEADER: &str = "X-Amzn-Bedrock-ProjectIdentifier";

/// What a router's user demands of sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// The modes of data retention that are right; `None` is any, known or not.
    pub retention: Option<BTreeSet<String>>,
    /// The projects of the router's sources, by their numbers: each is one account's in one Region. Where there is any, a
    /// source without one is not called.
    pub projects: BTreeMap<usize, String>,
}

/// What is known of a target's source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// The mode of data retention, where AWS says it: a model's own default is not readable.
    pub retention: Option<String>,
    /// The project that its calls go in, if not in the default one.
    pub project: Option<String>,
}

impl Conditions {
    /// The project of a source's calls, if not the default one.
    #[must_use]
    pub fn project(&self, source: usize) -> Option<&String> {
        let named = self.projects.get(&source);
        named.filter(|project| !is_default(project))
    }

    /// Why a target may not be called, if it may not.
    pub(super) fn refused(&self, target: &Target) -> Option<Refused> {
        if !self.projects.is_empty() {
            let Some(project) = self.projects.get(&target.source.number) else {
                return Some(Refused::NoProject);
            };
            if account::of_arn(project).is_some_and(|owner| !target.account.may_own(owner)) {
                return Some(Refused::ForeignProject);
            }
            if !is_default(project) && target.model_id.contains(":application-inference-profile/") {
                return Some(Refused::ApplicationProfile);
            }
        }
        let right = self.retention.as_ref()?;
        let known = target.terms.retention.as_ref();
        (!known.is_some_and(|mode| right.contains(mode))).then_some(Refused::Retention)
    }

    /// Sees that a call names no project itself, where it would undo what was said of all. `headers` are those that every
    /// call has.
    pub(super) fn check(&self, call: &Call, headers: &[(String, String)]) -> Result<(), Error> {
        if self.projects.is_empty() && self.retention.is_none() {
            return Ok(());
        }
        let in_projects = self.projects.values().any(|it| !is_default(it));
        if in_projects && call.api.is_some() {
            return Err(Error::InvalidArgument {
                reason: "nothing says how a call of OpenAI's or Anthropic's API goes in a project: make a router \
                         without projects for it"
                    .into(),
            });
        }
        if in_projects && self.retention.is_some() && member(call).is_none() {
            return Err(Error::InvalidArgument {
                reason: format!(
                    "{} takes no project, so the account's mode of data retention would count for it and not the \
                     projects': make a client for it, or a router without projects",
                    call.operation.name
                ),
            });
        }
        if is_named(call, headers) {
            return Err(Error::InvalidArgument {
                reason: "the call names a project, which has a mode of data retention of its own and is of one Region \
                         and account: leave projectIdentifier out and give projects= to the router, one for each source"
                    .into(),
            });
        }
        Ok(())
    }
}

/// Whether it is the project that every account has, in which calls go that name none.
fn is_default(project: &str) -> bool {
    project == "default" || project.ends_with(":project/default")
}

impl Terms {
    /// Puts the project into a call, where its operation takes one.
    pub(super) fn put(&self, call: &mut Call) {
        let Some(project) = &self.project else { return };
        match member(call).map(|member| member.location) {
            Some(Location::Body) => {
                let named = Value::from(project.as_str());
                let rest = call.body.strip_prefix(b"{").unwrap_or(b"}");
                let comma = if rest.trim_ascii_start().starts_with(b"}") {
                    ""
                } else {
                    ","
                };
                let mut body = format!("{{\"{MEMBER}\":{named}{comma}").into_bytes();
                body.extend_from_slice(rest);
                call.body = body.into();
            }
            Some(location) => call.located.push((location, project.clone())),
            None => {}
        }
    }
}

/// The member of an operation that takes a project.
fn member(call: &Call) -> Option<&'static Member> {
    match &call.operation.input.kind {
        Kind::Structure(input) if call.api.is_none() => input.member(MEMBER),
        _ => None,
    }
}

/// Whether a call names a project, in whatever place and for whichever of the router's models.
fn is_named(call: &Call, headers: &[(String, String)]) -> bool {
    let rewritten = call.rewritten.iter().flat_map(|it| it.iter()).flatten();
    let rewritten = rewritten.filter_map(|it| match it {
        Rewritten::As { located, body } => Some((located, body)),
        Rewritten::Not => None,
    });
    let written = call.headers.iter().chain(headers);
    let mut written = written.map(|(name, _)| name);
    written.any(|name| name.eq_ignore_ascii_case(HEADER))
        || std::iter::once((&call.located, &call.body))
            .chain(rewritten)
            .any(|(located, body)| is_located(located) || is_in_body(call, body))
}

fn is_located(located: &[(Location, String)]) -> bool {
    let mut modeled = located.iter();
    modeled.any(|(location, _)| matches!(location, Location::Header(HEADER)))
}

fn is_in_body(call: &Call, body: &[u8]) -> bool {
    if call.operation.takes_bytes() || memchr::memmem::find(body, MEMBER.as_bytes()).is_none() {
        return false;
    }
    let mut named = false;
    // Whether the rest is sound is Bedrock's to judge: nothing in it hides a project.
    let _ = check(body, usize::MAX, |name, _| {
        named |= name == MEMBER.as_bytes();
    });
    named
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::*;
    use crate::model::Service;

    fn call(operation: &str, body: &str) -> Call {
        let operation = Service::BedrockRuntime
            .operation(operation)
            .expect("it is one");
        Call {
            body: Bytes::from(body.to_owned()),
            ..Call::new(operation)
        }
    }

    fn in_project() -> Terms {
        Terms {
            project: Some("proj_a\"b".into()),
            ..Terms::default()
        }
    }

    proptest! {
        /// The project is one member more of whatever a body has.
        #[test]
        fn a_project_goes_into_a_body(members in prop::collection::btree_map("[a-z]{1,6}", "[ -~]{0,6}", 0..4)) {
            for operation in ["Converse", "ConverseStream"] {
                let mut expected: serde_json::Map<String, Value> =
                    members.iter().map(|(name, text)| (name.clone(), Value::from(text.as_str()))).collect();
                let mut call = call(operation, &Value::Object(expected.clone()).to_string());
                prop_assert!(!is_named(&call, &[]));
                in_project().put(&mut call);
                expected.insert(MEMBER.into(), "proj_a\"b".into());
                let sent: Value = serde_json::from_slice(&call.body).expect("JSON");
                prop_assert_eq!(sent, Value::Object(expected));
                prop_assert!(is_named(&call, &[]));
            }
        }
    }

    #[test]
    fn a_project_goes_into_a_header_of_bytes() {
        for operation in ["InvokeModel", "InvokeModelWithResponseStream"] {
            let mut call = call(operation, "no JSON");
            in_project().put(&mut call);
            assert_eq!(&call.body[..], b"no JSON");
            assert_eq!(
                call.located,
                [(Location::Header(HEADER), "proj_a\"b".to_owned())]
            );
            assert!(is_named(&call, &[]));
        }
    }

    #[test]
    fn counting_tokens_takes_none() {
        let mut counting = call("CountTokens", "{}");
        in_project().put(&mut counting);
        assert_eq!(&counting.body[..], b"{}");
        assert!(counting.located.is_empty());
    }

    #[test]
    fn a_call_may_not_name_one_where_it_was_said_of_all() {
        let modes = BTreeSet::from(["none".to_owned()]);
        let kept = Conditions {
            retention: Some(modes),
            ..Conditions::default()
        };
        let with_projects = Conditions {
            projects: BTreeMap::from([(0, "proj_a".to_owned())]),
            ..Conditions::default()
        };
        let both = Conditions {
            projects: with_projects.projects.clone(),
            ..kept.clone()
        };
        let header = [(HEADER.to_lowercase(), "proj_b".to_owned())];
        let named = call("Converse", r#"{"a": 1, "projectIdentifier": "proj_b"}"#);
        let plain = call("Converse", r#"{"a": {"projectIdentifier": "proj_b"}}"#);
        for conditions in [&kept, &with_projects, &both] {
            assert!(conditions.check(&named, &[]).is_err());
            assert!(conditions.check(&plain, &header).is_err());
            assert!(
                conditions
                    .check(&call("InvokeModel", "{}"), &header)
                    .is_err()
            );
            assert!(conditions.check(&plain, &[]).is_ok());
        }
        assert!(Conditions::default().check(&named, &header).is_ok());
        let counting = call("CountTokens", "{}");
        assert!(both.check(&counting, &[]).is_err());
        assert!(kept.check(&counting, &[]).is_ok());
        assert!(with_projects.check(&counting, &[]).is_ok());
        let mut adapted = plain.clone();
        let (located, body) = (named.located.clone(), named.body.clone());
        adapted.rewritten = Some([None, Some(Rewritten::As { located, body })].into());
        assert!(with_projects.check(&adapted, &[]).is_err());
    }
}
