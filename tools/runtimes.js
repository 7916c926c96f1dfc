'use strict'

// Runs the mocha suite on the runtimes of runtimes.json and prints a table. Fails if a test fails. runtimes.json also says what
// of the suite a runtime does not run (`notRun`), with the reason.
//
//   node tools/runtimes.js [id...]     (default: all)

const { spawnSync } = require('node:child_process')
const path = require('node:path')
const { fetchPackage } = require('./fetch-package')
const { failuresOf, runMocha } = require('./mocha')
const { runtimes } = require('./runtimes.json')
const { formatTable } = require('./table')

/** It is about npm and TypeScript, whatever the runtime. */
const IGNORED = ['--ignore', 'test/package/package.test.js']
const OPTIONS = {
  cwd: path.join(__dirname, '..'), encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], timeout: 900_000, maxBuffer: 64 << 20
}

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

function resultOf ({ name, package: packageName, range, program, flags, notRun = [] }) {
  const folder = fetchPackage(packageName, range)
  const version = require(path.join(folder, 'package.json')).version.replace(/^v/, '')
  console.log(`${name} ${version}`)
  const run = (args, env = process.env) => {
    const { status, signal, stderr, error } = spawnSync(path.join(folder, program), [...flags, ...args], { ...OPTIONS, env })
    return error?.message ?? `it ended with ${signal ?? status}\n${stderr.slice(-2000)}`
  }
  // The tests of the long form, too: some of `notRun` are in that alone.
  const all = runMocha((args) => run(args, { ...process.env, SMALLOC_LONG: '1' }), [...IGNORED, '--dry-run'])
  const titles = notRun.map(({ tests }) => tests)
  const { report, ending } = runMocha(run, [...IGNORED, ...titles.length === 0 ? [] : ['--invert', '--grep', titles.join('|')]])
  const countOf = (tests) => all.report?.tests.filter(({ fullTitle }) => new RegExp(tests).test(fullTitle)).length ?? 0
  const reasons = notRun.map(({ tests, why }) => `${countOf(tests)}: ${why}`).join('; ')
  return {
    line: [name, version, report?.stats.passes ?? '-', report?.stats.failures ?? '-', reasons || '-'],
    problems: [
      ...all.report ? [] : [`the list of tests: ${all.ending}`],
      ...titles.filter((tests) => countOf(tests) === 0).map((tests) => `${tests} matches no test`),
      ...report ? failuresOf(report) : [`the suite did not end: ${ending}`]
    ]
  }
}

main(process.argv.slice(2))
