//! Code for tests only: injected faults for mocha, and the ledger for the Rust tests.

#[cfg(feature = "faults")]
pub mod faults;
#[cfg(test)]
pub mod ledger;
