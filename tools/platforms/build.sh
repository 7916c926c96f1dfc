#!/usr/bin/env bash
# Builds the addon for a Rust target, in the Debian of set-up.sh, and puts it under the name it has in the package:
#
#   tools/platforms/enter.sh tools/platforms/build.sh TARGET NAME [check]
#
# With `check` it only runs clippy, on all code. Debian has no standard library of other targets, so that is built as well:
# what cargo calls -Zbuild-std, which a stable Rust allows under RUSTC_BOOTSTRAP.
set -euo pipefail
target=$1 name=$2
platforms=$PWD/.runtimes/platforms
export RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=target/platforms
export PATH=$platforms/bin:$platforms/zig/ziglang:$PATH CARGO_ZIGBUILD_ZIG_PATH=$platforms/zig/ziglang/zig
# A library is linked to musl dynamically: Node is.
case $target in *musl) export RUSTFLAGS=-Ctarget-feature=-crt-static ;; esac
std=-Zbuild-std=std,panic_abort,panic_unwind

if [ "${3-}" = check ]; then
  exec cargo clippy --quiet $std,test --target "$target" --all-targets --features faults -- -D warnings
fi

built=target/platforms/$target/release
case $target in
  *windows-gnu)
    # napi-build wants to link to libnode.dll; the symbols of Node-API are looked up at run time, so any will do.
    export LIBNODE_PATH=$PWD/target/platforms/libnode CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc
    mkdir -p "$LIBNODE_PATH"
    echo 'int unused;' | x86_64-w64-mingw32-gcc -shared -x c - -o "$LIBNODE_PATH/libnode.dll"
    cargo build --quiet --release $std --target "$target"
    cp "$built/smalloc.dll" "$name"
    ;;
  *apple*)
    # Debian has no rust-objcopy to strip it with.
    export CARGO_PROFILE_RELEASE_STRIP=none
    cargo-zigbuild zigbuild --quiet --release $std --target "$target"
    cp "$built/libsmalloc.dylib" "$name"
    ;;
  *)
    cargo-zigbuild zigbuild --quiet --release $std --target "$target"
    cp "$built/libsmalloc.so" "$name"
    ;;
esac
