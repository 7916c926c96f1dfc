'use strict'

// Everything that finds bugs and takes long: the long form of the tests on both kinds of memory, random sequences, Node 0.12,
// the soak, another Node. It takes half an hour. What fails does not stop the rest.
//
//   node tools/test-all.js

const { spawnSync } = require('node:child_process')

const steps = [
  ['test:js'],
  ['test:engine'],
  ['fuzz', '--sequences', '3000', '--statistics'],
  ['compare'],
  ['soak', '--minutes', '2'],
  ['test:node'],
  // Their long form is Node 20's and the engine's above.
  ['test:runtimes', 'node-24']
]
const quick = new Set(['test:runtimes'])

function run ([script, ...args]) {
  console.log(`\n== npm run ${[script, ...args].join(' ')}`)
  const started = performance.now()
  const { status } = spawnSync('npm', ['run', '--silent', script, '--', ...args], {
    env: { ...process.env, SMALLOC_LONG: quick.has(script) ? '' : '1' }, stdio: 'inherit', shell: process.platform === 'win32'
  })
  return { script, status, seconds: Math.round((performance.now() - started) / 1000) }
}

const results = steps.map(run)
console.table(results)
if (results.some(({ status }) => status !== 0)) process.exitCode = 1
