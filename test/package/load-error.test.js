'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { loadError } = require('../../lib/native/load-error')
const { platformNames } = require('../../lib/native/platform')
const { version } = require('../../package.json')
const { answerOf } = require('../support/child')

const ROOT = path.join(__dirname, '..', '..')
const addonOf = (platform) => `smalloc.${platform}.node`
const [platform] = platformNames()

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
  const install = (name, content = 'no addon') => fs.writeFileSync(path.join(folder, name), content)
  const installRust = () => {
    fs.writeFileSync(path.join(bin, process.platform === 'win32' ? 'cargo.exe' : 'cargo'), '')
  }

  it('is none where it can', async () => {
    fs.copyFileSync(path.join(ROOT, addonOf(platform)), path.join(folder, addonOf(platform)))
    assert.deepEqual(await load(), { loaded: true })
  })

  it('names the package and its version, the platform and the runtime', async () => {
    const { code, message } = await load()
    const [first] = message.split('\n')
    assert.equal(code, 'ERR_DLOPEN_FAILED')
    assert(first.startsWith(`smalloc ${version} could not load its native addon on ${process.platform} ${process.arch}, `))
    assert(first.endsWith(`Node ${process.version}.`))
  })

  if (process.platform === 'linux') {
    it('names the C library of Linux', async () => {
      const { message } = await load()
      assert.match(message, platform.endsWith('musl') ? /, musl, Node / : /, glibc, Node /)
    })
  }

  it('names every file that was tried', async () => {
    const { message, cause } = await load()
    for (const name of platformNames()) {
      assert(message.includes(`\n- ${path.join(folder, addonOf(name))}: there is no such file\n`))
    }
    assert.match(cause, /Cannot find module/)
  })

  describe('without any addon', () => {
    it('says that scripts may have been skipped', async () => {
      const { message } = await load()
      assert.match(message, /has no addon\. Where it came from a git repository, its script `prepare` did not run/)
      assert.match(message, /skip scripts with --ignore-scripts, and some those of packages that are not approved/)
    })

    it('gives the command that builds it', async () => {
      installRust()
      const { message } = await load()
      assert(message.includes(`\nTo fix it, build it: node ${script()}\n`))
      assert(message.endsWith(`\nOr install it anew, on this system: npm uninstall smalloc && npm install smalloc@${version}`))
    })

    it('asks for Rust where there is none', async () => {
      const { message } = await load()
      assert(message.includes(
        '\nTo fix it, first install Rust 1.88 or newer (https://rustup.rs): there is no cargo on the PATH. ' +
        `Then build it: node ${script()}\n`
      ))
    })
  })

  it('says which systems there are addons for, on another one', async () => {
    install('smalloc.plan9-mips.node')
    install('smalloc.darwin-arm64.node')
    const { message } = await load({ platform: 'freebsd', arch: 'riscv64' })
    assert.match(message, /native addon on freebsd riscv64, Node/)
    assert(message.includes(`\n- ${path.join(folder, 'smalloc.freebsd-riscv64.node')}: there is no such file\n`))
    assert.match(message, /for other systems only \(smalloc\.darwin-arm64\.node, smalloc\.plan9-mips\.node\)/)
  })

  it('tries the builds for both C libraries on Linux, and one elsewhere', async () => {
    const triedOn = async (system) =>
      [...(await load(system)).message.matchAll(/^- .*smalloc\.(.*)\.node: /gm)].map(([, name]) => name)
    assert.deepEqual((await triedOn({ platform: 'linux', arch: 'arm64' })).sort(), ['linux-arm64-gnu', 'linux-arm64-musl'])
    assert.deepEqual(
      (await triedOn({ platform: 'linux', arch: 'arm' })).sort(), ['linux-arm-gnueabihf', 'linux-arm-musleabihf']
    )
    assert.deepEqual(await triedOn({ platform: 'darwin', arch: 'arm64' }), ['darwin-arm64'])
    assert.deepEqual(await triedOn({ platform: 'win32', arch: 'x64' }), ['win32-x64-msvc'])
  })

  it('gives the loader\'s reason where the file is damaged', async () => {
    install(addonOf(platform))
    const { message, cause } = await load()
    assert.notEqual(cause, undefined)
    assert(message.includes(`\n- ${path.join(folder, addonOf(platform))}: ${cause.trim()}\n`))
    assert.match(message, /\nCause: the file is damaged, or built for another system\.\n/)
  })

  it('says where the C library is too old', () => {
    install(addonOf(platform))
    const error = new Error('libc.so.6: version `GLIBC_2.99\' not found (required by the addon)')
    const { message, cause } = loadError(folder, [{ file: path.join(folder, addonOf(platform)), error }])
    assert.equal(cause, error)
    assert.match(message, /\nCause: the C library of this system is older than the one that the addon was built for\.\n/)
  })

  describe('where Node.js was told to load no addons', () => {
    const isNode = process.versions.bun === undefined && process.versions.deno === undefined
    const PERMISSION = Number(process.versions.node.split('.')[0]) < 22 ? '--experimental-permission' : '--permission'
    const PROGRAMS = `--allow-fs-read=${path.join(__dirname, '..', '*')}`
    const readable = (name) => `--allow-fs-read=${path.join(folder, name)}`
    const loadsNo = async (flags, cause, fix) => {
      const { code, message, cause: met } = await load({}, flags)
      assert.equal(code, 'ERR_DLOPEN_FAILED')
      assert(message.includes(`\n- ${path.join(folder, addonOf(platform))}: ${met}\n`), message)
      assert.deepEqual(message.split('\n').slice(-2), [cause, fix])
    }

    beforeEach(() => fs.copyFileSync(path.join(ROOT, addonOf(platform)), path.join(folder, addonOf(platform))))

    if (!isNode) return

    const DISABLED = 'Cause: Node.js was started with its permission model, which disables native addons.'
    const ALLOW_ADDONS = `To fix it, start it with --allow-addons, too: node ${PERMISSION} --allow-addons`

    it('names --allow-addons', () => loadsNo([PERMISSION, '--allow-fs-read=*'], DISABLED, ALLOW_ADDONS))

    it('names it where nothing but the package may be read', () =>
      loadsNo([PERMISSION, readable('*'), PROGRAMS], DISABLED, ALLOW_ADDONS))

    it('loads with it', async () => {
      assert.deepEqual(await load({}, [PERMISSION, '--allow-addons', readable('*'), PROGRAMS]), { loaded: true })
    })

    it('names --no-addons', () => loadsNo(['--no-addons'],
      'Cause: Node.js was started with --no-addons, which disables native addons.',
      'To fix it, start it without that flag; it may be in NODE_OPTIONS.'))
  })

  it('names --allow-fs-read where the addon may not be read', () => {
    const error = Object.assign(new Error('Access to this API has been restricted'), { code: 'ERR_ACCESS_DENIED' })
    const { message } = loadError(folder, [{ file: path.join(folder, addonOf(platform)), error }])
    assert(message.endsWith(`\nTo fix it, start it with "--allow-fs-read=${path.join(folder, '*')}" and --allow-addons, too.`))
  })

  it('says what to do where a bundler has taken the sources apart', async () => {
    fs.rmSync(path.join(folder, 'install'), { recursive: true })
    const { message } = await load()
    assert.match(message, /If a bundler has moved this file, declare the package external to it\.\n/)
  })
})
