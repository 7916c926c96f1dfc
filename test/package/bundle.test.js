'use strict'

// The native addon is no part of a bundle. There the package has to be external, and says so where it is not.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { promisify } = require('node:util')
const { fetchPackage } = require('../../tools/fetch-package')
const { execute } = require('../support/child')
const { long } = require('../support/long')

const ROOT = path.join(__dirname, '..', '..')

const programs = {
  cjs: "const { alloc, view } = require('smalloc')\nconsole.log(view(alloc(3)).length)\n",
  mjs: "import { alloc, view } from 'smalloc'\nconsole.log(view(alloc(3)).length)\n"
}

/** Each bundles `entry`, with the settings that README.md has for a package that `isExternal`. */
const bundlers = {
  esbuild: (entry, output, isModule, isExternal) => require(fetchPackage('esbuild', '0.28.2')).buildSync({
    entryPoints: [entry], outfile: output, bundle: true, platform: 'node', format: isModule ? 'esm' : 'cjs', logLevel: 'silent',
    external: isExternal ? ['smalloc'] : []
  }),
  webpack: async (entry, output, isModule, isExternal) => {
    const stats = await promisify(require(fetchPackage('webpack', '5.112.2')))({
      entry, target: 'node20', mode: 'production', experiments: { outputModule: isModule },
      output: { path: path.dirname(output), filename: path.basename(output), module: isModule },
      externals: isExternal ? { smalloc: 'commonjs smalloc' } : {}
    })
    assert(!stats.hasErrors(), stats.toString())
  }
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

  for (const [bundler, bundle] of Object.entries(bundlers)) {
    for (const [format, program] of Object.entries(programs)) {
      const run = async (isExternal) => {
        const entry = path.join(project, `main.${format}`)
        const output = path.join(project, 'dist', `bundle.${format}`)
        fs.writeFileSync(entry, program)
        await bundle(entry, output, format === 'mjs', isExternal)
        return execute([process.execPath, output], { cwd: project })
      }

      it(`of ${bundler}, ${format}: it works where it is external`, async () => {
        const { stdout, stderr } = await run(true)
        assert.equal(stdout, '3\n', stderr)
      })

      it(`of ${bundler}, ${format}: the error where it is not names the bundle and the setting first`, async () => {
        const { code, stderr } = await run(false)
        assert.equal(code, 1)
        assert(stderr.includes(`
Cause: smalloc is part of a bundle here, and its native addon is not.
To fix it, declare it external to the bundler, and install it where the bundle runs:
- esbuild: external: ['smalloc'], or on the command line --external:smalloc
- webpack: externals: { smalloc: 'commonjs smalloc' }
`), stderr)
      })
    }
  }
})
