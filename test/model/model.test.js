'use strict'

// Random sequences of calls, compared with the model after each step. A failure prints the seed and the smallest sequence that
// fails. `npm run fuzz` runs many more.

const assert = require('node:assert/strict')
const path = require('node:path')
const fc = require('fast-check')
const smalloc = require('../..')
const { run } = require('./runner')
const { copies, sequences } = require('./sequences')
const { Statistics } = require('./statistics')
const child = require('../support/child')
const { isLong, long, quick, shareOf } = require('../support/long')

const SEQUENCES = 1000
const FUZZ = path.join(__dirname, '..', '..', 'tools', 'fuzz.js')

/** smalloc with one function replaced; `broken` gets the right one. */
const defects = {
  'an element that is not 0 at first': ['alloc', (alloc) => (...args) => {
    const object = alloc(...args)
    if (smalloc.view(object).length > 3) object[3] = 1
    return object
  }],
  'a type that is another': ['alloc', (alloc) => (length, receiver, type) => alloc(length, receiver, type === 6 ? 5 : type)],
  'a copy that goes one element too far': ['copyOnto', (copyOnto) => (source, sourceStart, dest, destStart, copyLength) => {
    copyOnto(source, sourceStart, dest, destStart, copyLength)
    try {
      copyOnto(source, sourceStart, dest, destStart, copyLength + 1)
    } catch (error) {
      // At the end of one of the two.
    }
  }],
  'a slice that starts too late': ['sliceOnto', (sliceOnto) => (source, dest, start, end) => {
    sliceOnto(source, dest, start === 1 && end > 1 ? 2 : start, end)
    return source
  }],
  'a slice that is a copy': ['sliceOnto', (sliceOnto) => (source, dest, start, end) => {
    if (smalloc.hasExternalData(source)) sliceOnto(smalloc.view(source).slice(), dest, start, end)
    else sliceOnto(source, dest, start, end)
    return source
  }],
  'a dispose that does nothing': ['dispose', () => () => {}],
  'a dispose that leaves a prototype': ['dispose', (dispose) => (object) => {
    const prototype = Object.getPrototypeOf(object)
    dispose(object)
    Object.setPrototypeOf(object, prototype)
  }],
  'a disposeBuffer that does nothing': ['disposeBuffer', () => () => {}],
  'a release that loses the last byte': ['release', (release) => (object) => {
    const memory = release(object)
    return memory.slice(0, Math.max(0, memory.byteLength - 1))
  }],
  'an adopt that copies': ['adopt', (adopt) => (arrayBuffer, ...more) => {
    const isWhole = arrayBuffer instanceof ArrayBuffer && arrayBuffer.byteLength > 0
    return adopt(isWhole ? structuredClone(arrayBuffer) : arrayBuffer, ...more)
  }],
  'an error of another code': ['view', (view) => (object) => {
    try {
      return view(object)
    } catch (error) {
      throw Object.assign(error, { code: 'ERR_OUT_OF_RANGE' })
    }
  }],
  'an answer that is always yes': ['hasExternalData', () => () => true]
}

describe('the model', function () {
  this.timeout(300_000)

  const agrees = async (arbitrary, numRuns, observer) =>
    fc.assert(fc.asyncProperty(arbitrary, async (sequence) => { await run(sequence, { smalloc, ...observer }) }), { numRuns })

  it('agrees with smalloc about random sequences of calls, of which every kind is carried out', async () => {
    const statistics = new Statistics()
    await agrees(sequences(), quick(SEQUENCES, 80), { count: statistics.count })
    if (isLong) assert.deepEqual(statistics.missing(), []) // fewer may lack a kind
  })

  it('agrees with smalloc about copies', () => agrees(copies, quick(3000, 200)))

  for (const [name, [method, broken]] of shareOf(Object.entries(defects), 0, 4)) {
    it(`finds ${name}`, async () => {
      const other = { ...smalloc, [method]: broken(smalloc[method]) }
      const property = fc.asyncProperty(sequences(), async (sequence) => { await run(sequence, { smalloc: other }) })
      const { failed, errorInstance } = await fc.check(property, { numRuns: 300, endOnFailure: true })
      assert(failed)
      assert.match(errorInstance.message, /^ {2}o\d+ = /m)
    })
  }
})

describe('tools/fuzz.js', () => {
  it('runs on Rust memory and on engine memory', async () => {
    const { code, stdout } = await child.run(FUZZ, ['--sequences', 10, '--seed', 1])
    assert.equal(stdout, '10 sequences on Rust memory and engine memory, seed 1\nno difference from the model, and none between the two\n')
    assert.equal(code, 0)
  })

  long.it('shows the smallest sequence that fails, and finds it again by seed and path', async () => {
    const broken = ['--module', path.join(__dirname, '..', 'support', 'programs', 'copies-too-little.js')]
    const { code, stderr } = await child.run(FUZZ, [...broken, '--sequences', 300, '--seed', 1])
    assert.equal(code, 1)
    assert.match(stderr, /^ {2}\{"do":"copy"/m)
    assert.match(stderr, /copyOnto\(o\d, [\d.]+, o\d, [\d.]+, (1[7-9]|[2-9]\d|\d{3,})\)/)
    const [, seed, place] = /npm run fuzz -- --seed (\d+) --path ([\d:]+)$/m.exec(stderr)
    const again = await child.run(FUZZ, [...broken, '--seed', seed, '--path', place])
    assert.equal(again.code, 1)
    const shown = (text) => /^ {2}\{[^]*?\n\n/m.exec(text)[0]
    assert.equal(shown(again.stderr), shown(stderr))
  })
})
