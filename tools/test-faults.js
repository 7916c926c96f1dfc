'use strict'

// Runs the tests of faults and of threads in their long form, which takes five minutes: more faults, 1,000 workers,
// copies of 1 GiB. In both kinds of memory.
//
//   node tools/test-faults.js [argument of mocha...]

const { spawnSync } = require('node:child_process')
const path = require('node:path')

const ROOT = path.join(__dirname, '..')
const MOCHA = path.join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js')
const FILES = ['robustness/cut', 'memory/faults', 'memory/exhausted', 'memory/workers'].map((name) => `test/${name}.test.js`)
// Not .mocharc.json, which names all files.
const OPTIONS = ['--no-config', '--expose-gc', '--timeout', '60000']

for (const engineMemory of ['', '1']) {
  console.log(engineMemory ? 'Engine memory' : 'Rust memory')
  const env = { ...process.env, SMALLOC_LONG: '1', SMALLOC_ENGINE_MEMORY: engineMemory }
  const args = [MOCHA, ...OPTIONS, ...process.argv.slice(2), ...FILES]
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env })
  if (status !== 0) process.exitCode = 1
}
