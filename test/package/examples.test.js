'use strict'

const assert = require('node:assert/strict')
const { spawnSync } = require('node:child_process')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { kMaxLength } = require('../..')

const ROOT = path.join(__dirname, '..', '..')

function run (example, ...args) {
  const file = path.join(ROOT, 'examples', example)
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8', timeout: 30_000 })
  assert.equal(stderr, '')
  assert.equal(status, 0)
  return stdout
}

/** The number in the line that begins with `label`. */
const figure = (output, label) => Number(output.match(new RegExp(`^${label} +(\\d+)`, 'm'))?.[1])

const PAGE = `\
-- alloc on a class of one's own
Samples { '0': 1, '1': 20, '2': 0, length: 3 } 21
-- alloc on a function
[Function: allocMe] { '0': 0, '1': 0, '2': 0 }
-- alloc of another type
{ '0': 0, '1': 0.1, '2': 0.2 }
-- copyOnto
{ '0': 0, '1': 1, '2': 2, '3': 3 }
{ '0': 0, '1': 2, '2': 4, '3': 6 }
{ '0': 4, '1': 6, '2': 2, '3': 3 }
-- copyOnto between types moves bytes, not numbers
{ '0': 0, '1': 1072693248 }
{ '0': 2 }
-- dispose
{ '0': 0, '1': 0, '2': 0 }
{}
-- copyOnto from memory that is gone
Error: source has no external array data
-- kMaxLength
${kMaxLength}
-- a class that extends External
SimpleData { '0': 0, '1': 255, length: 2 }
SimpleData { length: 2 }
`

describe('examples', () => {
  describe('page.js', () => {
    it("prints what Node 0.12's page prints", () => {
      assert.equal(run('page.js'), PAGE)
    })
  })

  for (const example of ['buffer-like.js', 'buffer-like-es5.js']) {
    describe(example, () => {
      const lockFile = path.join(ROOT, 'package-lock.json')

      it('counts the bytes and lines of the lock file', () => {
        const output = run(example)
        const content = fs.readFileSync(lockFile)
        assert.match(output, /^file +package-lock\.json$/m)
        assert.equal(figure(output, 'bytes counted'), content.length)
        assert.equal(figure(output, 'fs.statSync'), content.length)
        assert.equal(figure(output, 'lines'), content.filter((byte) => byte === 10).length)
        assert.match(output, new RegExp(`^first, as hex +${content.toString('hex', 0, 8)}$`, 'm'))
        assert.match(output, /^after dispose +false/m)
      })

      it('counts the bytes of a file large enough for a block of its own', () => {
        const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-')), 'bytes')
        try {
          fs.writeFileSync(file, Uint8Array.from({ length: 200_003 }, (_, index) => index % 256))
          const output = run(example, file)
          assert.equal(figure(output, 'bytes counted'), 200_003)
          assert.equal(figure(output, 'lines'), 782)
          assert.match(output, /^first, as hex +0001020304050607$/m)
        } finally {
          fs.rmSync(path.dirname(file), { recursive: true })
        }
      })

      it('takes an empty file', () => {
        const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-')), 'empty')
        try {
          fs.writeFileSync(file, '')
          assert.equal(figure(run(example, file), 'bytes counted'), 0)
        } finally {
          fs.rmSync(path.dirname(file), { recursive: true })
        }
      })
    })
  }

  describe('frame-loop.js', () => {
    it('has less memory resident with dispose, and no more at its end than at its beginning', () => {
      const table = run('frame-loop.js').trim().split('\n').map((line) => line.trim().split(/ {2,}/))
      const column = (index) => table.slice(2, -1).map((cells) => Number(cells[index]))
      const [peak, withDispose, without] = table.at(-1)
      assert.equal(peak, 'peak')
      assert.deepEqual(column(0), [1, 20, 40, 60, 80, 100, 120])
      assert.ok(column(1).at(-1) < column(1)[0] + 32, `grew with dispose: ${column(1)}`)
      assert.ok(Number(withDispose) + 32 < Number(without), `peaks: ${withDispose} with dispose, ${without} without`)
    })
  })

  describe('matrix.js', () => {
    it('multiplies Uint32 and Double matrices', () => {
      assert.equal(run('matrix.js'), `\
ways of ten steps, as Uint32
     341     341     342
     342     341     341
     341     342     341

a turn of 30 degrees, as Double
      0.8660     -0.5000
      0.5000      0.8660

twelve of them differ from no turn by less than 1e-12: true

65536 squared, as Uint32 0
after dispose            0 elements
`)
    })
  })

  describe('frame-pool.js', () => {
    it('has all frames worked on, the same in each way, and gives their memory back', () => {
      const lines = run('frame-pool.js', '40', '1').trim().split('\n')
      const sum = 256 * 40 * 39 / 2 // a byte of each page
      assert.equal(lines[0], '40 frames of 1 MiB')
      for (const [index, way] of ['release and adopt', 'postMessage, a copy', 'SharedArrayBuffer'].entries()) {
        assert.match(lines[index + 1], new RegExp(`^${way} +sum ${sum} +\\d+ frames/s +\\d+ MiB resident$`))
      }
      assert.equal(lines[4], 'still held  0 bytes')
    })
  })

  describe('tcp-server.js', () => {
    for (const how of ['free', 'keep']) {
      it(`receives all that was sent: ${how}`, () => {
        assert.match(run('tcp-server.js', '64', how), /^received {2}67108864 bytes, [\d.]+ Gb\/s, at most \d+ MiB resident\n$/)
      })
    }
  })

  describe('file-hasher.js', () => {
    it('prints the SHA-256 of a file', () => {
      const content = fs.readFileSync(path.join(ROOT, 'package-lock.json'))
      assert.equal(run('file-hasher.js'), `${createHash('sha256').update(content).digest('hex')}  package-lock.json\n`)
    })
  })

  describe('transform-stream.js', () => {
    it('counts the letters of a file', () => {
      const letters = fs.readFileSync(path.join(ROOT, 'package-lock.json'), 'latin1').match(/[A-Za-z]/g)
      assert.equal(run('transform-stream.js'), `letters  ${letters.length}\n`)
    })
  })

  describe('ported-0.12.js', () => {
    it('prints what it prints in Node 0.12.18', () => {
      assert.equal(run('ported-0.12.js'), `\
readings  2500, the last 1000 kept
mean      1.980
0 to 1    250
1 to 2    250
2 to 3    250
3 to 4    250
disposed  undefined, the copy has 1.980
`)
    })
  })

  describe('demo.js', () => {
    it('runs the page, the Buffer-like class, the frame loop, the file hasher twice and the pool, in this order', () => {
      const output = run('demo.js')
      const headings = output.match(/(?<=^=== .*\()examples\/[^)]+/gm)
      assert.deepEqual(headings, ['page', 'buffer-like', 'frame-loop', 'file-hasher', 'file-hasher', 'frame-pool'].map((name) => `examples/${name}.js`))
      assert.ok(output.includes(PAGE))
      assert.equal(figure(output, 'bytes counted'), fs.statSync(path.join(ROOT, 'package-lock.json')).size)
      assert.match(output, /^ +peak +\d+ +\d+$/m)
    })
  })
})
