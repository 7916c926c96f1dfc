#!/usr/bin/env bash
# Runs a command in the Debian of tools/platforms/set-up.sh, in this folder:
#
#   tools/platforms/enter.sh COMMAND [ARGUMENT...]
#
# What is mounted for it is mounted in a namespace of its own, and gone when the command ends. Needs root.
set -euo pipefail
project=$(realpath "$(dirname "$0")/../..")
debian=$project/.runtimes/platforms/debian
modules=$(realpath "$project/node_modules")

mounted=$(cat <<'SCRIPT'
set -e
project=$1 debian=$2 modules=$3
shift 3
mount -t proc proc "$debian/proc"
mount --rbind /dev "$debian/dev"
mount --rbind /sys "$debian/sys"
mkdir -p "$debian$project" "$debian$modules"
mount --bind "$project" "$debian$project"
mount --bind "$modules" "$debian$modules"
# The certificates that this machine trusts, and the servers of names that it asks.
mount --bind /etc/ssl/certs "$debian/etc/ssl/certs"
cp /etc/resolv.conf /etc/hosts "$debian/etc/"
certificates=/etc/ssl/certs/ca-certificates.crt
exec env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 SMALLOC_ENGINE_MEMORY="${SMALLOC_ENGINE_MEMORY-}" \
  SSL_CERT_FILE=$certificates CARGO_HTTP_CAINFO=$certificates \
  chroot "$debian" bash -c 'cd "$1" && shift && exec "$@"' bash "$project" "$@"
SCRIPT
)
exec unshare --mount bash -c "$mounted" enter "$project" "$debian" "$modules" "$@"
