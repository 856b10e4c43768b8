//! Who asks, by address.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;

use crate::error::Refusal;

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Client(pub(crate) IpAddr);

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        // An IPv4 address is the same client through a socket of IPv6.
        peer.map(|ConnectInfo(peer)| Self(peer.ip().to_canonical()))
            .ok_or_else(|| Refusal::internal("it is served without the addresses of its clients"))
    }
}
