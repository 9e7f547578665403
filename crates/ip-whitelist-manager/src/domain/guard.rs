//! Which networks may be let through at all.

use std::net::{Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::Cidr;

/// A network of up to this many addresses needs no more than the usual signatures: `/24`.
const WIDEST_V4: u8 = 24;
/// The same for IPv6: `/48`.
const WIDEST_V6: u8 = 48;

/// No network is wider, whoever signs: eight of the widest would be most of the internet.
const FLOOR_V4: u8 = 16;
/// The same for IPv6: what a provider has for all its customers.
const FLOOR_V6: u8 = 32;

/// How wide a network is that may be let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Up to a `/24` (IPv4) or a `/48` (IPv6).
    Usual,
    /// Wider: only with the signatures that this takes.
    Wide,
}

/// A network that is never let through. Its `Display` is for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// `0.0.0.0/0` or `::/0`.
    #[error(
        "{0} is the whole internet, and is never let through. Give the address or network that is meant."
    )]
    Everything(Cidr),
    /// It is wider than any network of one's own.
    #[error(
        "{0} is wider than /16 (or /32 for IPv6), and is never let through. Give the networks that are meant."
    )]
    TooWide(Cidr),
    /// It is, contains, or lies in a range that no public network has.
    #[error(
        "{cidr} is in {range} ({what}), from which nobody comes over the internet. Look up your public address, for example at https://checkip.amazonaws.com."
    )]
    NotPublic {
        /// The network.
        cidr: Cidr,
        /// The range.
        range: Cidr,
        /// What that is for.
        what: &'static str,
    },
}

/// Ranges that are not of the public IPv4 internet (IANA's special-purpose registry). The ranges for documentation
/// are left out: nobody comes from there, and every example is written with them.
const NOT_PUBLIC_V4: [([u8; 4], u8, &str); 11] = [
    ([0, 0, 0, 0], 8, "this network"),
    ([10, 0, 0, 0], 8, "private addresses"),
    ([100, 64, 0, 0], 10, "addresses behind a carrier's NAT"),
    ([127, 0, 0, 0], 8, "this machine"),
    ([169, 254, 0, 0], 16, "link-local addresses"),
    ([172, 16, 0, 0], 12, "private addresses"),
    ([192, 0, 0, 0], 24, "protocol assignments"),
    ([192, 168, 0, 0], 16, "private addresses"),
    ([198, 18, 0, 0], 15, "benchmarks"),
    ([224, 0, 0, 0], 4, "multicast"),
    ([240, 0, 0, 0], 4, "reserved addresses"),
];

/// The same for IPv6. The last ones are the rest of what lies outside of `2000::/3`, the only part that IANA gives out.
const NOT_PUBLIC_V6: [(Ipv6Addr, u8, &str); 13] = [
    (Ipv6Addr::UNSPECIFIED, 96, "IPv4-compatible addresses, and this machine"),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, "IPv4-mapped addresses"),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, "IPv4 translation"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "local IPv4 translation"),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, "addresses that discard"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "protocol assignments"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "6to4, which is out of use"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "private addresses"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "link-local addresses"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "multicast"),
    (Ipv6Addr::UNSPECIFIED, 3, "reserved addresses"),
    (Ipv6Addr::new(0x4000, 0, 0, 0, 0, 0, 0, 0), 2, "reserved addresses"),
    (Ipv6Addr::new(0x8000, 0, 0, 0, 0, 0, 0, 0), 1, "reserved addresses"),
];

impl Cidr {
    /// May this network be let through, and how wide is it?
    ///
    /// # Errors
    /// [`Forbidden`] when it may never be.
    pub fn guard(&self) -> Result<Width, Forbidden> {
        let net = self.net();
        if net.prefix_len() == 0 {
            return Err(Forbidden::Everything(*self));
        }
        match ranges(net).find(|(range, _)| overlap(net, *range)) {
            Some((range, what)) => Err(Forbidden::NotPublic { cidr: *self, range: Cidr::new(range), what }),
            None if net.prefix_len() < floor(net) => Err(Forbidden::TooWide(*self)),
            None if net.prefix_len() < widest(net) => Ok(Width::Wide),
            None => Ok(Width::Usual),
        }
    }
}

fn floor(net: IpNet) -> u8 {
    match net {
        IpNet::V4(_) => FLOOR_V4,
        IpNet::V6(_) => FLOOR_V6,
    }
}

fn widest(net: IpNet) -> u8 {
    match net {
        IpNet::V4(_) => WIDEST_V4,
        IpNet::V6(_) => WIDEST_V6,
    }
}

fn ranges(net: IpNet) -> Box<dyn Iterator<Item = (IpNet, &'static str)>> {
    let v4 = |(address, length, what): ([u8; 4], u8, &'static str)| {
        Some((IpNet::V4(Ipv4Net::new(Ipv4Addr::from(address), length).ok()?), what))
    };
    let v6 = |(address, length, what): (Ipv6Addr, u8, &'static str)| {
        Some((IpNet::V6(Ipv6Net::new(address, length).ok()?), what))
    };
    match net {
        IpNet::V4(_) => Box::new(NOT_PUBLIC_V4.into_iter().filter_map(v4)),
        IpNet::V6(_) => Box::new(NOT_PUBLIC_V6.into_iter().filter_map(v6)),
    }
}

fn overlap(one: IpNet, other: IpNet) -> bool {
    one.contains(&other) || other.contains(&one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        let cidr: Cidr = text.parse().unwrap();
        match cidr.guard() {
            Ok(width) => format!("{width:?}"),
            Err(Forbidden::NotPublic { range, what, .. }) => format!("{range}: {what}"),
            Err(Forbidden::Everything(_)) => "everything".to_owned(),
            Err(Forbidden::TooWide(_)) => "too wide".to_owned(),
        }
    }

    #[test]
    fn public_networks_are_let_through_up_to_a_width() {
        for fine in ["203.0.113.7/32", "8.8.8.0/24", "2001:db8::1/128", "2a00:1450::/48"] {
            assert_eq!(said(fine), "Usual", "{fine}");
        }
        for wide in ["8.8.8.0/23", "8.8.0.0/16", "2a00:1450::/47", "2a00:1450::/32"] {
            assert_eq!(said(wide), "Wide", "{wide}");
        }
        for never in ["8.0.0.0/15", "128.0.0.0/3", "2a00:1450::/31", "2400::/6"] {
            assert_ne!(said(never), "Wide", "{never}");
            assert_ne!(said(never), "Usual", "{never}");
        }
    }

    #[test]
    fn nobody_comes_from_these() {
        let all: Vec<String> = [
            "0.0.0.0/0",
            "::/0",
            "10.1.2.3/32",
            "172.16.0.0/12",
            "172.31.255.255/32",
            "192.168.1.0/24",
            "100.64.0.1/32",
            "127.0.0.1/32",
            "169.254.169.254/32",
            "224.0.0.1/32",
            "255.255.255.255/32",
            "0.0.0.0/32",
            "198.18.0.1/32",
            "::1/128",
            "::ffff:8.8.8.8/128",
            "fd00::1/128",
            "fe80::1/128",
            "ff02::1/128",
            "::808:808/128",
            "64:ff9b::808:808/128",
            "2002:808:808::/48",
            "2001::1/128",
            "400::1/128",
            "5f00::/48",
            "fec0::1/128",
            "1000::/4",
            "::/1",
        ]
        .into_iter()
        .filter(|text| said(text) == "Usual" || said(text) == "Wide")
        .map(str::to_owned)
        .collect();
        assert_eq!(all, Vec::<String>::new());
    }

    #[test]
    fn a_network_around_a_private_one_is_private_too() {
        assert_eq!(said("172.0.0.0/8"), "172.16.0.0/12: private addresses");
        assert_eq!(said("128.0.0.0/1"), "169.254.0.0/16: link-local addresses");
        assert_eq!(said("fc00::/6"), "fc00::/7: private addresses");
        assert_eq!(said("11.0.0.0/8"), "too wide");
    }

    #[test]
    fn the_sentences_say_what_to_do() {
        let said = |text: &str| text.parse::<Cidr>().unwrap().guard().unwrap_err().to_string();
        insta::assert_snapshot!(said("192.168.1.0/24"), @"192.168.1.0/24 is in 192.168.0.0/16 (private addresses), from which nobody comes over the internet. Look up your public address, for example at https://checkip.amazonaws.com.");
        insta::assert_snapshot!(said("11.0.0.0/8"), @"11.0.0.0/8 is wider than /16 (or /32 for IPv6), and is never let through. Give the networks that are meant.");
        insta::assert_snapshot!(said("0.0.0.0/0"), @"0.0.0.0/0 is the whole internet, and is never let through. Give the address or network that is meant.");
    }
}
