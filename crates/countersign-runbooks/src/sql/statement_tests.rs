use super::*;

fn known() -> Vec<String> {
    ["a", "b", "now"].map(str::to_owned).to_vec()
}

fn write(text: &str) -> Statement {
    Statement::parse(text, Role::Write, &known()).unwrap()
}

#[test]
fn names_become_positions_and_the_rest_stays() {
    let statement = write("update t set x = :b, /* :c */ y = ':a' || :a where z = :b; -- ;");
    assert_eq!(statement.sql(), "update t set x = ?1, /* :c */ y = ':a' || ?2 where z = ?1; -- ;");
    assert_eq!(statement.parameters(), ["b", "a"]);
}

#[test]
fn an_unknown_name_is_refused_with_those_that_there_are() {
    let error = Statement::parse("select :c", Role::Read, &known()).unwrap_err();
    assert_eq!(error.to_string(), "`:c` is no argument of this command; there is `:a`, `:b`, `:now`");
}

#[test]
fn one_statement_and_no_more() {
    for text in ["select 1; select 2", "select 1;;select 2", "; select 1"] {
        let parsed = Statement::parse(text, Role::Read, &[]);
        assert!(matches!(parsed, Err(StatementError::Several)), "{text}");
    }
    for text in ["", " ", ";", "-- nothing", "/* nothing */ ;"] {
        let parsed = Statement::parse(text, Role::Read, &[]);
        assert!(matches!(parsed, Err(StatementError::Empty)), "{text}");
    }
    assert!(Statement::parse("select ';' ;", Role::Read, &[]).is_ok());
}

#[test]
fn what_reads_cannot_write() {
    for text in [
        "update t set a = 1",
        "with x as (select 1) delete from t",
        "WITH x AS (SELECT 1) INSERT INTO t SELECT 1",
        "with x as (select 1) replace into t select 1",
        "pragma journal_mode = off",
        "attach 'x' as y",
        "drop table t",
        "begin",
    ] {
        let parsed = Statement::parse(text, Role::Read, &[]);
        assert!(matches!(parsed, Err(StatementError::Writes)), "{text}");
    }
    for text in ["select replace(a, 'b', 'c') from t", "values (1)", "with x as (select 1) select * from x"] {
        assert!(Statement::parse(text, Role::Read, &[]).is_ok(), "{text}");
    }
    assert!(Statement::parse("select \"delete\", 'update' from t", Role::Read, &[]).is_ok());
}

#[test]
fn what_writes_cannot_do_anything_else() {
    for text in [
        "select 1",
        "commit",
        "rollback",
        "pragma foreign_keys = off",
        "drop table t",
        "vacuum",
        "with x as (select 1) select 1",
    ] {
        let parsed = Statement::parse(text, Role::Write, &[]);
        assert!(matches!(parsed, Err(StatementError::Reads)), "{text}");
    }
}

#[test]
fn the_table_is_found_behind_the_verb() {
    for (text, verb, table) in [
        ("update accounts set x = 1", Verb::Update, "accounts"),
        ("UPDATE OR IGNORE main.\"the accounts\" SET x = 1", Verb::Update, "the accounts"),
        ("insert into accounts (x) values (1)", Verb::Insert, "accounts"),
        ("insert or replace into [a b] values (1)", Verb::Insert, "a b"),
        ("replace into accounts values (1)", Verb::Replace, "accounts"),
        ("delete from accounts where 1", Verb::Delete, "accounts"),
        ("with x as (select replace(1, 2, 3)) delete from y where z in x", Verb::Delete, "y"),
    ] {
        let target = write(text).target().cloned();
        assert_eq!(target, Some(Target { verb, table: table.to_owned() }), "{text}");
    }
}
