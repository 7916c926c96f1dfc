'use strict'

// Compiles the programs in test-d/programs/ as a user would: with the oldest TypeScript that index.d.ts supports and the
// newest, each with few and with many libraries, and none of them skipped.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const TIMEOUT_MS = 120_000
const ROOT = path.join(__dirname, '..')
const MODULES = path.join(ROOT, 'node_modules')
const NEWEST = ['typescript']
const BOTH = ['typescript-oldest', ...NEWEST]

const programs = [
  { program: 'commonjs.ts', lib: ['es2020'], compilers: BOTH },
  { program: 'commonjs.ts', lib: ['esnext', 'dom'], compilers: BOTH },
  { program: 'esm.mts', lib: ['es2020'], compilers: BOTH },
  { program: 'esm.mts', lib: ['es2020'], types: ['node'], compilers: NEWEST },
  { program: 'web.ts', lib: ['es2022', 'dom'], compilers: BOTH },
  { program: 'web.ts', lib: ['es2022'], types: ['node'], compilers: NEWEST },
  { program: 'float16.ts', lib: ['esnext'], compilers: NEWEST },
  { program: 'using.ts', lib: ['es2022', 'esnext.disposable'], compilers: NEWEST },
  { program: 'using.ts', lib: ['esnext'], types: ['node'], compilers: NEWEST }
]

function check (folder, compiler, { program, lib, types = [] }) {
  const compilerOptions = {
    lib, types, target: 'es2022', module: 'node16', strict: true, skipLibCheck: false, noEmit: true,
    typeRoots: [path.join(MODULES, '@types')]
  }
  const config = path.join(folder, 'tsconfig.json')
  fs.writeFileSync(config, JSON.stringify({ compilerOptions, files: [path.join(ROOT, 'test-d', 'programs', program)] }))
  const tsc = path.join(MODULES, compiler, 'bin', 'tsc')
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8', timeout: TIMEOUT_MS })
  const { version } = JSON.parse(fs.readFileSync(path.join(MODULES, compiler, 'package.json'), 'utf8'))
  const libraries = [...lib, ...types.map((name) => `@types/${name}`)].join(', ')
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'}  TypeScript ${version}: ${program} with ${libraries}`)
  if (status === 0) return
  console.log(error?.message ?? stdout + stderr)
  process.exitCode = 1
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-types-'))
try {
  for (const each of programs) for (const compiler of each.compilers) check(folder, compiler, each)
} finally {
  fs.rmSync(folder, { recursive: true })
}
