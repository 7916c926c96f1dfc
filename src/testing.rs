//! What only tests need.

#[cfg(feature = "faults")]
pub mod faults;
#[cfg(test)]
pub mod ledger;
