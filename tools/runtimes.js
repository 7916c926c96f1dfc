'use strict'

// Runs the mocha suite on the runtimes of runtimes.json and prints a table. Fails if a test fails. runtimes.json also says what
// of the suite a runtime does not run (`notRun`), with the reason.
//
//   node tools/runtimes.js [id...]     (default: all)

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { fetchPackage } = require('./fetch-package')
const { runtimes } = require('./runtimes.json')
const { formatTable } = require('./table')

const ROOT = path.join(__dirname, '..')
const MOCHA = fs.realpathSync(path.join(ROOT, 'node_modules', 'mocha', 'lib', 'cli', 'cli.js'))
/** It is about npm and TypeScript, whatever the runtime. */
const IGNORED = ['--ignore', 'test/package/package.test.js']
const TIMEOUT_MS = 900_000

function main (ids) {
  const unknown = ids.filter((id) => !runtimes.some((runtime) => runtime.id === id))
  if (unknown.length > 0) throw new Error(`no such runtime: ${unknown.join(', ')}`)
  const results = runtimes.filter(({ id }) => ids.length === 0 || ids.includes(id)).map(resultOf)
  console.log(`\n${formatTable(['runtime', 'version', 'passed', 'failed', 'not run, and why'], results.map(({ line }) => line))}`)
  for (const { line: [name, version], problems } of results) {
    for (const problem of problems) console.log(`\n${name} ${version}: ${problem}`)
  }
  if (results.some(({ problems }) => problems.length > 0)) process.exitCode = 1
}

function resultOf (runtime) {
  const folder = fetchPackage(runtime.package, runtime.range)
  const version = require(path.join(folder, 'package.json')).version.replace(/^v/, '')
  console.log(`${runtime.name} ${version}`)
  const command = [path.join(folder, runtime.program), ...runtime.flags]
  const all = mocha(command, ['--dry-run'])
  const { notRun } = runtime
  const countOf = (tests) => all.report?.tests.filter(({ fullTitle }) => new RegExp(tests).test(fullTitle)).length ?? 0
  const { report, ending } = mocha(command, notRun.length === 0 ? [] : ['--invert', '--grep', notRun.map(({ tests }) => tests).join('|')])
  const reasons = notRun.map(({ tests, why }) => `${countOf(tests)}: ${why}`).join('; ')
  return {
    line: [runtime.name, version, report?.stats.passes ?? '-', report?.stats.failures ?? '-', reasons || '-'],
    problems: [
      ...all.report ? [] : [`the list of tests: ${all.ending}`],
      ...notRun.filter(({ tests }) => countOf(tests) === 0).map(({ tests }) => `${tests} matches no test`),
      ...report ? problemsOf(report) : [`the suite did not end: ${ending}`]
    ]
  }
}

/** Runs the suite. `report` is that of mocha, or undefined if the runtime ended before. */
function mocha ([program, ...flags], args) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-runtimes-'))
  const output = path.join(folder, 'report.json')
  const reporter = ['--reporter', 'json', '--reporter-option', `output=${output}`]
  try {
    const { status, signal, stderr, error } = spawnSync(program, [...flags, MOCHA, ...IGNORED, ...reporter, ...args], {
      cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], timeout: TIMEOUT_MS, maxBuffer: 64 << 20
    })
    const ending = error?.message ?? `it ended with ${signal ?? status}\n${stderr.slice(-2000)}`
    return { ending, report: fs.existsSync(output) ? JSON.parse(fs.readFileSync(output, 'utf8')) : undefined }
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

function problemsOf ({ stats, failures }) {
  const failed = failures.map(({ fullTitle, err }) => `${fullTitle}\n  ${String(err.message).replaceAll('\n', '\n  ')}`)
  return stats.passes === 0 ? [...failed, 'no test has passed'] : failed
}

main(process.argv.slice(2))
