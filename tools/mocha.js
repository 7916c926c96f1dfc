'use strict'

// Runs mocha in a runtime, from the project's folder. mocha's own program would start another process, so this is its module; through
// a link, that would do nothing.

const fs = require('node:fs')
const path = require('node:path')

const ROOT = path.join(__dirname, '..')
const MOCHA = path.relative(ROOT, fs.realpathSync(path.join(ROOT, 'node_modules', 'mocha', 'lib', 'cli', 'cli.js')))

/**
 * `run` runs a runtime with these arguments. `ending` is what it returns, `report` mocha's, or undefined if the runtime ended
 * before.
 */
function runMocha (run, args) {
  const folder = fs.mkdtempSync(path.join(ROOT, '.runtimes', 'report-'))
  const output = path.join(folder, 'report.json')
  try {
    const ending = run([MOCHA, '--reporter', 'json', '--reporter-option', `output=${path.relative(ROOT, output)}`, ...args])
    return { ending, report: fs.existsSync(output) ? JSON.parse(fs.readFileSync(output, 'utf8')) : undefined }
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

const textOf = ({ fullTitle, err }) => `${fullTitle}\n  ${String(err.message).replaceAll('\n', '\n  ')}`

/** What a report says of each test that failed. */
const failuresOf = ({ stats, failures }) => [...failures.map(textOf), ...stats.passes === 0 ? ['no test has passed'] : []]

module.exports = { runMocha, failuresOf }
