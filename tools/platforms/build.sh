#!/usr/bin/env bash
# Builds the addon for a Rust target, in the Debian of set-up.sh, and copies it to FILE:
#
#   tools/platforms/enter.sh tools/platforms/build.sh TARGET FILE [faults]
#   tools/platforms/enter.sh tools/platforms/build.sh TARGET check
#
# With `faults` it is the one for test/memory/faults.test.js. `check` only runs clippy, on all code. Debian has no standard
# library of other targets, so that is built as well: what cargo calls -Zbuild-std, which a stable Rust allows under
# RUSTC_BOOTSTRAP.
set -euo pipefail
target=$1 file=$2
platforms=$PWD/.runtimes/platforms
export RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=target/platforms
export PATH=$platforms/bin:$platforms/zig/ziglang:$PATH CARGO_ZIGBUILD_ZIG_PATH=$platforms/zig/ziglang/zig
# A library is linked to musl dynamically: Node is.
case $target in *musl) export RUSTFLAGS=-Ctarget-feature=-crt-static ;; esac
std=-Zbuild-std=std,panic_abort,panic_unwind

if [ "$file" = check ]; then
  exec cargo clippy --quiet $std,test --target "$target" --all-targets --all-features -- -D warnings
fi

options=(--quiet --release $std --target "$target")
# Faults need assertions. Those of this package alone, so that everything else is built once.
[ "${3-}" != faults ] || options+=(--features faults --config profile.release.package.smalloc.debug-assertions=true)

built=target/platforms/$target/release
case $target in
  *windows-gnu)
    CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc cargo build "${options[@]}"
    cp "$built/smalloc.dll" "$file"
    ;;
  *windows-gnullvm)
    cargo-zigbuild zigbuild "${options[@]}"
    cp "$built/smalloc.dll" "$file"
    ;;
  *apple*)
    # Debian has no rust-objcopy to strip it with.
    export CARGO_PROFILE_RELEASE_STRIP=none
    cargo-zigbuild zigbuild "${options[@]}"
    cp "$built/libsmalloc.dylib" "$file"
    ;;
  *)
    cargo-zigbuild zigbuild "${options[@]}"
    cp "$built/libsmalloc.so" "$file"
    ;;
esac
