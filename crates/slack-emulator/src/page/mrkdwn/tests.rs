use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

fn names() -> Names {
    Names {
        people: [("U0BOT", "Backoffice Bot"), ("U0ANA", "ana"), ("U0BAD", "<img src=x>")]
            .map(|(id, name)| (id.to_owned(), name.to_owned()))
            .into(),
        channels: [("C0GENERAL".to_owned(), "general".to_owned())].into(),
        groups: [("S0SRE".to_owned(), "sre".to_owned())].into(),
        me: "U0ANA".to_owned(),
        query: "as=ana".to_owned(),
    }
}

fn drawn(source: &str) -> Html {
    html(source, &names())
}

#[test]
fn styles_nest_and_need_word_boundaries() {
    assert_snapshot!(drawn("*bold _both_* ~gone~ `co*d*e`"), @"<strong>bold <em>both</em></strong> <s>gone</s> <code>co*d*e</code>");
    assert_snapshot!(drawn("2*3*4 snake_case_name * not bold *"), @"2*3*4 snake_case_name * not bold *");
    assert_snapshot!(drawn("(*a*), *b*."), @"(<strong>a</strong>), <strong>b</strong>.");
    assert_snapshot!(drawn("*open and *closed*"), @"<strong>open and *closed</strong>");
}

#[test]
fn lines_quotes_and_code_blocks() {
    assert_snapshot!(drawn("a\n\nb"), @"a<br><br>b");
    assert_snapshot!(drawn("&gt; one\n&gt; two\nafter"), @"<blockquote>one<br>two</blockquote>after");
    assert_snapshot!(drawn("&gt;&gt;&gt;one\ntwo"), @"<blockquote>one<br>two</blockquote>");
    assert_snapshot!(drawn("see\n```\nselect *\nfrom t &amp;&amp; u\n```\nend"), @r"
    see<pre><code>select *
    from t &amp;&amp; u
    </code></pre>end
    ");
    assert_snapshot!(drawn("``` open"), @"``` open");
}

#[test]
fn mentions_channels_and_groups() {
    assert_snapshot!(drawn("<@U0BOT> help"), @r#"<span class="mention">@Backoffice Bot</span> help"#);
    assert_snapshot!(drawn("<@U0ANA|x> <!subteam^S0SRE|@old> <!here>"), @r#"<span class="mention mention-me">@ana</span> <span class="mention">@sre</span> <span class="mention mention-me">@here</span>"#);
    assert_snapshot!(drawn("<#C0GENERAL|general> <#C0SECRET|secret-plans>"), @r#"<a class="mention" href="/client/C0GENERAL?as=ana">#general</a> <span class="mention mention-private">🔒 private channel</span>"#);
}

#[test]
fn links_and_dates() {
    assert_snapshot!(drawn("<http://acme.example.com|acme.example.com>"), @r#"<a href="http://acme.example.com" target="_blank" rel="noopener noreferrer">acme.example.com</a>"#);
    assert_snapshot!(drawn("<mailto:a@b.example>"), @r#"<a href="mailto:a@b.example" target="_blank" rel="noopener noreferrer">a@b.example</a>"#);
    assert_snapshot!(drawn("<https://e.example/?a=1&amp;b=2>"), @r#"<a href="https://e.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">https://e.example/?a=1&amp;b=2</a>"#);
    assert_snapshot!(drawn("<!date^1700000000^{date_short} at {time}|14 Nov>"), @r#"<time datetime="2023-11-14T22:13:20Z" data-format="{date_short} at {time}">14 Nov</time>"#);
}

#[test]
fn nothing_hostile_becomes_markup() {
    assert_snapshot!(drawn("<script>alert(1)</script>"), @"&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_snapshot!(drawn("&lt;b&gt; &amp;lt;"), @"&lt;b&gt; &amp;lt;");
    assert_snapshot!(drawn("<javascript:alert(1)|click> <JaVaScRiPt:x>"), @"&lt;javascript:alert(1)|click&gt; &lt;JaVaScRiPt:x&gt;");
    assert_snapshot!(drawn("<https://e.example/\"onmouseover=alert(1)|a\"b>"), @r#"<a href="https://e.example/&quot;onmouseover=alert(1)" target="_blank" rel="noopener noreferrer">a&quot;b</a>"#);
    assert_snapshot!(drawn("<@U0BAD> <@\"><b>"), @r#"<span class="mention">@&lt;img src=x&gt;</span> <span class="mention">@&quot;</span>&lt;b&gt;"#);
    assert_snapshot!(drawn("<data:text/html,x> <//e.example>"), @"&lt;data:text/html,x&gt; &lt;//e.example&gt;");
}

#[test]
fn only_web_and_mail_addresses_are_followed() {
    assert_eq!(safe_url("HTTPS://e.example"), Some("HTTPS://e.example"));
    for refused in
        ["javascript:alert(1)", "java\nscript:x", "http://a b", "vbscript:x", "file:///etc", "", "x"]
    {
        assert_eq!(safe_url(refused), None, "{refused}");
    }
}

proptest! {
    #[test]
    fn only_our_own_tags_come_out(source in r#"[a-z<>&;*_~`@#!|:/"'= \n^]{0,60}"#) {
        let html = drawn(&source).into_string();
        for tag in html.split('<').skip(1) {
            let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphabetic).collect();
            let known = ["strong", "em", "s", "code", "pre", "blockquote", "br", "span", "a", "time"];
            prop_assert!(known.contains(&name.as_str()), "{name} in {html}");
        }
    }
}
