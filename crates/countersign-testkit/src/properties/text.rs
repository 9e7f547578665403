use std::sync::LazyLock;

use countersign_core::command::catalog::Catalog;
use countersign_core::command::kind::Vocabulary;
use countersign_core::ids::UserId;
use countersign_core::router::Routing;
use countersign_core::router::tokens::tidy;
use countersign_slack::text::{address, escape, plain};

use super::command;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let patterns = [
        "set <subdomain:slug> trial remaining to <days:int(1..=90)> days",
        "(allow|let) <address:cidr> [for <time:duration>]",
        "note on <subdomain:slug> <note...>",
        "call <url:url> at <when:date> <whom:email>",
    ];
    let specs = patterns.iter().map(|pattern| command(pattern, pattern)).collect();
    Catalog::compile(specs, &Vocabulary::default()).unwrap()
});

/// What somebody wrote in Slack: nothing in it comes out as a token that they did not write, tidying it
/// twice is tidying it once, and the router explains it with places that are inside it.
pub fn text(slack: &str) {
    let escaped = escape(slack);
    assert!(!escaped.contains(['<', '>']), "{escaped}");
    assert_eq!(plain(&escaped), slack);
    address(slack, &UserId::new("UBOT"));
    let sentence = plain(slack);
    let tidied = tidy(&sentence).into_owned();
    assert_eq!(tidy(&tidied), tidied);
    if let Routing::Malformed { candidates } = CATALOG.route(&sentence) {
        assert!(!candidates.is_empty());
        let end = tidied.chars().count() + 2;
        for problem in candidates.iter().flat_map(|one| &one.problems) {
            assert!((1..=end).contains(&problem.column), "{problem:?} in {tidied:?}");
        }
    }
}
