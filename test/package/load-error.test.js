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

  before(() => {
    // The real path, because require() resolves links, and the folder for temporary files may be one.
    const parent = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-load-')))
    folder = path.join(parent, 'smalloc')
    for (const name of ['index.js', 'package.json', 'lib', 'install/build-from-source.js']) {
      fs.cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true })
    }
  })

  afterEach(() => {
    for (const name of fs.readdirSync(folder)) if (name.endsWith('.node')) fs.rmSync(path.join(folder, name))
  })

  after(() => fs.rmSync(path.dirname(folder), { recursive: true }))

  const script = () => path.join(folder, 'install', 'build-from-source.js')
  const load = (system, flags) => answerOf('load.js', [JSON.stringify({ folder, PATH: '', ...system })], { flags })
  const install = (name) => fs.writeFileSync(path.join(folder, name), 'no addon')
  const installAddon = () => fs.copyFileSync(path.join(ROOT, ADDON), path.join(folder, ADDON))

  it('is none where it can', async () => {
    installAddon()
    assert.deepEqual(await load(), { loaded: true })
  })

  it('names the package and its version, the platform, the runtime, and every file that was tried; and asks for Rust where there is none', async () => {
    const { code, message, cause } = await load()
    const [first] = message.split('\n')
    const libc = process.platform !== 'linux' ? '' : platform.endsWith('musl') ? ', musl' : ', glibc'
    assert.equal(code, 'ERR_DLOPEN_FAILED')
    assert(first.startsWith(`smalloc ${version} could not load its native addon on ${process.platform} ${process.arch}${libc}, `))
    assert(first.endsWith(`Node ${process.version}.`))
    const tried = [...message.matchAll(/^- (.*): there is no such file$/gm)].map(([, file]) => file)
    assert.deepEqual(tried, platformNames().map((name) => path.join(folder, addonOf(name))))
    assert.match(cause, /Cannot find module/)
    assert(message.includes(
      '\nTo fix it, first install Rust 1.88 or newer (https://rustup.rs): there is no cargo on the PATH. ' +
      `Then build it: node ${script()}\n`
    ))
  })

  it('says without any addon that scripts may have been skipped, and gives the command that builds it', async () => {
    const bin = path.join(folder, '..', 'bin')
    fs.mkdirSync(bin)
    fs.writeFileSync(path.join(bin, process.platform === 'win32' ? 'cargo.exe' : 'cargo'), '')
    const { message } = await load({ PATH: bin })
    assert.match(message, /has no addon\. Where it came from a git repository, its script `prepare` did not run/)
    assert.match(message, /skip scripts with --ignore-scripts, and some those of packages that are not approved/)
    assert(message.includes(`\nTo fix it, build it: node ${script()}\n`))
    assert(message.endsWith(`\nOr install it anew, on this system: npm uninstall smalloc && npm install smalloc@${version}`))
  })

  it('says which systems there are addons for, on another one', async () => {
    install('smalloc.plan9-mips.node')
    install('smalloc.darwin-arm64.node')
    const { message } = await load({ platform: 'freebsd', arch: 'riscv64' })
    assert.match(message, /native addon on freebsd riscv64, Node/)
    assert(message.includes(`\n- ${path.join(folder, addonOf('freebsd-riscv64'))}: there is no such file\n`))
    assert.match(message, /for other systems only \(smalloc\.darwin-arm64\.node, smalloc\.plan9-mips\.node\)/)
  })

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

  it('says what to do where a bundler has taken the sources apart', () => {
    const bare = path.join(folder, 'bare')
    fs.mkdirSync(bare)
    fs.copyFileSync(path.join(folder, 'package.json'), path.join(bare, 'package.json'))
    const { message } = loadError(bare, [{ file: path.join(bare, ADDON), error: new Error('Cannot find module') }])
    assert.match(message, /If a bundler has moved this file, declare the package external to it\.\n/)
  })
})
