//! The pure core of Countersign: sentences, policy, plans, votes, operations and their audit. No I/O, no clock, no randomness.
