'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { loadError } = require('../../lib/native/load-error')
const { platformNames } = require('../../lib/native/platform')
const { version } = require('../../package.json')
const { answerOf } = require('../support/child')
const { isNode } = require('../support/runtime')

const ROOT = path.join(__dirname, '..', '..')
const [platform] = platformNames()
const addonOf = (name) => `smalloc.${name}.node`
const ADDON = addonOf(platform)

describe('the error where the addon cannot be loaded', () => {
  let folder
  let bin

  beforeEach(() => {
    // The real path, because require() resolves links, and the folder for temporary files may be one.
    const parent = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-load-')))
    folder = path.join(parent, 'smalloc')
    bin = path.join(parent, 'bin')
    fs.mkdirSync(bin)
    for (const name of ['index.js', 'package.json', 'lib', 'install/build-from-source.js']) {
      fs.cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true })
    }
  })

  afterEach(() => fs.rmSync(path.dirname(folder), { recursive: true }))

  const script = () => path.join(folder, 'install', 'build-from-source.js')
  const load = (system, flags) => answerOf('load.js', [JSON.stringify({ folder, PATH: bin, ...system })], { flags })
  const messageOf = async (system) => (await load(system)).message
  const install = (name) => fs.writeFileSync(path.join(folder, name), 'no addon')
  const installAddon = () => fs.copyFileSync(path.join(ROOT, ADDON), path.join(folder, ADDON))
  const triedIn = (message) => [...message.matchAll(/^- (.*): there is no such file$/gm)].map(([, file]) => file)

  it('is none where it can', async () => {
    installAddon()
    assert.deepEqual(await load(), { loaded: true })
  })

  it('names the package and its version, the platform, the runtime, and every file that was tried', async () => {
    const { code, message, cause } = await load()
    const [first] = message.split('\n')
    const libc = process.platform !== 'linux' ? '' : platform.endsWith('musl') ? ', musl' : ', glibc'
    assert.equal(code, 'ERR_DLOPEN_FAILED')
    assert(first.startsWith(`smalloc ${version} could not load its native addon on ${process.platform} ${process.arch}${libc}, `))
    assert(first.endsWith(`Node ${process.version}.`))
    assert.deepEqual(triedIn(message), platformNames().map((name) => path.join(folder, addonOf(name))))
    assert.match(cause, /Cannot find module/)
  })

  it('says without any addon that scripts may have been skipped, and gives the command that builds it', async () => {
    fs.writeFileSync(path.join(bin, process.platform === 'win32' ? 'cargo.exe' : 'cargo'), '')
    const message = await messageOf()
    assert.match(message, /has no addon\. Where it came from a git repository, its script `prepare` did not run/)
    assert.match(message, /skip scripts with --ignore-scripts, and some those of packages that are not approved/)
    assert(message.includes(`\nTo fix it, build it: node ${script()}\n`))
    assert(message.endsWith(`\nOr install it anew, on this system: npm uninstall smalloc && npm install smalloc@${version}`))
  })

  it('asks for Rust where there is none', async () => {
    assert((await messageOf()).includes(
      '\nTo fix it, first install Rust 1.88 or newer (https://rustup.rs): there is no cargo on the PATH. ' +
      `Then build it: node ${script()}\n`
    ))
  })

  it('says which systems there are addons for, on another one', async () => {
    install('smalloc.plan9-mips.node')
    install('smalloc.darwin-arm64.node')
    const message = await messageOf({ platform: 'freebsd', arch: 'riscv64' })
    assert.match(message, /native addon on freebsd riscv64, Node/)
    assert.match(message, /for other systems only \(smalloc\.darwin-arm64\.node, smalloc\.plan9-mips\.node\)/)
  })

  for (const [system, ...names] of [
    ['linux-arm64', 'linux-arm64-gnu', 'linux-arm64-musl'],
    ['linux-arm', 'linux-arm-gnueabihf', 'linux-arm-musleabihf'],
    ['darwin-arm64', 'darwin-arm64'],
    ['win32-x64', 'win32-x64-msvc'],
    ['freebsd-riscv64', 'freebsd-riscv64']
  ]) {
    it(`names what was tried on ${system}: ${names.join(', ')}`, async () => {
      const [platform, arch] = system.split('-')
      const tried = triedIn(await messageOf({ platform, arch }))
      assert.deepEqual(tried.sort(), names.map((name) => path.join(folder, addonOf(name))))
    })
  }

  it('gives the loader\'s reason where the file is damaged', async () => {
    install(ADDON)
    const { message, cause } = await load()
    assert(message.includes(`\n- ${path.join(folder, ADDON)}: ${cause.trim()}\n`))
    assert.match(message, /\nCause: the file is damaged, or built for another system\.\n/)
  })

  it('says where the C library is too old', () => {
    install(ADDON)
    const error = new Error('libc.so.6: version `GLIBC_2.99\' not found (required by the addon)')
    const { message, cause } = loadError(folder, [{ file: path.join(folder, ADDON), error }])
    assert.equal(cause, error)
    assert.match(message, /\nCause: the C library of this system is older than the one that the addon was built for\.\n/)
  })

  if (isNode) {
    const PERMISSION = Number(process.versions.node.split('.')[0]) < 22 ? '--experimental-permission' : '--permission'
    const mayRead = (folder) => `--allow-fs-read=${path.join(folder, '*')}`
    const readable = () => [mayRead(folder), mayRead(path.join(__dirname, '..'))]
    const DISABLED = 'Cause: Node.js was started with its permission model, which disables native addons.'
    const ALLOW_ADDONS = `To fix it, start it with --allow-addons, too: node ${PERMISSION} --allow-addons`

    for (const [name, flags, cause, fix] of [
      ['--allow-addons', () => [PERMISSION, '--allow-fs-read=*'], DISABLED, ALLOW_ADDONS],
      ['--allow-addons where nothing but the package may be read', () => [PERMISSION, ...readable()], DISABLED, ALLOW_ADDONS],
      ['--no-addons', () => ['--no-addons'], 'Cause: Node.js was started with --no-addons, which disables native addons.',
        'To fix it, start it without that flag; it may be in NODE_OPTIONS.']
    ]) {
      it(`names ${name}, where Node.js was told to load no addons`, async () => {
        installAddon()
        const { code, message, cause: met } = await load({}, flags())
        assert.equal(code, 'ERR_DLOPEN_FAILED')
        assert(message.includes(`\n- ${path.join(folder, ADDON)}: ${met}\n`), message)
        assert.deepEqual(message.split('\n').slice(-2), [cause, fix])
      })
    }

    it('is none with --allow-addons', async () => {
      installAddon()
      assert.deepEqual(await load({}, [PERMISSION, '--allow-addons', ...readable()]), { loaded: true })
    })
  }

  it('names --allow-fs-read where the addon may not be read', () => {
    const error = Object.assign(new Error('Access to this API has been restricted'), { code: 'ERR_ACCESS_DENIED' })
    const { message } = loadError(folder, [{ file: path.join(folder, ADDON), error }])
    assert(message.endsWith(`\nTo fix it, start it with "--allow-fs-read=${path.join(folder, '*')}" and --allow-addons, too.`))
  })

  it('says what to do where a bundler has taken the sources apart', async () => {
    fs.rmSync(path.join(folder, 'install'), { recursive: true })
    assert.match(await messageOf(), /If a bundler has moved this file, declare the package external to it\.\n/)
  })
})
