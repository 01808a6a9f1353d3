//! How long a call waits before it comes back to a target, by AWS's rules of November 2026.

use std::time::Duration;

const AFTER_THROTTLING: f64 = 1.0;
const AFTER_FAILURE: f64 = 0.05;
const LONGEST: f64 = 20.0;
/// Bedrock's own wish is heeded, but for no more than this beyond the jittered pause.
const BEYOND: Duration = Duration::from_secs(5);

/// The pause before coming back for the `round`-th time, from 0. `jitter` is a random number between 0 and 1.
#[must_use]
pub fn pause(round: u32, throttled: bool, retry_after: Option<Duration>, jitter: f64) -> Duration {
    let scale = if throttled {
        AFTER_THROTTLING
    } else {
        AFTER_FAILURE
    };
    let most = (scale * 2_f64.powi(i32::try_from(round).unwrap_or(30))).min(LONGEST);
    let pause = Duration::from_secs_f64(jitter * most);
    retry_after.map_or(pause, |wish| pause.max(wish.min(pause + BEYOND)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_awss() {
        let seconds = Duration::from_secs_f64;
        assert_eq!(pause(0, false, None, 1.0), seconds(0.05));
        assert_eq!(pause(2, true, None, 0.5), seconds(2.0));
        assert_eq!(pause(30, true, None, 1.0), seconds(20.0));
        assert_eq!(pause(0, true, Some(seconds(3.0)), 0.5), seconds(3.0));
        assert_eq!(pause(0, true, Some(seconds(60.0)), 0.5), seconds(5.5));
    }
}
