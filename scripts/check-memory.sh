#!/usr/bin/env bash
# Runs the Rust tests under valgrind and under AddressSanitizer. Fails on any finding.
#
#   scripts/check-memory.sh [valgrind] [sanitizer]     (default: both)
#
# Needs valgrind; AddressSanitizer needs x86-64 or ARM64 Linux and nothing else: RUSTC_BOOTSTRAP=1 has a stable compiler
# take the flag. PROPTEST_CASES sets how many random cases a property gets.
set -euo pipefail
cd "$(dirname "$0")/.."

# Has to run out of memory for real. Both tools need memory of their own in the same process.
excluded=out_of_memory

# Prints the test programs that `cargo test` with these arguments would run.
test_programs () {
  cargo test --no-run --message-format=json "$@" | node -e '
    const lines = require("node:fs").readFileSync(0, "utf8").split("\n").filter((line) => line.startsWith("{"))
    for (const { profile, executable, target } of lines.map((line) => JSON.parse(line))) {
      if (profile?.test && executable && !target.name.includes(process.argv[1])) console.log(executable)
    }' "$excluded"
}

# Runs the command after it on each test program; the programs come on standard input.
run_each () {
  local program count=0
  while read -r program; do
    echo "+ $* ${program#"$PWD"/}"
    "$@" "$program" </dev/null
    count=$((count + 1))
  done
  [ "$count" -gt 0 ] || { echo 'no test programs found' >&2; exit 1; }
  echo "$count test programs: no findings"
}

check_valgrind () {
  command -v valgrind >/dev/null || { echo 'valgrind is not installed' >&2; exit 1; }
  export PROPTEST_CASES=${PROPTEST_CASES:-8}
  valgrind --version
  local programs
  programs=$(test_programs)
  run_each valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect \
    --errors-for-leak-kinds=definite,indirect <<<"$programs"
}

check_sanitizer () {
  export PROPTEST_CASES=${PROPTEST_CASES:-64}
  export RUSTC_BOOTSTRAP=1 RUSTFLAGS='-Zsanitizer=address'
  local host programs
  host=$(rustc --version --verbose | sed -n 's/^host: //p')
  echo "AddressSanitizer of $(rustc --version)"
  programs=$(test_programs --target "$host" --target-dir target/sanitizer)
  run_each env ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1 <<<"$programs"
}

[ $# -gt 0 ] || set -- valgrind sanitizer
for tool in "$@"; do
  (set -euo pipefail; "check_$tool")
done
