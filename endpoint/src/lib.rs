//! The reference endpoint: the image-completion API of the contract, answered by Reweave's own fill or
//! by another endpoint.
//!
//! The modules in reading order, each using only those above it:
//!
//! | module | holds |
//! |---|---|
//! | [`error`] | every refusal, its HTTP status and its stable code |
//! | [`config`] | what an endpoint is made from, opened and checked once at the start |
//! | `store`, `blobs`, `spool` | what outlives the process: records, files; and what comes in |
//! | `secret`, `links` | what is signed here; signed result links |
//! | `site` | the server's own names, its public URL, which origins may use it |
//! | `client`, `keys`, `session`, `rate`, `quota` | who asks, by what right, how often |
//! | `gate` | all of that as one door, passed before a body is read |
//! | `idempotency` | requests that come twice |
//! | `address`, `download` | which addresses a download may connect to; the download itself |
//! | `lenient` | base64 as others write it |
//! | `intake` | body → fields → one checked create request |
//! | `tasks` | the queue, admission, and the work of one task |
//! | `relay` | the same work, done by another endpoint |
//! | `answer` | the contract's envelope |
//! | `headers` | the security headers of every answer |
//! | `openapi` | the description of the API, made from the routes |
//! | `page` | the built page and the headers it is served with |
//! | `routes` | the handlers |
//! | [`app`] | all of it as one router |
//!
//! The rules for rectangles, masks and pictures are those of the `reweave` crate; this crate adds
//! HTTP and nothing else. Limits that the contract names are taken from there.

mod address;
mod answer;
pub mod app;
mod blobs;
mod client;
pub mod config;
mod download;
pub mod error;
mod gate;
mod headers;
mod idempotency;
mod intake;
mod keys;
mod lenient;
mod links;
mod openapi;
mod page;
mod quota;
mod rate;
mod relay;
mod routes;
mod secret;
mod session;
mod site;
mod spool;
mod store;
mod tasks;

pub use app::app;
pub use config::{Access, Config, Options, Stop};
pub use relay::Upstream;
