//! Code for tests only: injected faults for mocha, flaws for the memory checkers; for the Rust tests the ledger,
//! random numbers and a fast comparison.

#[cfg(all(any(feature = "faults", feature = "flaws"), not(debug_assertions)))]
compile_error!("the features `faults` and `flaws` are for tests: they have no place in a release build");

#[cfg(feature = "faults")]
pub mod faults;
#[cfg(feature = "flaws")]
pub mod flaws;
#[cfg(test)]
pub mod ledger;

/// Calls `property` with many generators of random numbers: `RANDOM_CASES` in the environment says how many. The last seed in the
/// output of a test that fails is the one with which it failed; `RANDOM_SEED` makes that one run alone.
///
/// proptest would make a failing case smaller. But with its crates, lint and build of the tests take 54 s of processor time, and
/// 22 s without.
#[cfg(test)]
pub fn for_many_seeds(mut property: impl FnMut(&mut fastrand::Rng)) {
    let number = |name| std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text}")));
    let is_long = std::env::var("SMALLOC_LONG").is_ok_and(|value| value == "1");
    let (first, cases) = match number("RANDOM_SEED") {
        Some(seed) => (seed, 1),
        None => (fastrand::u64(..1 << 53), number("RANDOM_CASES").unwrap_or(if is_long { 1000 } else { 64 })),
    };
    for seed in first..first + cases {
        println!("RANDOM_SEED={seed}");
        property(&mut fastrand::Rng::with_seed(seed));
    }
}

/// Whether each of the bytes is `byte`: the first is, and each equals the one before it. That is fast without optimization, too.
#[cfg(test)]
pub fn holds_only(bytes: &[u8], byte: u8) -> bool {
    bytes.first().is_none_or(|first| *first == byte && bytes[1..] == bytes[..bytes.len() - 1])
}
