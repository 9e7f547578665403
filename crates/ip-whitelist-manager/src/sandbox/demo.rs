//! What stands in the sandbox of `countersign dev`.

use super::SandboxFirewall;
use crate::domain::{Environment, Group, GroupId, Port};

/// Three environments, a group that two of them share, one that nobody tagged, and rules of other people.
pub fn demo() -> SandboxFirewall {
    let firewall = SandboxFirewall::default();
    for (id, name, environments, ports) in [
        ("sg-0d0a1b0000000001", "dev-web", &["dev"][..], &[443][..]),
        ("sg-0d0a1b0000000002", "staging-web", &["staging"], &[443]),
        ("sg-0d0a1b0000000003", "prod-web", &["prod"], &[443]),
        ("sg-0d0a1b0000000004", "shared-database", &["dev", "staging"], &[5432]),
    ] {
        firewall.add_group(group((id, name), environments, ports));
    }
    firewall.add_untagged(group(("sg-0d0a1b0000000009", "payments (not tagged)"), &["prod"], &[443]));
    for (id, cidr, port) in
        [("sg-0d0a1b0000000001", "198.51.100.0/24", 443), ("sg-0d0a1b0000000003", "198.51.100.20/32", 443)]
    {
        foreign(&firewall, id, (cidr, port));
    }
    firewall
}

/// A rule that somebody else made.
pub fn foreign(firewall: &SandboxFirewall, group: &str, (cidr, port): (&str, Port)) {
    if let Ok(cidr) = cidr.parse() {
        firewall.add_foreign(&GroupId::new(group), (cidr, port));
    }
}

fn group((id, name): (&str, &str), environments: &[&str], ports: &[Port]) -> Group {
    Group {
        id: GroupId::new(id),
        name: name.to_owned(),
        environments: environments.iter().map(|name| Environment::new(*name)).collect(),
        ports: ports.iter().copied().collect(),
        family: None,
        limit: 60,
    }
}
