'use strict'

// Memory that Rust lends begins on a page, so files opened with O_DIRECT can be read into it and written from it.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { once } = require('node:events')
const { Worker } = require('node:worker_threads')
const { alloc, allocUnsafe, dispose, release, view } = require('../..')
const { kinds } = require('../support/kinds')
const { isEngineMemory } = require('../support/runtime')

const KiB = 2 ** 10
const MiB = 2 ** 20
const SIZES = [128 * KiB, 132 * KiB, MiB, 16 * MiB]

describe('memory that begins on a page', () => {
  let folder
  let file
  let fd

  before(function () {
    if (fs.constants.O_DIRECT === undefined || isEngineMemory) return this.skip()
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-'))
    file = path.join(folder, 'direct')
    fs.writeFileSync(file, Buffer.alloc(16 * MiB, 5))
    try {
      fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_DIRECT)
      fs.readSync(fd, Buffer.allocUnsafeSlow(8 * KiB).subarray(1, 1 + 4 * KiB), 0, 4 * KiB, 0)
    } catch (error) {
      if (fd !== undefined && error.code === 'EINVAL') return // it minds where memory begins: what follows means something
    }
    this.skip() // as on tmpfs
  })
  after(() => {
    if (fd !== undefined) fs.closeSync(fd)
    if (folder !== undefined) fs.rmSync(folder, { recursive: true })
  })

  for (const size of SIZES) {
    it(`${size} bytes on the main thread: O_DIRECT reads into them and writes from them`, async () => {
      await new Promise(setImmediate) // a turn, of which each may have 256 MiB
      for (const make of [...Object.values(kinds), allocUnsafe]) {
        for (let round = 0; round < 2; round++) { // fresh memory, then what was disposed
          const object = make(size)
          assert.equal(fs.readSync(fd, view(object), 0, size, 0), size)
          assert.equal(object[size - 1], 5)
          assert.equal(fs.writeSync(fd, view(object), 0, size, 0), size)
          dispose(object)
        }
      }
    })
  }

  it('is still that where a worker has adopted it', async function () {
    if (ArrayBuffer.prototype.transfer === undefined) return this.skip() // Node 20 copies it
    const worker = new Worker(`
      const { parentPort, workerData: { smalloc, file, flags } } = require('node:worker_threads')
      const { adopt, view } = require(smalloc)
      parentPort.once('message', (memory) => {
        parentPort.postMessage(require('node:fs').readSync(require('node:fs').openSync(file, flags), view(adopt(memory)), 0, ${MiB}, 0))
      })`, { eval: true, workerData: { smalloc: require.resolve('../..'), file, flags: fs.constants.O_DIRECT } })
    const memory = release(alloc(MiB))
    worker.postMessage(memory, [memory])
    assert.deepEqual(await once(worker, 'message'), [MiB])
    await once(worker, 'exit')
  })
})
