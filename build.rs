fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // The addon must stay loaded: see src/library.rs. With `nodelete`, a system with ELF never unloads it. The other systems do
    // it at run time.
    let is = |what: &str, value: &str| std::env::var(what).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_FAMILY", "unix") && !is("CARGO_CFG_TARGET_VENDOR", "apple") {
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
    }
}
