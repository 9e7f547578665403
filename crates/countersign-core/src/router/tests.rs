use super::*;
use crate::command::fixture::{catalog, office};

fn said(catalog: &Catalog, sentence: &str) -> String {
    match catalog.route(sentence) {
        Routing::Route { command, args } => format!("{} {{{args}}}", command.spec().name),
        Routing::TooLong(limit) => limit.to_string(),
        Routing::Unknown => "unknown".to_owned(),
        Routing::Malformed { candidates } => {
            let one = |candidate: &Malformed<'_>| {
                let problems = candidate.problems.iter();
                let lines = problems.map(|p| format!("\n  {} [{}] {}", p.column, p.found, p.rule));
                format!("{}{}", candidate.usage(), lines.collect::<String>())
            };
            candidates.iter().map(one).collect::<Vec<_>>().join("\n")
        }
    }
}

fn office_says(sentence: &str) -> String {
    said(&office(), sentence)
}

#[test]
fn a_sentence_leads_to_its_command_with_typed_arguments() {
    insta::assert_snapshot!(office_says("set acme trial remaining to 14 days"), @"set-trial-remaining-to-days {subdomain: acme, days: 14}");
    insta::assert_snapshot!(office_says("  SET Acme-2 Trial  remaining TO 14 days "), @"set-trial-remaining-to-days {subdomain: Acme-2, days: 14}");
    insta::assert_snapshot!(office_says("infra STOP dev"), @"infra {verb: stop, env: dev}");
    insta::assert_snapshot!(office_says("whitelist add 203.0.113.7 “the new office” prod for 1h30m"), @"whitelist-add-for {ip: 203.0.113.7/32, description: the new office, env: prod, ttl: 1h30m}");
    insta::assert_snapshot!(office_says("whitelist add 2001:db8::/32 for 3h"), @"whitelist-add-for {ip: 2001:db8::/32, ttl: 3h}");
    insta::assert_snapshot!(office_says("note he said \"later\", so wait"), @r#"note {what: he said "later", so wait}"#);
    insta::assert_snapshot!(office_says("note \"later\""), @"note {what: later}");
    insta::assert_snapshot!(office_says("escalate to <@U07ANA> because it – burns"), @"escalate-to-because {person: U07ANA, why: it - burns}");
}

#[test]
fn a_wrong_argument_is_told_with_its_column_and_rule() {
    insta::assert_snapshot!(office_says("set acme trial remaining to many days"), @"
    set <subdomain> trial remaining to <days> days
      29 [many] days must be a whole number from 1 to 90
    ");
    insta::assert_snapshot!(office_says("set acme trial remaining to 91 days"), @"
    set <subdomain> trial remaining to <days> days
      29 [91] days must be a whole number from 1 to 90
    ");
    insta::assert_snapshot!(office_says("set acme.example.com trial remaining to x days"), @"
    set <subdomain> trial remaining to <days> days
      5 [acme.example.com] subdomain must consist of letters and digits, joined by single - or _
      41 [x] days must be a whole number from 1 to 90
    ");
    insta::assert_snapshot!(office_says("infra restart dev"), @"
    infra <start|stop|status> <env>
      7 [restart] verb must be start, stop or status
    ");
    insta::assert_snapshot!(office_says("bastion create staging"), @"
    bastion create <env> [for <ttl>]
      16 [staging] env must be an environment: dev or prod
    ");
    insta::assert_snapshot!(office_says("bastion extend dev for 1h1h"), @"
    bastion extend <env> [for <ttl>]
      24 [1h1h] ttl must name each unit once, from large to small, like 1h30m
    ");
    insta::assert_snapshot!(office_says("whitelist remove 203.0.113.7/24"), @"
    whitelist remove <ip>
      18 [203.0.113.7/24] ip must begin where its network begins; the network of 203.0.113.7/24 is 203.0.113.0/24
    ");
    insta::assert_snapshot!(office_says("escalate to ana because it burns"), @"
    escalate to <person> because <why...>
      13 [ana] person must be a mention of a person, like @ana
    ");
    insta::assert_snapshot!(office_says("whitelist add 203.0.113.7 the new office"), @r#"
    whitelist add <ip> ["<description>"] [<env>] [for <ttl>]
      27 [the] description must be a text in double quotes, like "as agreed"
    "#);
    insta::assert_snapshot!(office_says("whitelist add 203.0.113.7 office"), @r#"
    whitelist add <ip> ["<description>"] [<env>] [for <ttl>]
      27 [office] description must be a text in double quotes, like "as agreed"; or env must be an environment: dev or prod
    "#);
}

#[test]
fn what_is_missing_or_too_much_is_told() {
    insta::assert_snapshot!(office_says("set acme trial"), @"
    set <subdomain> trial remaining to <days> days
      15 [] something is missing after `trial`: `remaining to <days> days`
    ");
    insta::assert_snapshot!(office_says("bastion"), @"
    bastion create <env> [for <ttl>]
      8 [] something is missing after `bastion`: `create <env>`
    bastion extend <env> [for <ttl>]
      8 [] something is missing after `bastion`: `extend <env>`
    ");
    insta::assert_snapshot!(office_says("set acme trial remaining to 14 days please now"), @"
    set <subdomain> trial remaining to <days> days
      37 [please now] the command ends before `please now`
    ");
    insta::assert_snapshot!(office_says("set acme trial remaining to days"), @"
    set <subdomain> trial remaining to <days> days
      29 [days] something is missing before `days`: `<days>`
    ");
    insta::assert_snapshot!(office_says("note"), @"
    note <what>
      5 [] something is missing after `note`: `<what>`
    ");
    insta::assert_snapshot!(office_says("note \"\""), @r#"
    note <what>
      6 [""] what must not be empty
    "#);
}

#[test]
fn a_quote_in_the_wrong_place_is_told() {
    insta::assert_snapshot!(office_says("whitelist add 203.0.113.7 \"the office prod"), @r#"
    whitelist add <ip> ["<description>"] [<env>] [for <ttl>]
      27 ["the office prod] the quote that opens here is never closed
    "#);
    insta::assert_snapshot!(office_says("whitelist add 203.0.113.7 \"the office\"prod"), @r#"
    whitelist add <ip> ["<description>"] [<env>] [for <ttl>]
      27 ["the office"prod] a space must follow the closing quote
    "#);
    insta::assert_snapshot!(office_says("note \"one\" two"), @r#"
    note <what>
      6 ["one" two] nothing can follow the quoted what
    "#);
    insta::assert_snapshot!(office_says("set \"acme\" trial remaining to 14 days"), @r#"
    set <subdomain> trial remaining to <days> days
      5 ["acme"] subdomain must stand without quotes
    "#);
}

#[test]
fn other_talk_is_unknown() {
    for talk in [
        "",
        "   ",
        "good morning",
        "acme trial",
        "he said \"hello",
        "the whitelist add",
        "\"set\" acme trial",
    ] {
        assert_eq!(office_says(talk), "unknown", "{talk}");
    }
}

#[test]
fn a_sentence_has_bounds() {
    insta::assert_snapshot!(office_says(&"x".repeat(4_001)), @"a command has at most 4000 characters");
    insta::assert_snapshot!(office_says(&"x ".repeat(201)), @"a command has at most 200 words");
    assert_eq!(office_says(&"x ".repeat(200)), "unknown");
}

#[test]
fn a_hidden_command_is_not_offered() {
    let office = office();
    let visible = |command: &Command| !command.spec().name.as_str().starts_with("set");
    for nearly in
        ["set acme trial", "set acme trial remaining to 91 days", "set acme trial remaining to x days"]
    {
        assert!(matches!(office.route_visible(nearly, &visible), Routing::Unknown), "{nearly}");
    }
    let full = "set acme trial remaining to 14 days";
    assert!(matches!(office.route_visible(full, &visible), Routing::Route { .. }));
}

#[test]
fn hidden_commands_do_not_crowd_out_visible_ones() {
    let office = catalog(&["show a <x:int>", "show b <x:int>", "show c <x:int>", "show d <x:int>"]);
    let only_d = |command: &Command| command.spec().name.as_str() == "show-d";
    let Routing::Malformed { candidates } = office.route_visible("show", &only_d) else { panic!() };
    let names: Vec<&str> = candidates.iter().map(|one| one.command.spec().name.as_str()).collect();
    assert_eq!(names, ["show-d"]);
    let Routing::Malformed { candidates } = office.route("show") else { panic!() };
    assert_eq!(candidates.len(), MAX_OFFERS);
}

#[test]
fn absent_options_are_absent() {
    let office = office();
    let Routing::Route { args, .. } = office.route("bastion create dev") else { panic!() };
    assert_eq!(args.len(), 1);
    assert_eq!(args.get("ttl"), None);
}
