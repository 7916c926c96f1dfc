fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // The purge thread may outlive the environments that have loaded the addon, so the addon must stay loaded: see
    // src/library.rs. With `nodelete`, Linux never unloads it. The other systems do it at run time.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete");
    }
}
