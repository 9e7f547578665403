use std::path::Path;

use crate::config::{Config, parse};

fn of(whitelist: &str) -> Result<Config, String> {
    let rest =
        "[bot]\nname = \"Bot\"\n[access]\nusers = [\"*\"]\nchannels = [\"*\"]\n[channels]\nops = \"C0OPS\"\n";
    parse(Path::new("c.toml"), format!("{rest}[whitelist]\n{whitelist}\n"))
        .map_err(|errors| errors.to_string())
}

#[cfg(not(feature = "aws"))]
#[test]
fn a_program_without_aws_says_how_it_is_built_with_it() {
    insta::assert_snapshot!(of("table = \"ip-whitelist\"\nchannel = \"ops\"").err().unwrap(), @"c.toml:9:9: This countersign was built without AWS. Build one with it: cargo build --release -p countersign --features aws");
}

#[cfg(feature = "aws")]
mod with_aws {
    use std::collections::BTreeSet;

    use countersign_core::ids::ChannelId;
    use ip_whitelist_manager::domain::{Environment, GroupId};
    use jiff::SignedDuration;

    use super::of;

    fn wrong(more: &str) -> String {
        of(&format!("table = \"ip-whitelist\"\nchannel = \"ops\"\n{more}")).err().unwrap()
    }

    #[test]
    fn a_table_and_a_channel_are_enough() {
        let kept = of("table = \"ip-whitelist\"\nchannel = \"ops\"").ok().unwrap().whitelist().unwrap();
        assert_eq!((kept.account.table.as_str(), kept.channel), ("ip-whitelist", ChannelId::new("C0OPS")));
        let tag = ("WhitelistManaged".to_owned(), "true".to_owned());
        assert_eq!(kept.account.discovery.tag, Some(tag));
        assert_eq!((kept.account.most_per_person, kept.account.rules_per_group), (20, 60));
    }

    #[test]
    fn the_house_rules_are_in_it() {
        let kept = of(
            "table = \"ip-whitelist\"\nchannel = \"ops\"\nenvironment = \"dev\"\nby_channel = { ops = \"prod\" }\n\
             days = 3\nmost_per_person = 2\ntag = []\ngroups = { dev = [\"sg-1\"], qa = [\"sg-1\"] }",
        );
        let account = kept.ok().unwrap().whitelist().unwrap().account;
        assert_eq!(account.terms.usual, SignedDuration::from_hours(72));
        assert_eq!(account.by_channel[&ChannelId::new("C0OPS")], Environment::new("prod"));
        assert_eq!((account.discovery.tag, account.most_per_person), (None, 2));
        let both = BTreeSet::from(["dev", "qa"].map(Environment::new));
        assert_eq!(account.discovery.listed[&GroupId::new("sg-1")], both);
    }

    #[test]
    fn what_does_not_hold_is_said_with_its_place() {
        insta::assert_snapshot!(of("table = \"x\"\nchannel = \"ops\"").err().unwrap(), @"");
        insta::assert_snapshot!(of("table = \"ip-whitelist\"\nchannel = \"dev\"").err().unwrap(), @"");
        insta::assert_snapshot!(wrong("by_channel = { dev = \"prod\" }"), @"");
        insta::assert_snapshot!(wrong("days = 31"), @"");
        insta::assert_snapshot!(wrong("tag = []"), @"");
        insta::assert_snapshot!(wrong("tag = [\"WhitelistManaged\"]"), @"");
        insta::assert_snapshot!(wrong("groups = { dev = [\"web\"] }"), @"");
        insta::assert_snapshot!(wrong("endpoint = \"https://example.com\""), @"");
    }
}
