//! What every store promises, as tests: each store runs all of them in its own test suite.
//!
//! ```ignore
//! countersign_engine::ledger_contract!(async || (MemoryLedger::default(), ()));
//! countersign_engine::inbox_contract!(async || (MemoryInbox::default(), ()));
//! ```
//!
//! The closure makes an empty store and whatever must live as long as it does
//! (a folder, a server). Each promise becomes a test of its own, which needs
//! `tokio` with `macros` and `rt-multi-thread` among the store's dependencies.
//! A store that needs something which is not always there says so (`ignored: "needs …", async || …`): then the
//! tests are ignored unless they are asked for.

pub mod freezes;
pub mod inbox;
pub mod ledger;
mod records;

#[cfg(test)]
pub(crate) fn a_request() -> countersign_core::audit::Record {
    records::first(1)
}

/// One test for each promise of [`Inbox`](crate::ports::Inbox).
#[macro_export]
macro_rules! inbox_contract {
    (ignored: $why:literal, $make:expr) => {
        $crate::inbox_contract!(@each [#[ignore = $why]] $make);
    };
    ($make:expr) => {
        $crate::inbox_contract!(@each [] $make);
    };
    (@each $attributes:tt $make:expr) => {
        $crate::contract_tests!($attributes ($make) inbox: [
            a_delivery_is_new_once,
            what_passes_is_known_and_waits_for_nobody,
            the_first_copy_is_the_one_that_stays,
            what_waits_comes_in_order,
            what_is_done_waits_no_more_and_stays_known,
            of_racing_copies_exactly_one_is_new,
            text_comes_back_as_it_went_in,
            what_is_set_aside_waits_no_more_and_is_kept,
            pruning_forgets_what_is_old_and_done,
            pruning_forgets_many,
            pruning_keeps_the_newest_of_what_was_set_aside,
        ]);
    };
}

/// One test for each promise of [`Ledger`](crate::ports::Ledger).
#[macro_export]
macro_rules! ledger_contract {
    (ignored: $why:literal, $make:expr) => {
        $crate::ledger_contract!(@each [#[ignore = $why]] $make);
    };
    ($make:expr) => {
        $crate::ledger_contract!(@each [] $make);
    };
    (@each $attributes:tt $make:expr) => {
        $crate::contract_tests!($attributes ($make) ledger: [
            a_key_begins_one_operation,
            of_racing_beginners_exactly_one_begins,
            only_a_request_begins_an_operation,
            what_was_appended_is_loaded_in_order,
            a_stale_head_is_a_conflict_and_writes_nothing,
            all_records_are_appended_or_none,
            of_racing_appenders_exactly_one_wins,
            what_answers_a_delivery_is_appended,
            what_never_began_cannot_grow,
            a_broken_chain_is_not_taken,
            operations_do_not_mix,
            a_request_is_found_by_its_message,
            a_card_is_found_by_its_message,
            the_first_operation_keeps_a_message,
            what_is_open_comes_in_order_until_it_is_closed,
            records_read_back_fold_and_verify,
            what_is_due_comes_in_time,
            a_conflict_moves_nothing,
            a_line_keeps_its_order,
            locks_do_not_mix,
            of_racing_operations_one_is_first,
            what_has_moved_is_unsealed,
            checkpoints_follow_one_another,
        ]);
    };
}

/// One test for each promise of [`Freezes`](crate::ports::Freezes).
#[macro_export]
macro_rules! freezes_contract {
    (ignored: $why:literal, $make:expr) => {
        $crate::freezes_contract!(@each [#[ignore = $why]] $make);
    };
    ($make:expr) => {
        $crate::freezes_contract!(@each [] $make);
    };
    (@each $attributes:tt $make:expr) => {
        $crate::contract_tests!($attributes ($make) freezes: [
            a_freeze_stands_until_its_end,
            one_thing_has_one_freeze,
            a_freeze_can_be_ended,
        ]);
    };
}

/// What all suites expand to.
#[doc(hidden)]
#[macro_export]
macro_rules! contract_tests {
    ($attributes:tt $make:tt $port:ident: [$($promise:ident),+ $(,)?]) => {
        $($crate::contract_tests!(@one $attributes $make $port $promise);)+
    };
    (@one [$(#[$attribute:meta])*] ($make:expr) $port:ident $promise:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        $(#[$attribute])*
        async fn $promise() {
            let (store, _lives_as_long) = ($make)().await;
            $crate::contract::$port::$promise(std::sync::Arc::new(store)).await;
        }
    };
}
