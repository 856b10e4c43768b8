//! How often each client may ask: one strict sliding window a client, in a table that is bounded.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use reweave::limiter::Limiter;

use crate::client::Client;
use crate::error::{Refusal, Result};

/// Clients that are remembered at once: a few megabytes.
const MAX_CLIENTS: usize = 10_000;

/// The limiters of those who asked in the last second, and of some others until room is needed.
pub(crate) struct Rates {
    per_second: u32,
    limiters: Mutex<HashMap<Client, Limiter>>,
}

impl Rates {
    pub(crate) fn new(per_second: u32) -> Self {
        Self { per_second, limiters: Mutex::default() }
    }

    /// Counts one request of a client at `now`, in milliseconds of a monotonic clock.
    pub(crate) fn admit(&self, client: Client, now: u64) -> Result<()> {
        // A panic between two statements of this function would leave nothing half done.
        let mut limiters = self.limiters.lock().unwrap_or_else(PoisonError::into_inner);
        if limiters.len() >= MAX_CLIENTS && !limiters.contains_key(&client) {
            limiters.retain(|_, limiter| !limiter.is_idle(now));
        }
        // With every place taken by somebody who asked just now, strangers share one.
        let full = limiters.len() >= MAX_CLIENTS && !limiters.contains_key(&client);
        let client = if full { Client::Unknown } else { client };
        let limiter = limiters.entry(client).or_insert_with(|| Limiter::new(self.per_second));
        limiter.admit(now).map_err(|until| Refusal::Rate {
            per_second: self.per_second,
            retry_after: until.saturating_sub(now).div_ceil(1_000).max(1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(number: usize) -> Client {
        Client::Address(std::net::Ipv4Addr::from_bits(number as u32).into())
    }

    #[test]
    fn each_client_has_its_own_second() {
        let rates = Rates::new(2);
        for now in [0, 900] {
            assert_eq!(rates.admit(client(1), now), Ok(()));
            assert_eq!(rates.admit(client(2), now), Ok(()));
        }
        let refused = Err(Refusal::Rate { per_second: 2, retry_after: 1 });
        assert_eq!(rates.admit(client(1), 999), refused);
        assert_eq!(rates.admit(client(1), 1_000), Ok(()));
        assert_eq!(rates.admit(client(1), 1_001), refused);
        assert_eq!(rates.admit(client(3), 1_001), Ok(()));
    }

    #[test]
    fn the_table_is_bounded_and_forgets_the_idle() {
        let rates = Rates::new(1);
        let size = || rates.limiters.lock().expect("not poisoned").len();
        for number in 0..MAX_CLIENTS {
            assert_eq!(rates.admit(client(number), 0), Ok(()));
        }
        assert_eq!(rates.admit(client(MAX_CLIENTS), 500), Ok(()), "the shared place");
        assert!(rates.admit(client(MAX_CLIENTS + 1), 500).is_err(), "which is taken");
        assert!(rates.admit(client(0), 500).is_err(), "nobody is forgotten early");
        assert_eq!(size(), MAX_CLIENTS + 1);
        assert_eq!(rates.admit(client(MAX_CLIENTS + 2), 1_000), Ok(()));
        assert_eq!(size(), 2, "the shared place of half a second ago, and the new client");
    }
}
