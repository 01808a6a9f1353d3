//! What Bedrock refuses beyond the shapes of its API: one table, by model and by who says so.
//!
//! `table` has the rules, a line or a few each; the other files find what breaks them. A new finding is a new line.

mod apis;
mod bodies;
mod cache_points;
mod conversation;
mod documents;
mod drafts;
mod limits;
mod media;
mod order;
mod parameters;
pub mod retired;
mod schemas;
mod table;
mod tools;
mod view;

pub use view::{Asked, Form};

use crate::catalogue::Model;
use crate::error::ServiceError;

/// Who says that a rule is one, the weakest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// People who were refused.
    #[default]
    Reported,
    /// The guides of AWS or of the model's provider.
    Documented,
    /// A recorded answer of the service.
    Recorded,
}

impl Evidence {
    /// How strict an emulator is, by the name of the weakest evidence that is enough.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "strict" => Some(Self::Reported),
            "documented" => Some(Self::Documented),
            "recorded" => Some(Self::Recorded),
            _ => None,
        }
    }
}

/// Whose words a refusal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Words {
    /// Bedrock's own.
    Bedrock,
    /// The model's, which Converse hands on with a sentence before them.
    Model,
    /// Bedrock's, as an `AccessDeniedException`.
    Denied,
    /// A refusal that looks like an outage.
    Unavailable,
}

/// Which models a rule is for, by parts of their ids.
#[derive(Clone, Copy, Debug)]
struct Models {
    /// Any of these; none means all.
    of: &'static [&'static str],
    /// None of these.
    but: &'static [&'static str],
}

impl Models {
    fn have(&self, model: &Model) -> bool {
        let holds = |parts: &[&str]| parts.iter().any(|part| model.id.contains(part));
        (self.of.is_empty() || holds(self.of)) && !holds(self.but)
    }
}

/// Finds what breaks a rule, and says so.
type Finds = fn(&Asked<'_>) -> Option<String>;

/// One line of the table.
struct Rule {
    models: Models,
    forms: &'static [Form],
    words: Words,
    evidence: Evidence,
    finds: Finds,
}

impl Rule {
    fn error(&self, asked: &Asked<'_>, text: String) -> ServiceError {
        match self.words {
            Words::Denied => ServiceError::new("AccessDeniedException", text),
            Words::Unavailable => ServiceError::new("ServiceUnavailableException", text),
            Words::Model if asked.form == Form::Converse => {
                ServiceError::validation(format!("The model returned the following errors: {text}"))
            }
            Words::Model | Words::Bedrock => ServiceError::validation(text),
        }
    }
}

/// Refuses what breaks a rule that has at least such evidence.
pub fn check(asked: &Asked<'_>, enough: Evidence) -> Result<(), ServiceError> {
    let rules = table::RULES.iter().filter(|rule| {
        rule.evidence >= enough && rule.forms.contains(&asked.form) && rule.models.have(asked.model)
    });
    for rule in rules {
        if let Some(text) = (rule.finds)(asked) {
            return Err(rule.error(asked, text));
        }
    }
    Ok(())
}
