//! How often requests may be sent or are let in: at most so many in any second.
//!
//! A sliding window over the last times, not a bucket that refills: a bucket lets twice the rate
//! through at the border of two seconds, and an endpoint that counts strictly would refuse the
//! rest. Sans-IO like the task machine: times are milliseconds of any one monotonic clock.

use std::collections::VecDeque;

/// The window, in milliseconds.
const WINDOW: u64 = 1_000;

/// Counts requests of one account.
///
/// *Guarantees*: of the times for which [`Limiter::admit`] said yes, no more than `per_second` lie
/// in any window of one second, as long as the clock does not run backwards.
#[derive(Debug, Clone)]
pub struct Limiter {
    per_second: usize,
    admitted: VecDeque<u64>,
}

impl Limiter {
    /// At most `per_second` in any second; 0 counts as 1.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        Self { per_second: per_second.max(1) as usize, admitted: VecDeque::new() }
    }

    /// Counts one request at `now`.
    ///
    /// # Errors
    /// The time at which the next one would be admitted; this one is then not counted.
    pub fn admit(&mut self, now: u64) -> Result<(), u64> {
        while self.admitted.front().is_some_and(|oldest| oldest.saturating_add(WINDOW) <= now) {
            self.admitted.pop_front();
        }
        match self.admitted.front() {
            Some(oldest) if self.admitted.len() >= self.per_second => Err(oldest.saturating_add(WINDOW)),
            _ => {
                self.admitted.push_back(now);
                Ok(())
            }
        }
    }

    /// Whether nothing was admitted in the last second: then it need not be kept.
    #[must_use]
    pub fn is_idle(&self, now: u64) -> bool {
        self.admitted.back().is_none_or(|last| last.saturating_add(WINDOW) <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(not(target_arch = "wasm32"))]
    use proptest::prelude::*;

    #[test]
    fn a_third_request_waits_for_the_first_to_be_a_second_old() {
        let mut limiter = Limiter::new(2);
        assert_eq!(limiter.admit(100), Ok(()));
        assert_eq!(limiter.admit(900), Ok(()));
        assert_eq!(limiter.admit(1_000), Err(1_100));
        assert_eq!(limiter.admit(1_099), Err(1_100));
        assert_eq!(limiter.admit(1_100), Ok(()));
        assert_eq!(limiter.admit(1_100), Err(1_900));
        assert!(!limiter.is_idle(2_099) && limiter.is_idle(2_100));
    }

    #[test]
    fn none_a_second_would_never_send_and_counts_as_one() {
        let mut limiter = Limiter::new(0);
        assert_eq!((limiter.admit(0), limiter.admit(1)), (Ok(()), Err(1_000)));
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest! {
        #[test]
        fn no_second_holds_more(rate in 1u32..6, steps in prop::collection::vec(0u64..700, 1..200)) {
            let mut limiter = Limiter::new(rate);
            let (mut now, mut admitted) = (0, Vec::new());
            for step in steps {
                now += step;
                match limiter.admit(now) {
                    Ok(()) => admitted.push(now),
                    Err(until) => prop_assert!(until > now && until <= now + WINDOW),
                }
            }
            for window in admitted.windows(rate as usize + 1) {
                prop_assert!(window[rate as usize] - window[0] >= WINDOW);
            }
        }
    }
}
