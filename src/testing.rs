//! What only tests need.

#[cfg(feature = "faults")]
pub mod faults;
#[cfg(feature = "guarded")]
pub mod guarded;
#[cfg(test)]
pub mod ledger;
