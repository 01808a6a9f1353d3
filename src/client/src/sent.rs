//! When a request may go out again: the one rule, for retries, routers and error texts alike.
//!
//! A prompt that a server took whole is work that AWS bills, whatever becomes of the connection. So it goes out again only
//! if the answer says that it may, if the user does, or if nobody can have worked for it.

use std::time::Duration;

/// A kept connection that ends so soon after a request was written was given up by the server before it read the request:
/// its hang-up was on the way already. No model answers or fails so fast; a round trip to a far Region takes no longer.
const AT_ONCE: Duration = Duration::from_millis(100);

/// How far a request had come when its connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Its last byte was not written, so no server has it whole.
    Partly,
    /// It was written whole, but nobody is paid for it: it only reads, the server said that it had not taken it up, or the
    /// server had hung up before it came.
    Unpaid,
    /// It was written whole, so it was probably paid for.
    Paid,
}

impl Sent {
    /// Whether the request may go out again, as another attempt.
    #[must_use]
    pub fn may_go_again(self) -> bool {
        self != Self::Paid
    }

    /// What an error says of it.
    #[must_use]
    pub fn note(self) -> &'static str {
        match self {
            Self::Partly | Self::Unpaid => "",
            Self::Paid => "; the request had been sent whole, so it was probably paid for",
        }
    }
}

/// What is known of a request under way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passage {
    /// Whether it changes nothing and costs nothing, as a GET.
    pub(crate) reads: bool,
    /// Whether its connection had served others before.
    pub(crate) kept: bool,
    /// How long ago its last byte was written.
    pub(crate) whole: Option<Duration>,
    /// Whether a byte of an answer came.
    pub(crate) heard: bool,
}

impl Passage {
    /// How far it had come, now that its connection has ended.
    pub(crate) fn ended(self) -> Sent {
        let Some(whole) = self.whole else {
            return Sent::Partly;
        };
        let given_up = self.kept && !self.heard && whole < AT_ONCE;
        if self.reads || given_up {
            Sent::Unpaid
        } else {
            Sent::Paid
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_sent_whole_is_paid_for_unless_nobody_can_have_worked_for_it(
            reads: bool, kept: bool, whole in prop::option::of(0_u64..300), heard: bool,
        ) {
            let passage = Passage { reads, kept, whole: whole.map(Duration::from_millis), heard };
            let given_up = kept && !heard && whole.is_some_and(|ago| ago < 100);
            let expected = match whole {
                None => Sent::Partly,
                Some(_) if reads || given_up => Sent::Unpaid,
                Some(_) => Sent::Paid,
            };
            prop_assert_eq!(passage.ended(), expected);
            prop_assert_eq!(expected.may_go_again(), expected.note().is_empty());
        }
    }
}
