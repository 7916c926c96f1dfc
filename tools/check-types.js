'use strict'

// Compiles the programs in test-d/programs/ as a user would: with the oldest TypeScript that index.d.ts supports and the
// newest, each with few and with many libraries, and none of them skipped.

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const ROOT = path.join(__dirname, '..')
const OLDEST = 'typescript-oldest'
const NEWEST = 'typescript'

const runs = [
  { program: 'commonjs.ts', lib: ['es2020'], compilers: [OLDEST, NEWEST] },
  { program: 'commonjs.ts', lib: ['esnext', 'dom'], compilers: [OLDEST, NEWEST] },
  { program: 'esm.mts', lib: ['es2020'], compilers: [OLDEST, NEWEST] },
  { program: 'esm.mts', lib: ['es2020'], types: ['node'], compilers: [NEWEST] },
  { program: 'web.ts', lib: ['es2022', 'dom'], compilers: [OLDEST, NEWEST] },
  { program: 'web.ts', lib: ['es2022'], types: ['node'], compilers: [NEWEST] },
  { program: 'float16.ts', lib: ['esnext'], compilers: [NEWEST] },
  { program: 'using.ts', lib: ['es2022', 'esnext.disposable'], compilers: [NEWEST] },
  { program: 'using.ts', lib: ['esnext'], types: ['node'], compilers: [NEWEST] }
]

function compile (compiler, { program, lib, types = [] }) {
  const compilerOptions = {
    lib, types, target: 'es2022', module: 'node16', strict: true, skipLibCheck: false, noEmit: true,
    typeRoots: [path.join(ROOT, 'node_modules', '@types')]
  }
  const config = path.join(folder, 'tsconfig.json')
  fs.writeFileSync(config, JSON.stringify({ compilerOptions, files: [path.join(ROOT, 'test-d', 'programs', program)] }))
  const tsc = path.join(ROOT, 'node_modules', compiler, 'bin', 'tsc')
  return spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8', timeout: 120_000 })
}

function versionOf (compiler) {
  return JSON.parse(fs.readFileSync(path.join(ROOT, 'node_modules', compiler, 'package.json'), 'utf8')).version
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-types-'))
try {
  for (const run of runs) for (const compiler of run.compilers) report(compiler, run)
} finally {
  fs.rmSync(folder, { recursive: true })
}

function report (compiler, run) {
  const { status, stdout, stderr, error } = compile(compiler, run)
  const libraries = [...run.lib, ...(run.types ?? []).map((name) => `@types/${name}`)].join(', ')
  const line = `TypeScript ${versionOf(compiler)}: ${run.program} with ${libraries}`
  if (status === 0) return console.log(`ok      ${line}`)
  console.log(`FAILED  ${line}\n${error?.message ?? stdout + stderr}`)
  process.exitCode = 1
}
