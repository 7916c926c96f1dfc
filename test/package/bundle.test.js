'use strict'

// The native addon is no part of a bundle. There the package has to be external, and says so where it is not.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { fetchPackage } = require('../../tools/fetch-package')
const { execute, outputOf } = require('../support/child')
const { long } = require('../support/long')

const ROOT = path.join(__dirname, '..', '..')
const ESBUILD = ['esbuild', '0.28.2']
const WEBPACK = ['webpack', '5.112.2']

const programs = {
  cjs: "const { alloc, view } = require('smalloc')\nconsole.log(view(alloc(3)).length)\n",
  mjs: "import { alloc, view } from 'smalloc'\nconsole.log(view(alloc(3)).length)\n"
}

/** Run in a process of its own: each takes `{ entry, output, format, external }`, as docs/support.md has it. */
const bundlers = {
  esbuild: [ESBUILD, `({ entry, output, format, external }) => tool.buildSync({
    entryPoints: [entry], outfile: output, bundle: true, platform: 'node', format: format === 'mjs' ? 'esm' : 'cjs',
    logLevel: 'silent', external: external ? ['smalloc'] : []
  })`],
  webpack: [WEBPACK, `({ entry, output, format, external }) => tool({
    entry, target: 'node20', mode: 'production',
    output: { path: path.dirname(output), filename: path.basename(output), module: format === 'mjs' },
    experiments: { outputModule: format === 'mjs' },
    externals: external ? { smalloc: 'commonjs smalloc' } : {}
  }, (error, stats) => { if (error || stats.hasErrors()) throw error || new Error(stats.toString()) })`]
}

long.describe('in a bundle', () => {
  let project

  beforeEach(() => {
    project = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-bundle-')))
    fs.mkdirSync(path.join(project, 'node_modules'))
    fs.symlinkSync(ROOT, path.join(project, 'node_modules', 'smalloc'), 'junction')
    fs.writeFileSync(path.join(project, 'package.json'), '{ "name": "project", "private": true }')
  })

  afterEach(() => fs.rmSync(project, { recursive: true }))

  /** Bundles the program and runs the bundle. */
  async function run (bundler, format, external) {
    const [tool, bundle] = bundlers[bundler]
    const entry = path.join(project, `main.${format}`)
    const output = path.join(project, 'dist', `bundle.${format}`)
    fs.writeFileSync(entry, programs[format])
    await outputOf([process.execPath, '-e', `const path = require('node:path')
      const tool = require(${JSON.stringify(fetchPackage(...tool))})
      ;(${bundle})(${JSON.stringify({ entry, output, format, external })})`], { cwd: project })
    return execute([process.execPath, output], { cwd: project })
  }

  for (const bundler of Object.keys(bundlers)) {
    for (const format of ['cjs', 'mjs']) {
      it(`of ${bundler}, ${format}: it works where it is external`, async () => {
        const { stdout, stderr } = await run(bundler, format, true)
        assert.equal(stdout, '3\n', stderr)
      })

      it(`of ${bundler}, ${format}: the error where it is not names the bundle and the setting first`, async () => {
        const { code, stderr } = await run(bundler, format, false)
        assert.equal(code, 1)
        const [cause, fix, ...settings] = stderr.slice(stderr.indexOf('\nCause: ') + 1).split('\n')
        assert.equal(cause, 'Cause: smalloc is part of a bundle here, and its native addon is not.', stderr)
        assert.equal(fix, 'To fix it, declare it external to the bundler, and install it where the bundle runs:')
        assert.deepEqual(settings.slice(0, 2), [
          "- esbuild: external: ['smalloc'], or on the command line --external:smalloc",
          "- webpack: externals: { smalloc: 'commonjs smalloc' }"
        ])
      })
    }
  }
})
