//! Sources: a Region, and the account whose keys its calls go out with.

use crate::account::Account;

/// Where calls go, and who pays for them.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Its place among the router's sources: the client of that number calls it, and no other.
    pub number: usize,
    /// The Region whose endpoint is called.
    pub region: String,
    /// Whose quota and bill that is.
    pub account: Account,
    /// Which of the router's sessions signs.
    pub session: usize,
    /// Whether each call brings what signs it, because a function of the program's says who calls.
    pub asked: bool,
    /// Which of the sources in its Region it is: beside the Region what tells sources apart in every process.
    pub nth: usize,
    /// Its weight, where sources have any; 0 gets what no other of its rank can take.
    pub weight: Option<f64>,
}
