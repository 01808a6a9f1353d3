//! Whether data may go to a target: decided here and nowhere else, at the moment of each send.
//!
//! A router's residency is said once, when it is made. What is known of targets changes, and is asked of the plan in
//! force when a request is about to leave. Where the residency is a rule of the program's, each call brings what the rule
//! answered for it, and no other call can use that.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    facts::Fact,
    target::{Plan, Reach, Target},
    terms::Conditions,
};
use crate::{account, signing::Signers};

/// Where the data of a router may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Residency {
    /// Anywhere.
    #[default]
    Unlimited,
    /// In these Regions.
    Within(BTreeSet<String>),
    /// Where a rule of the program's permits it: each call brings a [`Verdict`].
    Asked,
}

/// The Regions that a rule permitted for one call. One that it was not asked about is not among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict(pub BTreeSet<String>);

impl Residency {
    /// The Regions that the data of a call may reach; `None` is any.
    fn permitted<'a>(&'a self, verdict: Option<&'a Verdict>) -> Option<&'a BTreeSet<String>> {
        /// What a rule permits that nobody asked.
        static NONE: BTreeSet<String> = BTreeSet::new();
        match self {
            Self::Unlimited => None,
            Self::Within(regions) => Some(regions),
            Self::Asked => Some(verdict.map_or(&NONE, |verdict| &verdict.0)),
        }
    }

    /// Whether the data of a call may reach every Region that the target leads to. Its source Region counts, since its
    /// endpoint sees the prompt; unknown destinations are refused, and a global profile fits no finite set.
    #[must_use]
    pub fn permits(&self, verdict: Option<&Verdict>, target: &Target) -> bool {
        let Some(permitted) = self.permitted(verdict) else {
            return true;
        };
        match &target.reach {
            Reach::Regions(regions) => {
                permitted.contains(&target.source.region)
                    && !regions.is_empty()
                    && regions.iter().all(|region| permitted.contains(region))
            }
            Reach::Global | Reach::Unknown => false,
        }
    }

    /// Whether the data of a call may reach a Region.
    #[must_use]
    pub fn permits_region(&self, verdict: Option<&Verdict>, region: &str) -> bool {
        let permitted = self.permitted(verdict);
        permitted.is_none_or(|permitted| permitted.contains(region))
    }

    /// Why a target is refused, in words.
    #[must_use]
    pub fn refusal(&self, verdict: Option<&Verdict>, target: &Target) -> String {
        let outside = |region: &&String| {
            let permitted = self.permitted(verdict);
            permitted.is_some_and(|permitted| !permitted.contains(*region))
        };
        match &target.reach {
            Reach::Global => {
                "a global profile may be served in any commercial Region, which fits no residency"
                    .into()
            }
            Reach::Unknown => "where it may be served is not known".into(),
            Reach::Regions(regions) if regions.is_empty() => {
                "where it may be served is not known".into()
            }
            Reach::Regions(regions) => {
                let outside: Vec<&str> =
                    regions.iter().filter(outside).map(String::as_str).collect();
                if outside.is_empty() {
                    format!(
                        "its source Region {} is outside the residency",
                        target.source.region
                    )
                } else {
                    format!(
                        "it may be served in {}, outside the residency",
                        outside.join(", ")
                    )
                }
            }
        }
    }
}

/// Why nothing may sign what goes to a target: a function that says who calls said nothing, or the target is another
/// account's. `None` if something may.
#[must_use]
pub(super) fn unsigned(signers: Option<&Signers>, target: &Target) -> Option<String> {
    let source = &target.source;
    if let Some(why) = signers.and_then(|it| it.failure(source.session)) {
        return Some(format!("the function that says who calls failed: {why}"));
    }
    if source.asked && signers.and_then(|it| it.of(source.session)).is_none() {
        return Some("the function that says who calls was not asked".into());
    }
    (!target.is_own()).then(|| {
        let owner = account::of_arn(&target.model_id).unwrap_or_default();
        format!("it belongs to account {owner}, and its keys would be another account's")
    })
}

/// Why a source is not what it has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There are projects, and none for it.
    NoProject,
    /// Its project is another account's.
    ForeignProject,
    /// An application profile in a project.
    ApplicationProfile,
    /// Its mode of data retention is another, or nobody knows it.
    Retention,
}

impl Refused {
    /// The same in words.
    #[must_use]
    pub fn in_words(self, conditions: &Conditions, target: &Target) -> String {
        let region = &target.source.region;
        match self {
            Self::NoProject => format!("its source {region} has no project, and others have"),
            Self::ForeignProject => {
                let number = target.source.number;
                let project = conditions.projects.get(&number).map_or("", |it| it);
                let owner = account::of_arn(project).unwrap_or_default();
                format!(
                    "the project {project} belongs to account {owner}, and the keys would be another account's"
                )
            }
            Self::ApplicationProfile => {
                "application profiles go in no project but the default one".into()
            }
            Self::Retention => {
                let right = conditions.retention.iter().flatten();
                let right: Vec<&str> = right.map(String::as_str).collect();
                let right = right.join(" or ");
                match &target.terms.retention {
                    Some(mode) => {
                        format!("data retention in {region} is {mode}, and must be {right}")
                    }
                    None => format!(
                        "the mode of data retention in {region} is not known, and must be {right}"
                    ),
                }
            }
        }
    }
}

/// Leave to send one request to one target. Without it nothing can be sent, and [`Permit::issue`] alone makes it.
#[derive(Debug)]
pub struct Permit {
    target: Arc<Target>,
    residency: Arc<Residency>,
    verdict: Option<Arc<Verdict>>,
}

impl Permit {
    /// A permit for a target as a plan has it now, if the plan has it still, data may go there, and something signs it.
    pub(super) fn issue(
        (residency, conditions): (&Arc<Residency>, &Conditions),
        (verdict, signers): (Option<&Arc<Verdict>>, Option<&Signers>),
        plan: &Plan,
        wanted: &Target,
    ) -> Option<Self> {
        let mut same = plan.targets.iter().filter(|it| it.is_same(wanted));
        let target = same.find(|it| {
            let inside = residency.permits(verdict.map(|it| &**it), it);
            let is_right = inside && conditions.refused(it).is_none();
            is_right && unsigned(signers, it).is_none()
        })?;
        Some(Self {
            target: Arc::clone(target),
            residency: Arc::clone(residency),
            verdict: verdict.cloned(),
        })
    }

    /// Where the request may go.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The list that says where the target leads.
    #[must_use]
    pub fn fact(&self) -> Fact {
        self.target.fact
    }

    /// Where data may be, and for a rule what it said of this call.
    #[must_use]
    pub fn policy(&self) -> (&Residency, Option<&Verdict>) {
        (&self.residency, self.verdict.as_deref())
    }
}
