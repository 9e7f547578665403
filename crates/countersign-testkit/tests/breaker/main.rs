//! Stories of attackers, and of what stops them.

mod attacks;
mod defences;

use std::path::PathBuf;

use countersign_testkit::World;

/// What ana says in most of these stories.
const SET_TRIAL: &str = "@Backoffice Bot set acme trial remaining to 14 days";
/// What that changes.
const ACME_PLAN: &str = "select plan from accounts where subdomain = 'acme'";
/// The emoji that approves.
const YES: &str = "white_check_mark";
/// The emoji that objects.
const NO: &str = "x";

/// Commands that an attacker likes.
const CONFIG: &str = r#"
[bot]
name = "Backoffice Bot"
[access]
users = ["*"]
channels = ["backoffice"]
shared_channels = ["backoffice"]
[channels]
backoffice = "C0BACKOFFICE"
[groups]
signers = ["U0BEN"]
[databases.app]
url = "sqlite:demo.db"

[[command]]
pattern = "set <subdomain:slug> trial remaining to <days:int(1..=90)> days"
description = "Set a trial."
examples = ["set acme trial remaining to 14 days"]
channels = ["backoffice"]
risk = "high"
[command.sql]
database = "app"
preview = "select subdomain, plan from accounts where subdomain = :subdomain"
execute = "update accounts set plan = 'enterprise', seats = :days where subdomain = :subdomain"
rows = 1

[[command]]
pattern = "remark on <subdomain:slug> <note:text>"
description = "Write a note."
channels = ["backoffice"]
risk = "high" # remark
[command.sql]
database = "app"
preview = "select subdomain, note from accounts where subdomain = :subdomain"
execute = "update accounts set note = :note where subdomain = :subdomain"
rows = 1

[[command]]
pattern = "tag everybody as <tag:word>"
description = "Tag a hundred accounts."
channels = ["backoffice"]
risk = "high"
[command.sql]
database = "app"
preview = "select subdomain, note from accounts order by id limit 100"
execute = "update accounts set note = :tag where id in (select id from accounts order by id limit 100)"
rows = 100

[[command]]
pattern = "upgrade <subdomain:slug>"
description = "Upgrade an account."
channels = ["backoffice"]
risk = "high"
approval = { others = 1, from = ["signers"] }
[command.sql]
database = "app"
preview = "select name, plan from accounts where subdomain = :subdomain"
execute = "update accounts set plan = 'enterprise' where subdomain = :subdomain"
rows = 1
"#;

/// A file in the world's folder.
fn beside(w: &World, name: &str) -> PathBuf {
    w.database.connect_options().get_filename().with_file_name(name)
}
