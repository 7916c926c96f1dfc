'use strict'

// Everything that finds bugs and takes long, in half an hour. What fails does not stop the rest. CI runs this.

const { spawnSync } = require('node:child_process')

const steps = [
  ['test:types'],
  ['test:rust'],
  ['test:js'],
  ['test:engine'],
  ['fuzz', '--sequences', '3000', '--statistics'],
  ['compare'],
  ['soak', '--minutes', '2'],
  ['test:runtimes', 'node-24']
]
/** What has a long form. That of test:engine finds what one of the two finds, and is left to nightly.yml. */
const LONG = ['test:types', 'test:rust', 'test:js']

function run ([script, ...args]) {
  console.log(`\n== npm run ${[script, ...args].join(' ')}`)
  const started = performance.now()
  const env = { ...process.env, SMALLOC_LONG: LONG.includes(script) ? '1' : '' }
  const { status } = spawnSync('npm', ['run', '--silent', script, '--', ...args], { env, stdio: 'inherit', shell: process.platform === 'win32' })
  return { script, status, seconds: Math.round((performance.now() - started) / 1000) }
}

const results = steps.map(run)
console.table(results)
if (results.some(({ status }) => status !== 0)) process.exitCode = 1
