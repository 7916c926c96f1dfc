#!/usr/bin/env bash
# Runs the tests under checkers of memory and of threads. Fails on any finding, and if a checker does not report one of the
# bugs that are planted in tests/flaws.rs and tests/flaws.js.
#
#   tools/check-memory.sh [tool...]     (default: all; thread only if rust-src is installed)
#
# docs/development.md says what each tool does. All but guarded and loom need Linux on x86-64 or ARM64; valgrind has to be
# installed; the two with mocha need GCC's libasan.so. PROPTEST_CASES sets how many random cases a property gets,
# LOOM_MAX_PREEMPTIONS how often a thread may be interrupted where it need not wait.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

# Test programs that are not run as they are. out_of_memory and many_blocks need address space, and each tool takes much of
# its own. flaws has the planted bugs.
excluded='/(out_of_memory|many_blocks|flaws)-[0-9a-f]*$'

# Titles of tests that mocha does not run here. They measure resident bytes or mappings, and the sanitizer has its own malloc,
# with shadow memory and a quarantine. Or they limit the address space, of which it maps 20 TiB.
measured='memory in synchronous loops|the addon loaded and unloaded|^soak |than it may have mappings|^a host with much|^purge gives them back|Node 20 must copy and there is no memory'
# With guarded blocks nothing is recycled, the budget of a turn is another one, and small allocations count as blocks. Mappings are
# limited, and a message appears where that limit is reached.
recycled='has its memory from the engine|finds what dispose gave back|as cached, in either kind of memory|slices and small allocations|of each small |^cachedBytes counts|budget starts afresh|that calls super twice|ends while everything is held'

# The first two run cargo, which does not run with the runtime preloaded. The third limits the address space. The last one
# crashes processes on purpose: the sanitizer would take the signal.
ignored=(--ignore test/package/package.test.js --ignore test/memory/faults.test.js --ignore test/memory/exhausted.test.js
  --ignore test/robustness/guard.test.js)

fail () {
  echo "$*" >&2
  exit 1
}

# build_tests <arguments of cargo...>: sets $programs, the test programs to run, one a line, and $flaws.
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

# Arguments for each test program.
test_args=()

# run_each <command...>: runs the command on each of $programs, with $test_args.
run_each () {
  local program
  [ -n "$programs" ] || fail 'no test programs found'
  while read -r program; do
    echo "+ $* ${program#"$root"/}"
    "$@" "$program" "${test_args[@]}" </dev/null
  done <<<"$programs"
  echo "$(wc -l <<<"$programs") test programs: no findings"
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

# must_report_flaw <text> <bug> [command...]: the same for a planted bug of tests/flaws.rs.
must_report_flaw () {
  local text=$1 bug=$2
  must_report "$text" "${@:3}" "$flaws" --ignored --exact "$bug"
}

# check_rust <text of a bad read> <of a bad write> <of a leak> <command...>
check_rust () {
  must_report_flaw "$1" reads_memory_that_is_freed "${@:4}"
  must_report_flaw "$2" writes_past_the_end_of_memory "${@:4}"
  must_report_flaw "$3" leaks "${@:4}"
  run_each "${@:4}"
}

# use_sanitizer <name>: RUSTC_BOOTSTRAP=1 makes a stable compiler take the flag. Sets $host.
use_sanitizer () {
  export RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=$1"
  host=$(rustc --version --verbose | sed -n 's/^host: //p')
  echo "sanitizer: $1, $(rustc --version)"
}

check_valgrind () {
  command -v valgrind >/dev/null || fail 'valgrind is not installed'
  export PROPTEST_CASES=${PROPTEST_CASES:-8}
  valgrind --version
  # The guard's tests have more mappings than valgrind can count (VG_N_SEGMENTS), and touch pages without access on purpose.
  local test_args=(--skip guard::tests)
  build_tests
  check_rust 'Invalid read of size 1' 'Invalid write of size 1' '12,345 bytes in 1 blocks are definitely lost' \
    valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect \
    --errors-for-leak-kinds=definite,indirect
}

check_sanitizer () {
  export PROPTEST_CASES=${PROPTEST_CASES:-64}
  use_sanitizer address
  build_tests --target "$host" --target-dir target/sanitizer
  check_rust heap-use-after-free heap-buffer-overflow 'leak of 12345 byte(s)' \
    env ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1
}

check_guarded () {
  build_tests
  local bug
  for bug in writes_to_a_block_that_is_given_back writes_before_a_block writes_past_the_end_of_a_block; do
    # The shell that reports the signal is this one.
    must_report_flaw 'Segmentation fault' "$bug" bash -c '"$@"; exit' bash
    must_report_flaw 'smalloc: Allocation 1, of' "$bug"
  done
  must_report_flaw 'was written to 1 bytes past its end' writes_past_the_end_of_a_block_into_its_last_page
  programs=$(grep '/smalloc-[0-9a-f]*$' <<<"$programs")
  run_each env
}

check_loom () {
  RUSTFLAGS='--cfg loom' cargo test --lib --target-dir target/loom models::
}

has_rust_src () {
  [ -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library" ]
}

# ThreadSanitizer knows a lock only if the standard library is built with it: otherwise it has 54 findings in std's own code.
check_thread () {
  has_rust_src || fail 'needs the sources of the standard library: rustup component add rust-src'
  export PROPTEST_CASES=${PROPTEST_CASES:-16}
  use_sanitizer thread
  build_tests -Zbuild-std --target "$host" --target-dir target/thread
  must_report_flaw 'ThreadSanitizer: data race' writes_from_two_threads_without_a_lock
  run_each env
}

# lay_out <name>: lays the package out in $folder, with an $addon that is built with AddressSanitizer, and with flawed.node,
# which has the planted bugs.
lay_out () {
  folder=$root/target/mocha-$1
  use_sanitizer address
  local built=target/sanitizer/$host/debug/libsmalloc.so
  cargo build --lib --features flaws --target "$host" --target-dir target/sanitizer
  cp "$built" target/flawed.node
  cargo build --lib --target "$host" --target-dir target/sanitizer
  addon=smalloc.$(node -p 'require("./lib/native/platform").platformNames()[0]').node
  rm -rf "$folder"
  mkdir -p "$folder" .runtimes
  git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --target-directory "$folder"
  ln -s "$root/node_modules" "$root/.runtimes" "$folder"
  cp "$built" "$folder/$addon"
  mv target/flawed.node "$folder"
}

# with_runtime <options> <command...>: runs it in $folder with the runtime of the sanitizer. rustc leaves that to the
# executable, which is node here, so it is preloaded. rustc brings none for this; GCC's has the same interface as LLVM's, and
# says so when the addon is loaded (`__asan_version_mismatch_check_v8`). handle_segv=2: V8 would take the signal otherwise.
with_runtime () {
  local options=$1 runtime
  runtime=$(gcc -print-file-name=libasan.so)
  [ -f "$runtime" ] || fail 'gcc has no libasan.so'
  (cd "$folder" && env "ASAN_OPTIONS=handle_segv=2:$options" "LD_PRELOAD=$runtime" "${@:2}")
}

# addon_must_report <text> <bug> [options]: a planted bug of tests/flaws.js.
addon_must_report () {
  must_report "$1" with_runtime "${3:-detect_leaks=0}" node tests/flaws.js ./flawed.node "$2"
}

# run_mocha <options> <arguments...>: in $folder. The findings of all processes go to $folder/reports: a test that expects its
# child to fail could take one for that failure.
run_mocha () {
  rm -rf "$folder/reports"
  mkdir "$folder/reports"
  with_runtime "$1:log_path=$folder/reports/report" node_modules/.bin/mocha --reporter dot --timeout 180000 "${@:2}"
}

# find_misuse <titles>: runs mocha without the tests of these titles. Leaks are not looked for: node and V8 leave thousands
# when a process exits.
find_misuse () {
  local status=0
  run_mocha detect_leaks=0 "${ignored[@]}" --invert --grep "$1" || status=$?
  cat "$folder"/reports/* 2>/dev/null && fail 'findings'
  [ "$status" -eq 0 ] || fail "mocha ended with $status"
}

# Looks for leaks that the addon itself has allocated: it is the caller of malloc then. Only in the tests that start no process:
# the search takes seconds at each exit.
find_leaks () {
  local files
  files=$(cd "$folder" && grep -LE 'support/child|child_process|tools/compare' $(find test -name '*.test.js'))
  # Mocha ends with an error because of node's own leaks.
  # shellcheck disable=SC2086 # the files are words
  run_mocha detect_leaks=1:symbolize=0 $files >/dev/null || true
  grep -B 2 -A 8 -- " #1 .*/${addon//./\\.}+" "$folder"/reports/* && fail 'leaks'
  echo "$(cat "$folder"/reports/* | grep -c 'leak of') leaks of node's and V8's own, none of the addon's"
}

check_mocha-sanitizer () {
  lay_out sanitizer
  addon_must_report heap-use-after-free 'reads memory that is freed'
  addon_must_report heap-buffer-overflow 'writes past the end of memory'
  addon_must_report 'leak of 12345 byte(s)' leaks detect_leaks=1
  find_misuse "$measured"
  find_leaks
}

check_mocha-guarded () {
  [ "$(node -p 'typeof ArrayBuffer.prototype.transfer')" = function ] || fail 'needs Node 22: Node 20 cannot move a block'
  lay_out guarded
  export SMALLOC_GUARD=1
  addon_must_report 'AddressSanitizer: SEGV' 'JavaScript writes to a block that is given back'
  addon_must_report 'AddressSanitizer: SEGV' 'JavaScript writes past the end of a block'
  find_misuse "$measured|$recycled"
}

if [ $# -eq 0 ]; then
  set -- valgrind sanitizer guarded loom mocha-sanitizer mocha-guarded
  if has_rust_src; then set -- "$@" thread; else echo 'thread is left out: it needs rust-src'; fi
fi
for tool; do
  (set -euo pipefail; "check_$tool")
done
