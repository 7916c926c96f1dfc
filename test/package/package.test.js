'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { platformNames } = require('../../lib/native/platform')
const { addonTargets, files, version } = require('../../package.json')
const { fetchPackage } = require('../../tools/fetch-package')
const { answerOf, execute, outputOf } = require('../support/child')
const { long } = require('../support/long')

const ROOT = path.join(__dirname, '..', '..')
const addon = `smalloc.${platformNames()[0]}.node`
const MIB = 1 << 20

/** A command that runs npm, of a version that all Nodes run. */
const npm = (...args) => [process.execPath, path.join(fetchPackage('npm', '11'), 'bin', 'npm-cli.js'), ...args]

/** Takes the settings of the npm that runs these tests off the environment, and cargo off the PATH. */
function withoutRust () {
  const env = {}
  for (const name of Object.keys(process.env)) if (/^npm_/i.test(name)) env[name] = undefined
  const hasCargo = (folder) => ['cargo', 'cargo.exe'].some((name) => fs.existsSync(path.join(folder, name)))
  env.PATH = process.env.PATH.split(path.delimiter).filter((folder) => !hasCargo(folder)).join(path.delimiter)
  return env
}

/** With their paths in the repository, as they stand in a tarball. */
const filesIn = (folder) => fs.readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))

const loaded = (folder) => answerOf('load.js', [JSON.stringify({ folder })])

/** What users write, by file, and what it prints. */
const programs = {
  'required.js': [`
    const { alloc, view } = require('smalloc')
    const data = alloc(1 << 20)
    console.log(view(data).length, require('smalloc/package.json').version)`, `1048576 ${version}\n`],
  'imported.mjs': [`
    import smalloc, * as names from 'smalloc'
    import { alloc } from 'smalloc'
    console.log(smalloc.alloc === alloc, Object.keys(smalloc).every((name) => names[name] === smalloc[name]))`, 'true true\n'],
  'hidden.js': [`
    try { require('smalloc/lib/alloc') } catch ({ code }) { console.log(code) }`, 'ERR_PACKAGE_PATH_NOT_EXPORTED\n']
}

const TYPED = `
import smalloc, { alloc, type Bare } from 'smalloc'

const data: Bare<8> = alloc(3, smalloc.Types.Double)
const elements: Float64Array = smalloc.view(data)
export const length: number = elements.length
`

long.describe('the package', () => {
  let folder
  let tarball

  before(async () => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-package-')))
    const command = npm('pack', '--ignore-scripts', '--json', '--pack-destination', folder)
    const [{ filename }] = JSON.parse(await outputOf(command, { cwd: ROOT }))
    tarball = path.join(folder, filename)
  })

  after(() => fs.rmSync(folder, { recursive: true }))

  it('is smaller than 2 MiB', () => {
    assert(fs.statSync(tarball).size < 2 * MIB)
  })

  it('holds what it needs to run and to be built, the addon for this platform too, and nothing else', async () => {
    const list = await outputOf(['tar', '-tzf', path.basename(tarball)], { cwd: folder })
    const names = list.trim().split(/\r?\n/).map((name) => name.replace('package/', ''))
    const allowed = [
      /^(index\.js|index\.d\.ts|package\.json|LICENSE)$/,
      /^((README|CHANGELOG|CONTRIBUTING|SECURITY)\.md|docs\/[\w.-]+\.md|docs\/charts\/[\w-]+\.svg)$/,
      /^(lib|examples)\/[\w./-]+\.js$/,
      /^smalloc\.[\w-]+\.node$/,
      /^(Cargo\.toml|Cargo\.lock|build\.rs|src\/[\w/]+\.rs|install\/build-from-source\.js)$/
    ]
    assert.deepEqual(names.filter((name) => !allowed.some((pattern) => pattern.test(name))), [])
    const listed = files.filter((name) => !/[/*]$|\*/.test(name))
    const required = [addon, 'README.md', 'LICENSE', 'package.json', ...listed, ...filesIn('lib'), ...filesIn('src')]
    assert.deepEqual(required.filter((name) => !names.includes(name)), [])
  })

  it('runs no script when it is installed', () => {
    const { scripts } = require('../../package.json')
    for (const name of ['preinstall', 'install', 'postinstall']) assert.equal(scripts[name], undefined)
  })

  it('is released for the platforms that package.json names', () => {
    const workflow = fs.readFileSync(path.join(ROOT, '.github', 'workflows', 'release.yml'), 'utf8')
    const targets = [...workflow.matchAll(/^\s+- target: (\S+)$/gm)].map(([, target]) => target)
    assert.deepEqual(targets.sort(), [...addonTargets].sort())
  })

  describe('where no addon fits', () => {
    let source

    before(async () => {
      await outputOf(['tar', '-xzf', path.basename(tarball)], { cwd: folder })
      source = path.join(folder, 'package')
      for (const name of fs.readdirSync(source)) if (name.endsWith('.node')) fs.rmSync(path.join(source, name))
      // All files in a tarball have a date in 1985, so cargo would think that its last build is newer.
      fs.utimesSync(path.join(source, 'src', 'lib.rs'), new Date(), new Date())
    })

    const build = (env) => execute([process.execPath, path.join(source, 'install', 'build-from-source.js')], { cwd: folder, env })

    it('asks for Rust to be built from source', async () => {
      const { code, stderr } = await build(withoutRust())
      assert.equal(stderr, 'There is no cargo on the PATH: install Rust 1.88 or newer (https://rustup.rs).\n')
      assert.equal(code, 1)
      assert(!fs.existsSync(path.join(source, addon)))
    })

    it('is built from source by the command that the load error gives', async () => {
      const { message } = await loaded(source)
      const command = message.match(/build it: node (.*)/)[1]
      assert.equal(command, path.join(source, 'install', 'build-from-source.js'))
      const { code, stdout, stderr } = await build({ CARGO_TARGET_DIR: path.join(ROOT, 'target', 'source') })
      assert.equal(code, 0, stderr)
      assert.equal(stdout, `Built ${path.join(source, addon)}\n`)
      assert.deepEqual(await loaded(source), { loaded: true })
    })
  })

  describe('installed by npm, without scripts and without Rust', () => {
    let project

    before(async () => {
      project = path.join(folder, 'project')
      fs.mkdirSync(project)
      fs.writeFileSync(path.join(project, 'package.json'), '{ "name": "project", "private": true }')
      const command = npm('install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', tarball)
      await outputOf(command, { cwd: project, env: withoutRust() })
    })

    for (const [name, [text, output]] of Object.entries(programs)) {
      it(`runs ${name}`, async () => {
        fs.writeFileSync(path.join(project, name), text)
        assert.equal(await outputOf([process.execPath, name], { cwd: project, env: withoutRust() }), output)
      })
    }

    it('runs its examples that read a file by default', async () => {
      for (const name of ['buffer-like.js', 'file-hasher.js', 'transform-stream.js']) {
        await outputOf([process.execPath, path.join('node_modules', 'smalloc', 'examples', name)], { cwd: project, env: withoutRust() })
      }
    })

    it('has types', async () => {
      fs.writeFileSync(path.join(project, 'typed.mts'), TYPED)
      const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
      const options = ['--strict', '--noEmit', '--skipLibCheck', 'false', '--module', 'node16', '--target', 'es2022']
      await outputOf([process.execPath, tsc, ...options, 'typed.mts'], { cwd: project })
    })
  })
})
