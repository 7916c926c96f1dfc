'use strict'

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { interpreterOf } = require('../../lib/native/elf')

/** An ELF file of 64-bit words whose only program headers are one of type 1 and one of PT_INTERP, which names `loader`. */
function program ({ loader = '/lib/ld-musl-x86_64.so.1', at = 4096, table = 64, entrySize = 56, length = loader.length + 1 } = {}) {
  const bytes = Buffer.alloc(Math.max(at, table + 2 * entrySize, 64))
  bytes.write('\x7fELF\x02\x01\x01', 'latin1')
  bytes.writeBigUInt64LE(BigInt(table), 32)
  bytes.writeUInt16LE(entrySize, 54)
  bytes.writeUInt16LE(2, 56)
  if (entrySize >= 56 && table + 2 * entrySize <= bytes.length) {
    bytes.writeUInt32LE(1, table)
    bytes.writeUInt32LE(3, table + entrySize)
    bytes.writeBigUInt64LE(BigInt(at), table + entrySize + 8)
    bytes.writeBigUInt64LE(BigInt(length), table + entrySize + 32)
  }
  return Buffer.concat([bytes, Buffer.from(`${loader}\0and more`)])
}

function changed (change) {
  const bytes = program()
  change(bytes)
  return bytes
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
    for (const at of [176, 2048, 1 << 20]) assert.equal(of(program({ at })), '/lib/ld-musl-x86_64.so.1')
    assert.equal(of(program({ table: 1 << 16, at: 1 << 20 })), '/lib/ld-musl-x86_64.so.1')
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
    const whole = program()
    const wrong = [
      Buffer.alloc(0), Buffer.from('#!/bin/sh\n'), Buffer.from('\x7fELF\x02\x01', 'latin1'), whole.subarray(0, 63), whole.subarray(0, 100),
      program({ entrySize: 55 }), program({ length: 0 }),
      changed((bytes) => bytes.writeBigUInt64LE(2n ** 64n - 1n, 32)), // where the program headers are
      changed((bytes) => bytes.writeBigUInt64LE(2n ** 40n, 64 + 56 + 8)) // where the name is
    ]
    for (const bytes of wrong) assert.equal(of(bytes), '')
  })

  it('ends with the file, whatever its length is said to be', () => {
    assert.equal(of(program({ length: 2 ** 50 })), '/lib/ld-musl-x86_64.so.1')
  })

  it('of this program is a loader that there is', function () {
    if (process.platform !== 'linux') this.skip()
    const loader = interpreterOf(process.execPath)
    if (loader !== '') assert.match(path.basename(loader), /^ld/)
  })
})
