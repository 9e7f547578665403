//! What every table and every firewall promises, as tests: the sandbox and the adapters for AWS run all of them.
//!
//! ```ignore
//! ip_whitelist_manager::table_contract!(async || (SandboxTable::default(), ()));
//! ip_whitelist_manager::firewall_contract!(ignored: "needs an emulator of EC2", async || (a_site().await, ()));
//! ```
//!
//! The closure makes what is tried, empty, and whatever must live as long as it does (a server, a folder). Each promise
//! becomes a test of its own, which needs `tokio` with `macros` and `rt-multi-thread`. With `ignored: "needs …"` the
//! tests are ignored unless they are asked for.

pub mod firewall;
pub mod table;

/// One test for each promise of [`Table`](crate::ports::Table).
#[macro_export]
macro_rules! table_contract {
    (ignored: $why:literal, $make:expr) => {
        $crate::table_contract!(@each [#[ignore = $why]] $make);
    };
    ($make:expr) => {
        $crate::table_contract!(@each [] $make);
    };
    (@each $attributes:tt $make:expr) => {
        $crate::whitelist_contract_tests!($attributes ($make) table: [
            a_row_comes_back_as_it_went_in,
            what_is_there_is_not_written_over,
            a_row_is_changed_only_as_it_was_read,
            what_a_row_says_no_more_is_gone,
            what_is_gone_is_not_written_again,
            of_racing_writers_exactly_one_wins,
            a_row_is_removed_only_as_it_was_read,
            all_rows_of_a_network_are_read_and_no_others,
            many_keys_are_looked_up,
            an_environment_is_read_whole,
            a_row_is_expired_when_its_time_is_over,
            an_extension_wins_over_an_expiry,
        ]);
    };
}

/// One test for each promise of [`Firewall`](crate::ports::Firewall).
#[macro_export]
macro_rules! firewall_contract {
    (ignored: $why:literal, $make:expr) => {
        $crate::firewall_contract!(@each [#[ignore = $why]] $make);
    };
    ($make:expr) => {
        $crate::firewall_contract!(@each [] $make);
    };
    (@each $attributes:tt $make:expr) => {
        $crate::whitelist_contract_tests!($attributes ($make) firewall: [
            the_groups_are_found,
            what_is_authorised_is_ours,
            a_rule_of_somebody_else_is_not_ours,
            what_is_there_already_is_a_duplicate,
            another_port_is_another_rule,
            what_is_revoked_is_gone_alone,
            what_is_gone_already_is_not_found,
            groups_do_not_mix,
            a_full_group_takes_no_more,
            a_group_that_is_gone_is_said,
        ]);
    };
}

/// What both suites expand to.
#[doc(hidden)]
#[macro_export]
macro_rules! whitelist_contract_tests {
    ($attributes:tt $make:tt $port:ident: [$($promise:ident),+ $(,)?]) => {
        $($crate::whitelist_contract_tests!(@one $attributes $make $port $promise);)+
    };
    (@one [$(#[$attribute:meta])*] ($make:expr) $port:ident $promise:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        $(#[$attribute])*
        async fn $promise() {
            let (tried, _lives_as_long) = ($make)().await;
            $crate::contract::$port::$promise(std::sync::Arc::new(tried)).await;
        }
    };
}
