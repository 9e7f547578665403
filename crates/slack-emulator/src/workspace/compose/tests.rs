use serde_json::json;

use super::*;
use crate::seed::Seed;

fn typed_text(text: &str) -> String {
    typed(&State::new(Seed::demo()), text).text
}

fn posted_text(text: &str) -> String {
    posted(&State::new(Seed::demo()), text).text
}

#[test]
fn names_become_mentions_in_any_case() {
    assert_eq!(typed_text("@Backoffice Bot help"), "<@U0BOT> help");
    assert_eq!(typed_text("@backoffice bot, hello"), "<@U0BOT>, hello");
    assert_eq!(typed_text("ask @ana and @Ben Baker"), "ask <@U0ANA> and <@U0BEN>");
    assert_eq!(typed_text("@support see #general"), "<!subteam^S0SUPPORT> see <#C0GENERAL|general>");
    assert_eq!(typed_text("<@U0BOT> help"), "<@U0BOT> help");
}

#[test]
fn a_name_ends_where_its_word_ends() {
    assert_eq!(typed_text("@anabel and x@ana"), "@anabel and x@ana");
}

#[test]
fn posted_text_resolves_a_leading_name_alone() {
    assert_eq!(posted_text("@Backoffice Bot help"), "<@U0BOT> help");
    assert_eq!(posted_text("hello @Backoffice Bot"), "hello @Backoffice Bot");
    assert_eq!(posted_text("<@U0BOT> a &lt; b &amp; c"), "<@U0BOT> a &lt; b &amp; c");
}

#[test]
fn addresses_become_links() {
    assert_eq!(
        typed_text("set acme.example.com trial"),
        "set <http://acme.example.com|acme.example.com> trial"
    );
    assert_eq!(typed_text("see https://a.b/c?d=1&e=2."), "see <https://a.b/c?d=1&amp;e=2>.");
    assert_eq!(typed_text("“acme.com”"), "“<http://acme.com|acme.com>”");
    assert_eq!(typed_text("mail ana@acme.com"), "mail <mailto:ana@acme.com|ana@acme.com>");
    assert_eq!(typed_text("10.0.0.1/32 v1.2.3 main.rs e.g."), "10.0.0.1/32 v1.2.3 main.rs e.g.");
    assert_eq!(typed_text("`a.com b.com` c.com"), "`a.com b.com` <http://c.com|c.com>");
    assert_eq!(posted_text("<https://a.com|A> b.com"), "<https://a.com|A> <http://b.com|b.com>");
}

#[test]
fn the_rest_is_escaped_and_quotes_stay() {
    assert_eq!(typed_text("a < b && “c” <script>"), "a &lt; b &amp;&amp; “c” &lt;script&gt;");
}

#[test]
fn the_block_says_the_same() {
    let written = typed(&State::new(Seed::demo()), "@Backoffice Bot open acme.com <now>");
    assert_eq!(
        written.blocks,
        [json!({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
            {"type": "user", "user_id": "U0BOT"},
            {"type": "text", "text": " open "},
            {"type": "link", "url": "http://acme.com", "text": "acme.com"},
            {"type": "text", "text": " <now>"},
        ]}]})]
    );
    assert_eq!(typed(&State::new(Seed::demo()), "  ").blocks, Vec::<Value>::new());
}
