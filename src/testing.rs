//! Code for tests only: injected faults for mocha, flaws for the memory checkers, and the ledger for the Rust tests.

#[cfg(all(any(feature = "faults", feature = "flaws"), not(debug_assertions)))]
compile_error!("the features `faults` and `flaws` are for tests: they have no place in a release build");

#[cfg(feature = "faults")]
pub mod faults;
#[cfg(feature = "flaws")]
pub mod flaws;
#[cfg(test)]
pub mod ledger;
