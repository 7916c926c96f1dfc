'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { interpreterOf } = require('../../lib/native/elf')
const { platformNames } = require('../../lib/native/platform')

const LOADER = '/lib/ld-musl-x86_64.so.1'

/** An ELF file of 64-bit words with two program headers at `table`: one of type 1, and one of PT_INTERP, which names a loader `at`. */
function program ({ at = 4096, table = 64, length = LOADER.length + 1 } = {}, change = () => {}) {
  const bytes = Buffer.alloc(Math.max(at, table + 2 * 56))
  bytes.write('\x7fELF\x02\x01\x01', 'latin1')
  bytes.writeBigUInt64LE(BigInt(table), 32)
  bytes.writeUInt16LE(56, 54)
  bytes.writeUInt16LE(2, 56)
  bytes.writeUInt32LE(1, table)
  bytes.writeUInt32LE(3, table + 56)
  bytes.writeBigUInt64LE(BigInt(at), table + 56 + 8)
  bytes.writeBigUInt64LE(BigInt(length), table + 56 + 32)
  change(bytes)
  return Buffer.concat([bytes, Buffer.from(`${LOADER}\0and more`)])
}

describe('the program interpreter of an ELF file', () => {
  let folder
  before(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-elf-')) })
  after(() => fs.rmSync(folder, { recursive: true }))

  const of = (bytes) => {
    const file = path.join(folder, 'program')
    fs.writeFileSync(file, bytes)
    return interpreterOf(file)
  }

  it('is found wherever it lies', () => {
    for (const at of [176, 2048, 1 << 20]) assert.equal(of(program({ at })), LOADER)
    assert.equal(of(program({ table: 1 << 16, at: 1 << 20 })), LOADER)
  })

  it('is found in a file of 32-bit words', () => {
    const bytes = Buffer.alloc(128)
    bytes.write('\x7fELF\x01\x01\x01', 'latin1')
    bytes.writeUInt32LE(64, 28)
    bytes.writeUInt16LE(32, 42)
    bytes.writeUInt16LE(1, 44)
    bytes.writeUInt32LE(3, 64)
    bytes.writeUInt32LE(96, 68)
    bytes.writeUInt32LE(20, 80)
    bytes.write('/lib/ld-linux.so.3\0', 96)
    assert.equal(of(bytes), '/lib/ld-linux.so.3')
  })

  it('is empty where there is none, or where a field lies', () => {
    assert.equal(interpreterOf(path.join(folder, 'missing')), '')
    assert.equal(interpreterOf(folder), '')
    const wrong = [
      Buffer.alloc(0), Buffer.from('#!/bin/sh\n'), Buffer.from('\x7fELF\x02\x01', 'latin1'), program().subarray(0, 63),
      program().subarray(0, 100), program({ length: 0 }),
      program({}, (bytes) => bytes.writeUInt16LE(55, 54)), // the length of a program header
      program({}, (bytes) => bytes.writeBigUInt64LE(2n ** 64n - 1n, 32)), // where they are
      program({}, (bytes) => bytes.writeBigUInt64LE(2n ** 40n, 64 + 56 + 8)) // where the name is
    ]
    for (const bytes of wrong) assert.equal(of(bytes), '')
  })

  it('ends with the file, whatever its length is said to be', () => {
    assert.equal(of(program({ length: 2 ** 50 })), LOADER)
  })

  it('of this program is a loader that there is', function () {
    if (process.platform !== 'linux') this.skip()
    const loader = interpreterOf(process.execPath)
    if (loader !== '') assert.match(path.basename(loader), /^ld/)
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
