//! Who a request counts for: its key where keys are configured, else the address it comes from.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::request::Parts;

use crate::secret::Secret;

/// Somebody who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Client {
    /// The SHA-256 digest of an accepted key.
    Key([u8; 32]),
    /// An IPv4 address, or the first of a /64, which is what one household is given of IPv6.
    Address(IpAddr),
    /// A connection that has no address: all of these together.
    Unknown,
}

impl Client {
    /// The client by its address. Behind a proxy that is the last one of `X-Forwarded-For`, the one
    /// that the proxy itself has written; those before it are whatever the client wrote.
    pub(crate) fn by_address(parts: &Parts, behind_proxy: bool) -> Self {
        let peer = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let told = if behind_proxy { forwarded_for(parts) } else { None };
        told.or_else(peer).map_or(Self::Unknown, |address| Self::Address(whole(address)))
    }

    /// What stands for the client in records and claims: neither key nor address can be read there.
    pub(crate) fn digest(self, secret: &Secret) -> [u8; 32] {
        secret.digest(&format!("client\n{self:?}"))
    }
}

fn forwarded_for(parts: &Parts) -> Option<IpAddr> {
    let last = parts.headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    let last = last.rsplit(',').next()?.trim();
    let bare = last.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(last);
    bare.parse().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

fn whole(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str], behind_proxy: bool) -> Client {
        let mut request = axum::http::Request::builder();
        for value in forwarded {
            request = request.header("x-forwarded-for", *value);
        }
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        parts.extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().expect("an address"), 1)));
        Client::by_address(&parts, behind_proxy)
    }

    fn address(text: &str) -> Client {
        Client::Address(text.parse().expect("an address"))
    }

    #[test]
    fn addresses_of_one_household_are_one_client() {
        assert_eq!(client("10.0.0.1", &[], false), address("10.0.0.1"));
        assert_eq!(client("::ffff:10.0.0.1", &[], false), address("10.0.0.1"));
        assert_eq!(client("2001:db8:1:2:3:4:5:6", &[], false), address("2001:db8:1:2::"));
        assert_ne!(client("2001:db8:1:2::1", &[], false), client("2001:db8:1:3::1", &[], false));
    }

    #[test]
    fn only_behind_a_proxy_is_the_header_believed_and_only_its_end() {
        assert_eq!(client("10.0.0.1", &["1.1.1.1"], false), address("10.0.0.1"));
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 2.2.2.2"], true), address("2.2.2.2"));
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "2.2.2.2,3.3.3.3"], true), address("3.3.3.3"));
        assert_eq!(client("10.0.0.1", &["[2001:db8::1]"], true), address("2001:db8::"));
        assert_eq!(client("10.0.0.1", &["2.2.2.2:80"], true), address("2.2.2.2"));
        for nothing in ["", "unknown", "1.1.1.1, _hidden"] {
            assert_eq!(client("10.0.0.1", &[nothing], true), address("10.0.0.1"), "{nothing}");
        }
    }
}
