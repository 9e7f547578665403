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
        insta::assert_snapshot!(of("table = \"x\"\nchannel = \"ops\"").err().unwrap(), @"c.toml:9:9: `x` is no name of a DynamoDB table: it has 3 to 255 letters, digits, `_`, `-` and `.`.");
        insta::assert_snapshot!(of("table = \"ip-whitelist\"\nchannel = \"dev\"").err().unwrap(), @"c.toml:10:11: There is no channel `dev`; [channels] has `ops`.");
        insta::assert_snapshot!(wrong("by_channel = { dev = \"prod\" }"), @"c.toml:11:16: There is no channel `dev`; [channels] has `ops`.");
        insta::assert_snapshot!(wrong("days = 31"), @"c.toml:11:8: An entry lasts 1 to 30 days.");
        insta::assert_snapshot!(wrong("tag = []"), @"c.toml:11:7: Without a tag no security group follows the whitelist: name some in `groups`.");
        insta::assert_snapshot!(wrong("tag = [\"WhitelistManaged\"]"), @r#"c.toml:11:7: A tag is its key and its value: `["WhitelistManaged", "true"]`."#);
        insta::assert_snapshot!(wrong("groups = { dev = [\"web\"] }"), @"c.toml:11:18: Security groups are named by their ids, like `sg-0123456789abcdef0`.");
        insta::assert_snapshot!(wrong("endpoint = \"https://example.com\""), @"c.toml:11:12: `https://example.com` is no address of an emulator on this machine; for AWS itself leave `endpoint` out.");
    }
}
