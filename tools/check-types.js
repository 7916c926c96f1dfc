'use strict'

// Compiles the programs in test-d/programs/ as a user would: with the newest TypeScript and, in the long form, the oldest that
// index.d.ts supports, with few and with many libraries, and none of them skipped.

const { spawnSync } = require('node:child_process')
const path = require('node:path')
const { isLong } = require('../test/support/long')

const ROOT = path.join(__dirname, '..')
const MODULES = path.join(ROOT, 'node_modules')
const OPTIONS = ['--target', 'es2022', '--module', 'node16', '--strict', '--noEmit']
const NO_TYPES = ['--typeRoots', path.join(ROOT, 'no-such-folder')]
const NODE_TYPES = ['--typeRoots', path.join(MODULES, '@types'), '--types', 'node']

const compilations = [
  ['typescript', { lib: 'es2020', programs: ['commonjs.ts', 'esm.mts'] }],
  ['typescript', { lib: 'esnext,dom', programs: ['commonjs.ts', 'web.ts', 'float16.ts'] }],
  ['typescript', { lib: 'es2022,esnext.disposable', programs: ['using.ts'] }],
  ['typescript', { lib: 'es2022', types: NODE_TYPES, programs: ['esm.mts', 'web.ts'] }],
  ['typescript', { lib: 'esnext', types: NODE_TYPES, programs: ['using.ts'] }],
  ...!isLong ? [] : [
    ['typescript-oldest', { lib: 'es2020', programs: ['commonjs.ts', 'esm.mts'] }],
    ['typescript-oldest', { lib: 'esnext,dom', programs: ['commonjs.ts', 'web.ts'] }]
  ]
]

for (const [compiler, { lib, types = NO_TYPES, programs }] of compilations) {
  const files = programs.map((program) => path.join(ROOT, 'test-d', 'programs', program))
  const args = [path.join(MODULES, compiler, 'bin', 'tsc'), ...OPTIONS, '--lib', lib, ...types, ...files]
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 120_000 })
  if (status === 0) continue
  const { version } = require(path.join(MODULES, compiler, 'package.json'))
  console.error(`TypeScript ${version} with ${lib}${types === NODE_TYPES ? ', @types/node' : ''}:\n${error?.message ?? stdout + stderr}`)
  process.exitCode = 1
}
