use super::*;

const CHANGE: &str = r#"
    database = "app"
    preview = "select subdomain, plan from accounts where subdomain = :subdomain"
    execute = "update accounts set plan = 'pro' where subdomain = :subdomain"
    rows = 1
"#;
const LOOKUP: &str = r#"
    database = "app"
    query = "select * from accounts where subdomain = :subdomain"
"#;

fn compile(toml: &str) -> Result<Work, String> {
    let config: SqlConfig = toml::from_str(toml).map_err(|error| error.message().to_owned())?;
    config.compile(&["subdomain".to_owned()]).map_err(|error| error.to_string())
}

fn refusal(toml: &str) -> String {
    compile(toml).unwrap_err()
}

#[test]
fn what_the_readme_shows_compiles() {
    assert!(matches!(compile(CHANGE), Ok(Work::Change(_))));
    assert!(matches!(compile(LOOKUP), Ok(Work::Lookup(_))));
    let all = format!("{CHANGE}\ntitle = 'For {{subdomain}}'\nmissing = 'No {{subdomain}}.'\ndone = 'Done.'");
    assert!(compile(&all).is_ok());
    let all =
        format!("{LOOKUP}\ntitle = 'For {{subdomain}}'\nmissing = 'No {{subdomain}}.'\nlayout = 'record'");
    assert!(matches!(compile(&all), Ok(Work::Lookup(work)) if work.layout == Layout::Record));
}

#[test]
fn each_mistake_has_its_sentence() {
    let without = |key: &str| -> String {
        CHANGE.lines().filter(|line| !line.contains(key)).collect::<Vec<_>>().join("\n")
    };
    let with = |base: &str, line: &str| format!("{base}\n{line}");
    let changed = |from: &str, to: &str| CHANGE.replace(from, to);
    let sentences = [
        refusal("database = 'app'"),
        refusal(&with(CHANGE, "query = 'select 1'")),
        refusal(&without("preview")),
        refusal(&without("rows")),
        refusal(&changed("rows = 1", "rows = 0")),
        refusal(&changed("rows = 1", "rows = 101")),
        refusal(&with(CHANGE, "layout = 'rows'")),
        refusal(&with(LOOKUP, "rows = 1")),
        refusal(&with(LOOKUP, "done = 'x'")),
        refusal(&with(LOOKUP, "colour = 'red'")).split(", expected").next().unwrap().to_owned(),
        refusal(&with(LOOKUP, "title = '{who}'")),
        refusal(&with(CHANGE, "done = '{who'")),
        refusal(&changed("where subdomain = :subdomain\"", "where subdomain = :who\"")),
        refusal(&changed(
            "'pro' where subdomain = :subdomain",
            "'pro' where subdomain = :subdomain; delete from accounts",
        )),
        refusal(&changed("'pro'", "'pro")),
        refusal(&changed("update accounts", "drop table accounts --")),
        refusal(&LOOKUP.replace("select *", "delete")),
    ];
    insta::assert_snapshot!(sentences.join("\n"), @r"
    there is neither `query` nor `execute`
    there is `query` and `execute`; a command either reads or changes
    there is `execute` and no `preview`; people have to see what they sign
    there is `execute` and no `rows`; say how many rows it must touch
    `rows` must be from 1 to 100
    `rows` must be from 1 to 100
    `layout` belongs to `query`, and this command has `execute`
    `rows` belongs to `execute`, and this command has `query`
    `done` belongs to `execute`, and this command has `query`
    unknown field `colour`
    `title`: `{who}` is no argument of this command
    `done`: a `{` has no `}`
    `preview`: `:who` is no argument of this command; there is `:subdomain`, `:now`
    `execute`: it holds several statements; write one
    `execute`: the string that begins at character 28 has no end
    `execute`: it must change something: begin with `update`, `insert`, `delete`, `replace` or `with`
    `query`: it may only read: begin with `select`, `values` or `with`, and leave `insert`, `update` and `delete` out
    ");
}

#[test]
fn an_argument_cannot_take_the_place_of_the_time() {
    let config: SqlConfig = toml::from_str(LOOKUP).unwrap();
    let error = config.compile(&["now".to_owned(), "subdomain".to_owned()]).unwrap_err();
    assert_eq!(error.to_string(), "an argument cannot be called `now`: `:now` is the time of the plan");
}
