//! How long to wait before an unreachable peer is dialled again.
//!
//! Arithmetic only: it holds no clock, no random source and no peer. The caller brings the jitter
//! and does the waiting.

use std::time::Duration;

use crate::limits::{DIAL_BACKOFF_MAX, DIAL_BACKOFF_MIN};

/// Counts failed dials to one peer and says how long to wait after each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DialBackoff {
    failures: u32,
}

impl DialBackoff {
    /// The backoff of a peer whose last `failures` dials have failed.
    pub fn after(failures: u32) -> Self {
        Self { failures }
    }

    /// Counts one more failed dial.
    pub fn fail(&mut self) {
        self.failures = self.failures.saturating_add(1);
    }

    /// Forgets the failures, because a dial succeeded or the peer came to us.
    pub fn succeed(&mut self) {
        self.failures = 0;
    }

    /// The wait before the next dial: nothing before the first failure, then a ceiling that
    /// doubles from 1 s to 5 min, of which `jitter` (uniformly random) picks a point in the upper
    /// half. So neighbours who lost the same relay do not come back in the same second.
    pub fn delay(self, jitter: u32) -> Duration {
        let Some(doublings) = self.failures.checked_sub(1) else {
            return Duration::ZERO;
        };
        // 2^9 s is beyond the cap already; a larger shift would only overflow.
        let ceiling = (DIAL_BACKOFF_MIN * (1 << doublings.min(9))).min(DIAL_BACKOFF_MAX);
        let half = ceiling / 2;
        half + half.mul_f64(f64::from(jitter) / f64::from(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(failures: u32, jitter: u32, expect_ms: f64) {
        let delay = DialBackoff::after(failures).delay(jitter).as_secs_f64() * 1000.0;
        assert_eq!(delay.round(), expect_ms, "after {failures} failures");
    }

    #[test]
    fn doubles_from_a_second_to_five_minutes() {
        check(0, u32::MAX, 0.0);
        check(1, u32::MAX, 1_000.0);
        check(2, u32::MAX, 2_000.0);
        check(9, u32::MAX, 256_000.0);
        check(10, u32::MAX, 300_000.0);
        check(u32::MAX, u32::MAX, 300_000.0);
    }

    #[test]
    fn jitter_reaches_down_to_half() {
        check(1, 0, 500.0);
        check(10, 0, 150_000.0);
        check(3, u32::MAX / 4 * 3, 3_500.0);
    }

    #[test]
    fn success_starts_over() {
        let mut backoff = DialBackoff::default();
        for _ in 0..5 {
            backoff.fail();
        }
        assert_eq!(backoff, DialBackoff::after(5));
        backoff.succeed();
        assert_eq!(backoff.delay(7), Duration::ZERO);
    }
}
