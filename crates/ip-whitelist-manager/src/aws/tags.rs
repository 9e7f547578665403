//! What the tags of security groups and of their rules say.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::Tag;

use crate::domain::{Environment, Port};

/// The tag that says which environments a group is for.
pub(super) const ENVIRONMENT: &str = "Environment";
/// The tag that says which ports a group opens.
pub(super) const PORTS: &str = "WhitelistPorts";
/// The tag of a rule that a program keeps.
pub(super) const MANAGED_BY: &str = "ManagedBy";
/// Who that is.
pub(super) const COUNTERSIGN: &str = "countersign";
/// The tag of a rule that says which table it follows: two whitelists in one account leave each other's alone.
pub(super) const TABLE: &str = "CountersignTable";
/// The port of a group without [`PORTS`].
const USUAL_PORT: Port = 443;

/// The value of a tag.
pub(super) fn value<'t>(tags: &'t [Tag], key: &str) -> Option<&'t str> {
    tags.iter().find(|tag| tag.key() == Some(key)).and_then(Tag::value)
}

/// The environments that a group names, separated by commas or blanks.
pub(super) fn environments(tags: &[Tag]) -> BTreeSet<Environment> {
    value(tags, ENVIRONMENT).map(parts).into_iter().flatten().map(Environment::new).collect()
}

/// The ports that a group opens; `None`: its tag says something that is no list of ports.
pub(super) fn ports(tags: &[Tag]) -> Option<BTreeSet<Port>> {
    let Some(text) = value(tags, PORTS) else { return Some(BTreeSet::from([USUAL_PORT])) };
    let ports: Option<BTreeSet<Port>> =
        parts(text).map(|part| part.parse().ok().filter(|port| *port != 0)).collect();
    ports.filter(|ports| !ports.is_empty())
}

/// What a rule that follows this table is marked with.
pub(super) fn marks(table: &str) -> [(&'static str, &str); 2] {
    [(MANAGED_BY, COUNTERSIGN), (TABLE, table)]
}

/// Is a rule with these tags one that follows this table?
pub(super) fn is_ours(tags: &[Tag], table: &str) -> bool {
    marks(table).into_iter().all(|(key, mark)| value(tags, key) == Some(mark))
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tagged(key: &str, value: &str) -> Vec<Tag> {
        vec![Tag::builder().key(key).value(value).build()]
    }

    #[test]
    fn a_group_opens_https_unless_its_tag_says_otherwise() {
        assert_eq!(ports(&[]), Some([443].into()));
        assert_eq!(ports(&tagged(PORTS, "443,22")), Some([22, 443].into()));
        assert_eq!(ports(&tagged(PORTS, " 5432 , 22 22 ")), Some([22, 5432].into()));
        for nonsense in ["", " ", "https", "443,ssh", "0", "65536", "-1", "22-80"] {
            assert_eq!(ports(&tagged(PORTS, nonsense)), None, "{nonsense:?}");
        }
    }

    #[test]
    fn a_group_may_be_for_several_environments() {
        let named = |text: &str| environments(&tagged(ENVIRONMENT, text)).len();
        assert_eq!([named("dev"), named("dev, staging"), named("dev staging,dev"), named("")], [1, 2, 2, 0]);
        assert_eq!(environments(&tagged("environment", "dev")).len(), 0);
    }

    #[test]
    fn a_rule_is_ours_if_it_follows_this_table() {
        let rule = |table: &str| [tagged(MANAGED_BY, COUNTERSIGN), tagged(TABLE, table)].concat();
        assert!(is_ours(&rule("dev-ip-whitelist"), "dev-ip-whitelist"));
        assert!(!is_ours(&rule("staging-ip-whitelist"), "dev-ip-whitelist"));
        assert!(!is_ours(&tagged(MANAGED_BY, COUNTERSIGN), "dev-ip-whitelist"));
        assert!(!is_ours(&tagged(TABLE, "dev-ip-whitelist"), "dev-ip-whitelist"));
    }
}
