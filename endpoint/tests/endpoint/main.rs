//! The endpoint over real sockets: one program, so that what the tests share is compiled once.

#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

mod access;
mod addresses;
mod bad;
mod description;
mod doors;
mod idempotency;
mod load;
mod page;
#[cfg(unix)]
mod program;
mod refusals;
mod relay;
#[cfg(unix)]
mod restart;
mod spooling;
mod ways;
