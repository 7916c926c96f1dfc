#!/usr/bin/env bash
# Runs the tests under checkers of memory and of threads. Fails on any finding, and where a checker misses one of the
# flaws on purpose of tests/flaws.rs and tests/flaws/addon.js.
#
#   tools/check-memory.sh [tool...]     (default: all; thread only where rust-src is installed)
#
#   valgrind          the Rust tests under valgrind
#   sanitizer         the Rust tests with AddressSanitizer
#   guarded           the Rust tests of guarded blocks, and flaws that these must see: see src/guard.rs
#   loom              the models of src/memory/models.rs: what threads do, in every order
#   thread            the Rust tests with ThreadSanitizer
#   mocha-sanitizer   mocha with an addon that is built with AddressSanitizer
#   mocha-guarded     the same with SMALLOC_GUARD=1
#
# All but guarded and loom need Linux on x86-64 or ARM64. valgrind has to be installed; AddressSanitizer needs nothing else for
# Rust, for RUSTC_BOOTSTRAP=1 has a stable compiler take the flag, and GCC's libasan.so for mocha. ThreadSanitizer knows
# a lock only where the standard library is built with it (54 findings in std's own code otherwise), which takes
# `rustup component add rust-src`. PROPTEST_CASES sets how many random cases a property gets.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

# Programs that are not run as they are. out_of_memory and many_blocks need address space, and each tool takes much of
# its own in the same process. flaws is what the tools must find.
excluded='/(out_of_memory|many_blocks|flaws)-[0-9a-f]*$'

# Not run by mocha here, as a regular expression on the titles of the tests: what measures resident bytes or mappings. The
# sanitizer has its own malloc, with shadow memory and a quarantine.
measured='memory in synchronous loops|the addon loaded and unloaded|^soak |than it may have mappings|^a host with much|^purge gives them back'
# Where blocks are guarded nothing is recycled, Node 20 moves no block, small allocations count as blocks, and there is a limit to the mappings.
recycled='went elsewhere|has its memory from the engine|finds what dispose gave back|as cached, in either kind of memory|does not count small allocations'

# Whole files: package.test.js and faults.test.js run cargo, which does not run with the runtime preloaded;
# memory-exhausted.test.js limits the address space, of which the sanitizer maps 20 TiB.
ignored=(test/package/package.test.js test/memory/faults.test.js test/memory/exhausted.test.js)

fail () {
  echo "$*" >&2
  exit 1
}

# Builds the Rust tests with these arguments to cargo; sets $programs to what is to be run, one a line, and $flaws.
build_tests () {
  local all
  all=$(cargo test --no-run --message-format=json "$@" | node -e '
    const lines = require("node:fs").readFileSync(0, "utf8").split("\n").filter((line) => line.startsWith("{"))
    for (const { profile, executable } of lines.map((line) => JSON.parse(line))) {
      if (profile?.test && executable) console.log(executable)
    }')
  flaws=$(grep '/flaws-[0-9a-f]*$' <<<"$all")
  programs=$(grep -vE "$excluded" <<<"$all")
}

# Runs the command after it on each test program; the programs come on standard input.
run_each () {
  local program count=0
  while read -r program; do
    echo "+ $* ${program#"$root"/}"
    "$@" "$program" </dev/null
    count=$((count + 1))
  done
  [ "$count" -gt 0 ] || fail 'no test programs found'
  echo "$count test programs: no findings"
}

# must_report <text> <command...>: fails unless the command does, and prints the text.
must_report () {
  local text=$1 output
  shift
  if output=$("$@" 2>&1 </dev/null); then
    fail "went unseen: $*"$'\n'"$output"
  fi
  grep -qF -- "$text" <<<"$output" || fail "not reported as '$text': $*"$'\n'"$output"
  echo "seen: ${*: -1}"
}

# must_report_flaw <text> <flaw> <command...>: the same for a flaw of tests/flaws.rs.
must_report_flaw () {
  local text=$1 flaw=$2
  shift 2
  must_report "$text" "$@" --ignored --exact "$flaw"
}

use_address_sanitizer () {
  export RUSTC_BOOTSTRAP=1 RUSTFLAGS='-Zsanitizer=address'
  host=$(rustc --version --verbose | sed -n 's/^host: //p')
  echo "AddressSanitizer of $(rustc --version)"
}

check_valgrind () {
  command -v valgrind >/dev/null || fail 'valgrind is not installed'
  export PROPTEST_CASES=${PROPTEST_CASES:-8}
  valgrind --version
  build_tests
  local command=(valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect
    --errors-for-leak-kinds=definite,indirect)
  must_report_flaw 'Invalid read of size 1' reads_memory_that_is_freed "${command[@]}" "$flaws"
  must_report_flaw 'Invalid write of size 1' writes_past_the_end_of_memory "${command[@]}" "$flaws"
  must_report_flaw '12,345 bytes in 1 blocks are definitely lost' leaks "${command[@]}" "$flaws"
  run_each "${command[@]}" <<<"$programs"
}

check_sanitizer () {
  export PROPTEST_CASES=${PROPTEST_CASES:-64}
  use_address_sanitizer
  build_tests --target "$host" --target-dir target/sanitizer
  local command=(env ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1)
  must_report_flaw heap-use-after-free reads_memory_that_is_freed "${command[@]}" "$flaws"
  must_report_flaw heap-buffer-overflow writes_past_the_end_of_memory "${command[@]}" "$flaws"
  must_report_flaw 'leak of 12345 byte(s)' leaks "${command[@]}" "$flaws"
  run_each "${command[@]}" <<<"$programs"
}

check_guarded () {
  build_tests
  local flaw
  for flaw in writes_to_a_block_that_is_given_back writes_before_a_block writes_past_the_end_of_a_block; do
    # The shell that reports the signal is this one.
    must_report 'Segmentation fault' bash -c '"$@"; exit' bash "$flaws" --ignored --exact "$flaw"
    must_report_flaw 'smalloc: Allocation 1, of' "$flaw" "$flaws"
  done
  must_report_flaw 'was written to 1 bytes past its end' writes_past_the_end_of_a_block_into_its_last_page "$flaws"
  run_each env <<<"$(grep '/smalloc-[0-9a-f]*$' <<<"$programs")"
}

# LOOM_MAX_PREEMPTIONS sets how often a thread may be interrupted where it need not wait.
check_loom () {
  RUSTFLAGS='--cfg loom' cargo test --lib --target-dir target/loom models::
}

has_rust_src () {
  [ -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library" ]
}

check_thread () {
  has_rust_src || fail 'needs the sources of the standard library: rustup component add rust-src'
  export PROPTEST_CASES=${PROPTEST_CASES:-16} RUSTC_BOOTSTRAP=1 RUSTFLAGS='-Zsanitizer=thread'
  host=$(rustc --version --verbose | sed -n 's/^host: //p')
  echo "ThreadSanitizer of $(rustc --version)"
  build_tests -Zbuild-std --target "$host" --target-dir target/thread
  must_report_flaw 'ThreadSanitizer: data race' writes_from_two_threads_without_a_lock "$flaws"
  run_each env <<<"$programs"
}

# lay_out <name> <features>: lays the package out in $folder with an $addon that is built with AddressSanitizer and these
# features, and the flawed one beside it.
lay_out () {
  local features=$2
  folder=$root/target/mocha-$1
  use_address_sanitizer
  cargo build --lib --example flawed_addon --features "$features" --target "$host" --target-dir target/sanitizer
  addon=smalloc.$(node -p 'require("./lib/native/platform").platformNames()[0]').node
  rm -rf "$folder"
  mkdir -p "$folder" .runtimes
  git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --target-directory "$folder"
  ln -s "$root/node_modules" "$root/.runtimes" "$folder"
  cp "target/sanitizer/$host/debug/libsmalloc.so" "$folder/$addon"
  cp "target/sanitizer/$host/debug/examples/libflawed_addon.so" "$folder/flawed.node"
}

# with_runtime <options> <command...>. rustc leaves the runtime of the sanitizer to the executable, which is node here: it
# has to be preloaded, and rustc brings none that could be. GCC's has the same interface as LLVM's, and says so when the
# addon is loaded (`__asan_version_mismatch_check_v8`). handle_segv=2: V8 would take the signal otherwise.
with_runtime () {
  local options=$1 runtime
  shift
  runtime=$(gcc -print-file-name=libasan.so)
  [ -f "$runtime" ] || fail 'gcc has no libasan.so'
  (cd "$folder" && env "ASAN_OPTIONS=handle_segv=2:$options" "LD_PRELOAD=$runtime" "$@")
}

# Runs mocha in $folder with the addon there. In $folder/reports are the findings of all processes: one of them could be
# taken for the failure that a test expects of its child.
run_mocha () {
  local options=$1
  shift
  rm -rf "$folder/reports"
  mkdir "$folder/reports"
  with_runtime "$options:log_path=$folder/reports/report" node_modules/.bin/mocha --reporter dot --timeout 180000 "$@"
}

find_misuse () {
  local ignore=() file status=0
  for file in "${ignored[@]}"; do ignore+=(--ignore "$file"); done
  # What node and V8 leave behind when a process exits are thousands of leaks.
  run_mocha detect_leaks=0 "${ignore[@]}" --invert --grep "$1" || status=$?
  cat "$folder"/reports/* 2>/dev/null && fail 'findings'
  [ "$status" -eq 0 ] || fail "mocha ended with $status"
}

# Looks for leaks of what the addon itself has allocated, which is the caller of malloc then, in the tests that start no
# process: to look takes seconds at each exit.
find_leaks () {
  local files
  files=$(cd "$folder" && grep -LE 'support/child|child_process|tools/compare' $(find test -name '*.test.js'))
  # Without .mocharc.json, which names all files. It ends with an error for the leaks of node's own.
  # shellcheck disable=SC2086 # the files are words
  run_mocha detect_leaks=1:symbolize=0 --no-config --node-option expose-gc $files >/dev/null || true
  grep -B 2 -A 8 -- " #1 .*/${addon//./\\.}+" "$folder"/reports/* && fail 'leaks'
  echo "$(cat "$folder"/reports/* | grep -c 'leak of') leaks of node's and V8's own, none of the addon's"
}

check_mocha-sanitizer () {
  lay_out sanitizer ''
  local flawed=(node tests/flaws/addon.js ./flawed.node)
  must_report heap-use-after-free with_runtime detect_leaks=0 "${flawed[@]}" 'reads memory that is freed'
  must_report heap-buffer-overflow with_runtime detect_leaks=0 "${flawed[@]}" 'writes past the end of memory'
  must_report 'leak of 12345 byte(s)' with_runtime detect_leaks=1 "${flawed[@]}" leaks
  find_misuse "$measured"
  find_leaks
}

check_mocha-guarded () {
  lay_out guarded ''
  export SMALLOC_GUARD=1
  local flaw
  for flaw in 'JavaScript writes to a block that is given back' 'JavaScript writes past the end of a block'; do
    must_report 'AddressSanitizer: SEGV' with_runtime detect_leaks=0 node tests/flaws/addon.js ./flawed.node "$flaw"
  done
  find_misuse "$measured|$recycled"
}

if [ $# -eq 0 ]; then
  set -- valgrind sanitizer guarded loom mocha-sanitizer mocha-guarded
  if has_rust_src; then set -- "$@" thread; else echo 'thread is left out: it needs rust-src'; fi
fi
for tool; do
  (set -euo pipefail; "check_$tool")
done
