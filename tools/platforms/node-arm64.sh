#!/bin/sh
# Runs the Node.js of $SMALLOC_NODE, which is for Linux on ARM64, under QEMU; and so do the programs that it starts.
here=$(dirname "$(realpath "$0")")
export SMALLOC_EXEC_PATH="$here/node-arm64.sh"
export QEMU_LD_PREFIX="$here/../../.runtimes/platforms/arm64"
exec qemu-aarch64 "$here/../../$SMALLOC_NODE" --require "$here/exec-path.js" "$@"
