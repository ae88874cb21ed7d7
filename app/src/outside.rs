//! Where the system stands in the network: under which address people open it, and who passes their requests on.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;
use ipnet::IpNet;

/// What its owner has set of it.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Whether browsers reach it by https alone.
    pub is_https: bool,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpNet>,
}

impl Outside {
    pub fn is_proxy(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|net| net.contains(&address))
    }

    /// Who asks: the last address of the way that is no proxy of ours. What comes before it anybody may have written.
    fn client(&self, peer: IpAddr, forwarded: &[&str]) -> IpAddr {
        let mut client = peer;
        let mut way = forwarded.iter().flat_map(|text| text.split(',')).rev().map_while(address);
        while self.is_proxy(client) {
            let Some(before) = way.next() else { break };
            client = before;
        }
        client
    }
}

/// From where a request comes: an IPv4 address, or the network of an IPv6 address that one customer has (/64).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(pub String);

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(address.to_string()),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self(format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)))
            }
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Address
where
    Arc<Outside>: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, server: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
        let Some(peer) = peer else { return Ok(Self("here".to_string())) };
        let headers = parts.headers.get_all("x-forwarded-for").iter();
        let forwarded: Vec<&str> = headers.filter_map(|value| value.to_str().ok()).collect();
        Ok(Self::from(Arc::<Outside>::from_ref(server).client(peer, &forwarded)))
    }
}

/// `203.0.113.9`, `203.0.113.9:4711`, `[2001:db8::1]:4711`
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let alone = text.trim_start_matches('[').trim_end_matches(']').parse();
    let address = alone.or_else(|_| text.parse::<SocketAddr>().map(|with_port| with_port.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(proxies: &[&str], peer: &str, forwarded: &str) -> String {
        let proxies = proxies.iter().map(|net| net.parse().expect("a network")).collect();
        let outside = Outside { proxies, ..Outside::default() };
        Address::from(outside.client(address(peer).expect("an address"), &[forwarded])).0
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        let ours = ["10.0.0.0/8"];
        assert_eq!(of(&[], "203.0.113.9", "198.51.100.1"), "203.0.113.9", "whoever writes it himself");
        assert_eq!(of(&ours, "203.0.113.9", "198.51.100.1"), "203.0.113.9");
        assert_eq!(of(&ours, "10.0.0.1", "198.51.100.1"), "198.51.100.1");
        assert_eq!(of(&ours, "10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.7"), "198.51.100.1");
        assert_eq!(of(&ours, "10.0.0.1", "junk, 198.51.100.1"), "198.51.100.1");
        assert_eq!(of(&ours, "10.0.0.1", ""), "10.0.0.1");
        assert_eq!(of(&ours, "::ffff:10.0.0.1", "[2001:db8:1:2:3::4]:4711"), "2001:db8:1:2::/64");
    }
}
