'use strict'

// Compiles the programs in test-d/programs/ as a user would: with the oldest TypeScript that index.d.ts supports and the
// newest, each with few and with many libraries, and none of them skipped.

const { spawnSync } = require('node:child_process')
const path = require('node:path')

const ROOT = path.join(__dirname, '..')
const MODULES = path.join(ROOT, 'node_modules')
const NEWEST = ['typescript']
const BOTH = ['typescript-oldest', ...NEWEST]
const OPTIONS = ['--target', 'es2022', '--module', 'node16', '--strict', '--noEmit']
const NO_TYPES = ['--typeRoots', path.join(ROOT, 'no-such-folder')]
const NODE_TYPES = ['--typeRoots', path.join(MODULES, '@types'), '--types', 'node']

const programs = [
  ['commonjs.ts', { lib: 'es2020', compilers: BOTH }],
  ['commonjs.ts', { lib: 'esnext,dom', compilers: BOTH }],
  ['esm.mts', { lib: 'es2020', compilers: BOTH }],
  ['esm.mts', { lib: 'es2020', types: NODE_TYPES, compilers: NEWEST }],
  ['web.ts', { lib: 'es2022,dom', compilers: BOTH }],
  ['web.ts', { lib: 'es2022', types: NODE_TYPES, compilers: NEWEST }],
  ['float16.ts', { lib: 'esnext', compilers: NEWEST }],
  ['using.ts', { lib: 'es2022,esnext.disposable', compilers: NEWEST }],
  ['using.ts', { lib: 'esnext', types: NODE_TYPES, compilers: NEWEST }]
]

function check (program, compiler, { lib, types = NO_TYPES }) {
  const tsc = path.join(MODULES, compiler, 'bin', 'tsc')
  const args = [tsc, ...OPTIONS, '--lib', lib, ...types, path.join(ROOT, 'test-d', 'programs', program)]
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 120_000 })
  const { version } = require(path.join(MODULES, compiler, 'package.json'))
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'}  TypeScript ${version}: ${program} with ${lib}${types === NODE_TYPES ? ', @types/node' : ''}`)
  if (status === 0) return
  console.log(error?.message ?? stdout + stderr)
  process.exitCode = 1
}

for (const [program, settings] of programs) {
  for (const compiler of settings.compilers) check(program, compiler, settings)
}
