fn main() {
    napi_build::setup();
    // Node closes an addon when the last environment that loaded it ends. If only workers had loaded it, the thread
    // that gives idle memory back (src/memory/purge.rs) would then run unmapped code.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
    }
}
