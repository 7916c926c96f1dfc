'use strict'

const assert = require('node:assert/strict')
const { libc, libcIn, platformNames } = require('../../lib/native/platform')

const maps = (...files) => ['00400000-06200000 r-xp 00000000 08:01 131 /usr/bin/node', ...files.map((file) =>
  `7f0e1c000000-7f0e1c200000 r-xp 00000000 08:01 132                        ${file}`), '7ffd3a000000-7ffd3a021000 rw-p 00000000 00:00 0 [stack]', ''].join('\n')

describe('the C library of a process', () => {
  it('is known by the files that are mapped', () => {
    assert.equal(libcIn(maps('/lib/ld-musl-x86_64.so.1')), 'musl')
    assert.equal(libcIn(maps('/usr/lib/libc.so')), 'musl')
    assert.equal(libcIn(maps('/usr/lib/x86_64-linux-gnu/libc.so.6', '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2')), 'glibc')
    assert.equal(libcIn(maps('/lib/x86_64-linux-gnu/libc-2.31.so', '/lib/x86_64-linux-gnu/ld-2.31.so')), 'glibc')
    assert.equal(libcIn(maps('/usr/lib/libcap.so.2')), undefined)
    assert.equal(libcIn(''), undefined)
  })

  it('of this process is one of the two on Linux', function () {
    assert.equal(libc() === undefined, process.platform !== 'linux')
  })
})

describe('the names of the builds that may run', () => {
  const { platform, arch } = process
  const pretend = (system) => {
    for (const [name, value] of Object.entries(system)) Object.defineProperty(process, name, { value, configurable: true })
  }
  afterEach(() => pretend({ platform, arch }))

  for (const [platform, arch, ...names] of [
    ['linux', 'arm64', 'linux-arm64-gnu', 'linux-arm64-musl'],
    ['linux', 'arm', 'linux-arm-gnueabihf', 'linux-arm-musleabihf'],
    ['darwin', 'arm64', 'darwin-arm64'],
    ['win32', 'x64', 'win32-x64-msvc'],
    ['freebsd', 'riscv64', 'freebsd-riscv64']
  ]) {
    it(`on ${platform} ${arch} are ${names.join(' and ')}`, () => {
      pretend({ platform, arch })
      assert.deepEqual(platformNames().sort(), names)
    })
  }
})
