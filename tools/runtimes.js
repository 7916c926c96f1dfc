'use strict'

// Runs the mocha suite on every runtime that this package supports and prints a table. Fails where a test fails.
//
//   node tools/runtimes.js [id...]     (default: all; ids are those of tools/runtimes.json)
//
// tools/runtimes.json holds the runtimes, and what of the suite they do not run, with the reason.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { fetchPackage } = require('./fetch-package')

const ROOT = path.join(__dirname, '..')
const MOCHA = fs.realpathSync(path.join(ROOT, 'node_modules', 'mocha', 'lib', 'cli', 'cli.js'))
/** Is about npm and TypeScript, whatever the runtime. */
const IGNORED = ['--ignore', 'test/package/package.test.js']
const TIMEOUT = 900_000
const { runtimes } = require('./runtimes.json')

function main (ids) {
  const unknown = ids.filter((id) => !runtimes.some((runtime) => runtime.id === id))
  if (unknown.length > 0) throw new Error(`no such runtime: ${unknown.join(', ')}`)
  const chosen = ids.length === 0 ? runtimes : runtimes.filter(({ id }) => ids.includes(id))
  const rows = chosen.map(resultOf)
  printTable(rows)
  for (const row of rows) printProblems(row)
  if (rows.some(({ problems }) => problems.length > 0)) process.exitCode = 1
}

function resultOf (runtime) {
  const folder = fetchPackage(runtime.package, runtime.range)
  const version = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')).version.replace(/^v/, '')
  const command = [path.join(folder, runtime.program), ...runtime.flags]
  console.log(`${runtime.name} ${version}`)
  const exclusions = runtime.notRun.map(({ tests, why }) => ({ pattern: new RegExp(tests), why }))
  const all = mocha(command, ['--dry-run'])
  const titles = all.report?.tests.map(({ fullTitle }) => fullTitle) ?? []
  const counts = exclusions.map(({ pattern }) => titles.filter((title) => pattern.test(title)).length)
  const grep = runtime.notRun.map(({ tests }) => tests).join('|')
  const { report, ending } = mocha(command, grep === '' ? [] : ['--invert', '--grep', grep])
  return {
    name: runtime.name,
    version,
    passed: report?.stats.passes,
    failed: report?.stats.failures,
    notRun: exclusions.map(({ why }, number) => `${counts[number]}: ${why}`),
    problems: [
      ...all.report === undefined ? [`the list of tests: ${all.ending}`] : [],
      ...exclusions.filter((_, number) => counts[number] === 0).map(({ pattern }) => `${pattern} matches no test`),
      ...report === undefined ? [`the suite did not end: ${ending}`] : problemsOf(report)
    ]
  }
}

/** Runs the suite with the arguments; `report` is that of mocha, or undefined where the runtime ended before. */
function mocha (command, args) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-runtimes-'))
  const output = path.join(folder, 'report.json')
  try {
    const reporter = ['--reporter', 'json', '--reporter-option', `output=${output}`]
    const all = [...command.slice(1), MOCHA, ...IGNORED, ...reporter, ...args]
    const { status, signal, stderr, error } = spawnSync(command[0], all, {
      cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], timeout: TIMEOUT, maxBuffer: 64 << 20
    })
    const ending = error?.message ?? `it ended with ${signal ?? status}\n${stderr.slice(-2000)}`
    const report = fs.existsSync(output) ? JSON.parse(fs.readFileSync(output, 'utf8')) : undefined
    return { report, ending }
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

function problemsOf ({ stats, failures }) {
  const failed = failures.map(({ fullTitle, err }) => `${fullTitle}\n  ${String(err.message).replaceAll('\n', '\n  ')}`)
  return stats.passes === 0 ? [...failed, 'no test has passed'] : failed
}

function printTable (rows) {
  console.log('\n| runtime | version | passed | failed | not run, and why |\n| --- | --- | --- | --- | --- |')
  for (const { name, version, passed = '-', failed = '-', notRun } of rows) {
    console.log(`| ${name} | ${version} | ${passed} | ${failed} | ${notRun.join('; ') || '-'} |`)
  }
}

function printProblems ({ name, version, problems }) {
  for (const problem of problems) console.log(`\n${name} ${version}: ${problem}`)
}

main(process.argv.slice(2))
