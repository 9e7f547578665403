//! Stories: the walk through the product, as people see it.

mod answers;
mod approval;
mod audit;
mod drift;
mod elsewhere;
mod faults;
mod freezes;
mod help;
mod people;
mod restart;
mod secret;
mod side_by_side;
mod slack;
mod slash;
mod terminal;
mod turns;
mod whitelist;
mod without_database;
mod work;

/// What ana says in most of these stories.
const SET_TRIAL: &str = "@Backoffice Bot set acme trial remaining to 14 days";
/// What that changes.
const ACME_PLAN: &str = "select plan from accounts where subdomain = 'acme'";
/// The emoji that approves.
const YES: &str = "white_check_mark";
/// The emoji that objects.
const NO: &str = "x";
