'use strict'

const assert = require('node:assert/strict')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { kMaxLength } = require('../..')
const child = require('../support/child')
const { long, quick } = require('../support/long')

const ROOT = path.join(__dirname, '..', '..')
const content = fs.readFileSync(path.join(ROOT, 'Cargo.lock')) // what the examples read by default
const letters = content.toString('latin1').match(/[A-Za-z]/g).length

async function run (example, ...args) {
  const { code, stdout, stderr } = await child.run(path.join(ROOT, 'examples', example), args)
  assert.deepEqual([code, stderr], [0, ''])
  return stdout
}

/** What those print whose output is always the same. */
const outputs = {
  // What the page of Node 0.12 shows, and a class that extends External.
  'page.js': `\
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
`,
  'matrix.js': `\
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
`,
  // As Node 0.12.18 prints it.
  'ported-0.12.js': `\
readings  2500, the last 1000 kept
mean      1.980
0 to 1    250
1 to 2    250
2 to 3    250
3 to 4    250
disposed  undefined, the copy has 1.980
`,
  'file-hasher.js': `${createHash('sha256').update(content).digest('hex')}  Cargo.lock\n`,
  'transform-stream.js': `letters  ${letters}\n`
}

describe('examples', () => {
  for (const [example, output] of Object.entries(outputs)) {
    it(`${example} prints what it should`, async () => assert.equal(await run(example), output))
  }

  for (const [length, kind] of [[0, 'an empty file'], [200_003, 'a file large enough for a block of its own']]) {
    it(`buffer-like.js counts the bytes and lines of ${kind}`, async () => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-'))
      const file = path.join(folder, 'content')
      const bytes = Buffer.from(Array.from({ length }, (_, index) => index % 256))
      fs.writeFileSync(file, bytes)
      const lines = (await run('buffer-like.js', file)).split('\n')
      fs.rmSync(folder, { recursive: true })
      assert.deepEqual(lines.slice(0, 5), [
        'file           content',
        `bytes counted  ${length}`,
        `fs.statSync    ${length}`,
        `lines          ${bytes.filter((byte) => byte === 10).length}`,
        `first, as hex  ${bytes.toString('hex', 0, 8)}`
      ])
      assert.equal(lines[6], 'after dispose  false, its slice false')
    })
  }

  long.it('frame-loop.js has less memory resident with dispose, and no more at its end than at its beginning', async () => {
    const table = (await run('frame-loop.js')).trim().split('\n').map((line) => line.trim().split(/ {2,}/))
    const column = (index) => table.slice(2, -1).map((cells) => Number(cells[index]))
    const [peak, withDispose, without] = table.at(-1)
    assert.equal(peak, 'peak')
    assert.deepEqual(column(0), [1, 20, 40, 60, 80, 100, 120])
    assert(column(1).at(-1) < column(1)[0] + 32, `grew with dispose: ${column(1)}`)
    assert(Number(withDispose) + 32 < Number(without), `peaks: ${withDispose} with dispose, ${without} without`)
  })

  it('frame-pool.js has all frames worked on, the same in each way, and gives their memory back', async () => {
    const lines = (await run('frame-pool.js', '12', '1')).trim().split('\n')
    const sum = 256 * 12 * 11 / 2 // a byte of each page
    assert.equal(lines[0], '12 frames of 1 MiB')
    for (const [index, way] of ['release and adopt', 'postMessage, a copy', 'SharedArrayBuffer'].entries()) {
      assert.match(lines[index + 1], new RegExp(`^${way} +sum ${sum} +\\d+ frames/s +\\d+ MiB resident$`))
    }
    assert.equal(lines[4], 'still held  0 bytes')
  })

  for (const how of quick(['free', 'keep'], ['free'])) {
    it(`tcp-server.js receives all that was sent: ${how}`, async () => {
      assert.match(await run('tcp-server.js', '16', how), /^received {2}16777216 bytes, [\d.]+ Gb\/s, at most \d+ MiB resident\n$/)
    })
  }

  long.it('demo.js runs the page, the Buffer-like class, the frame loop, the file hasher twice and the pool, in this order', async () => {
    const headings = (await run('demo.js')).match(/(?<=^=== .*\()examples\/[^)]+/gm)
    assert.deepEqual(headings, ['page', 'buffer-like', 'frame-loop', 'file-hasher', 'file-hasher', 'frame-pool'].map((name) => `examples/${name}.js`))
  })
})
