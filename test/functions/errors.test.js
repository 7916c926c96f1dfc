'use strict'

// What each function refuses of its arguments, with which error, and in which words. Objects that cannot be receivers are in
// receiver.test.js, ArrayBuffers that cannot be moved in adopt.test.js and disposeBuffer.test.js.

const assert = require('node:assert/strict')
const {
  adopt, alloc, allocUnsafe, copyOnto, dispose, disposeBuffer, External, hasExternalData, kMaxLength, release, sliceOnto, Types, view
} = require('../..')
const { fill, typedArrays } = require('../support/elements')
const { errorOf, noData, refuses } = require('../support/errors')
const { disposed, transferred } = require('../support/states')

const never = () => assert.fail('an argument was converted')
const convertible = { valueOf: never, toString: never, [Symbol.toPrimitive]: never }

const notNumbers = [null, true, '3', '', 'x', 3n, Symbol('3'), {}, [3], [], () => {}, new Date(3), Object(3), convertible, new Uint8Array(1)]
const negative = [NaN, -Infinity, -1, -0.5, -1e300]
/** Too large for any length. Added to a start, or multiplied by the size of an element, some would overflow. */
const huge = [2 ** 53, 2 ** 64, Number.MAX_VALUE, Infinity]
const overflowing = [2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 52, Number.MAX_SAFE_INTEGER, ...huge]
const notTypes = [null, true, '2', 'Uint8', 2n, Symbol('2'), {}, [2], () => {}, Uint8Array, DataView, convertible]
const noTypes = [0, -1, 13, 1.5, NaN, Infinity, 2 ** 32 + 2]
const memoryClasses = [...Object.values(typedArrays), Object.getPrototypeOf(Uint8Array), ArrayBuffer, SharedArrayBuffer, DataView, Buffer]
const notObjects = [null, true, false, '', 'x', 2n, Symbol('x')]
const primitives = [...notObjects, 1, undefined]
const notAllocations = [Buffer.from('x'), new Uint8Array(1), new BigInt64Array(1), new DataView(new ArrayBuffer(1)),
  new Uint8Array(new SharedArrayBuffer(1)), view(alloc(1)), view(alloc(99, {}))]
const neverAllocated = [{}, [], () => {}, new Map(), new ArrayBuffer(8), External, Object.create(alloc(3)), new Proxy(alloc(3), {})]

const [TYPE, VALUE, RANGE, DATA] = ['ERR_INVALID_ARG_TYPE', 'ERR_INVALID_ARG_VALUE', 'ERR_OUT_OF_RANGE', 'ERR_NO_EXTERNAL_DATA']
const classes = { [TYPE]: TypeError, [VALUE]: TypeError, [RANGE]: RangeError, [DATA]: Error }

const make = () => fill(alloc(8, {}), [1, 2, 3, 4])
const withoutData = [...neverAllocated, new DataView(new ArrayBuffer(8)), convertible, disposed(alloc(3)), disposed(alloc(100, {})),
  disposed(new External(3))]
const released = alloc(10, {})
release(released)

/** One row: the call, the argument that is wrong, its wrong values, the code of the error and what its message says. */
const rows = []
const row = (name, argument, values, call, code, words = '') => rows.push({ name, argument, values, call, code, words })

/** The rows of an argument that must be a number from 0 to what `most` says, and of one that must be a type. */
function numberRows (name, argument, most, tooLarge, call) {
  row(name, argument, notNumbers, call, TYPE, 'must be a number; received')
  row(`${name} below 0`, argument, negative, call, RANGE, 'must be a number from 0 on; received')
  row(`${name} above the most`, argument, tooLarge, call, RANGE, `must be at most ${most}; received`)
}

function typeRows (name, call) {
  row(name, 'type', notTypes, call, TYPE, 'must be')
  row(name, 'type', noTypes, call, VALUE, 'must be one of Types; received')
}

for (const [name, allocate] of Object.entries({ alloc, allocUnsafe })) {
  numberRows(`${name}(length)`, 'length', kMaxLength, huge, (value) => allocate(value))
  numberRows(`${name}(length, receiver)`, 'length', kMaxLength, huge, (value) => allocate(value, {}))
  const most = Math.floor(kMaxLength / 8)
  numberRows(`${name}(length, type)`, 'length', most, [most + 1, ...huge], (value) => allocate(value, Types.Double))
  row(`${name}()`, 'length', [undefined], (value) => allocate(value), TYPE, 'must be a number; received')
}
for (const Constructor of new Set(Object.values(External))) {
  const most = Math.floor(kMaxLength / Object.getPrototypeOf(view(new Constructor(0))).BYTES_PER_ELEMENT)
  numberRows(`new ${Constructor.name}(length), in a subclass`, 'length', most, [most + 1, ...huge], (value) => new (class extends Constructor {})(value))
}
const allocators = { alloc, allocUnsafe, adopt: (length, ...rest) => adopt(new ArrayBuffer(length), ...rest) }
for (const [name, allocate] of Object.entries(allocators)) {
  row(`${name}(…, receiver)`, 'receiver', notObjects, (value) => allocate(3, value), TYPE)
  row(`${name}(…, receiver, type)`, 'receiver', [...notObjects, 0, 2], (value) => allocate(3, value, Types.Int8), TYPE)
  row(`${name}(…, type)`, 'type', noTypes, (value) => allocate(3, value), VALUE)
  typeRows(`${name}(…, receiver, type)`, (value) => allocate(3, {}, value))
  typeRows(`${name}(…, undefined, type)`, (value) => allocate(3, undefined, value))
}
row('adopt', 'arrayBuffer', [...primitives, {}, Buffer.alloc(8), new DataView(new ArrayBuffer(8)), new Proxy(new ArrayBuffer(8), {})],
  (value) => adopt(value), TYPE)
row('adopt, whose elements do not divide the bytes', 'arrayBuffer', [new ArrayBuffer(10)], (value) => adopt(value, {}, Types.Double), RANGE,
  'must be a multiple of 8 bytes long; it has 10')
row('disposeBuffer', 'buffer', [...primitives, {}, [], () => {}, new Proxy(Buffer.alloc(1), {})], (value) => disposeBuffer(value), TYPE)

for (const [name, call] of Object.entries({ dispose, release })) {
  row(name, 'obj', primitives, (value) => call(value), TYPE)
  row(name, 'obj', notAllocations, (value) => call(value), VALUE)
  row(name, 'obj', neverAllocated, (value) => call(value), DATA)
}
row('release of what is gone', 'obj', [disposed(alloc(10)), disposed(sliceOnto(alloc(10), {})), released, transferred(alloc(10))], release, DATA)
row('release of a slice', 'obj', [sliceOnto(alloc(10), {}), sliceOnto(alloc(1000), {})], release, VALUE, 'must not be a slice')
for (const [name, argument, call] of [
  ['view', 'obj', (value) => view(value)], ['view(obj, type)', 'obj', (value) => view(value, Types.Int8)],
  ['sliceOnto', 'source', (value) => sliceOnto(value, {})], ['copyOnto', 'source', (value) => copyOnto(value, 0, make(), 0, 0)],
  ['copyOnto', 'dest', (value) => copyOnto(make(), 0, value, 0, 0)]
]) {
  row(name, argument, primitives, call, TYPE)
  row(name, argument, withoutData, call, DATA)
}

const ends = {
  objects: [() => alloc(8), () => alloc(8)],
  receivers: [make, make],
  'typed arrays': [() => new Uint8Array(8), () => new Uint8Array(8)],
  'a typed array and a receiver': [() => new Uint8Array(8), make],
  'a function and an External': [() => alloc(8, () => {}), () => new External(8)],
  Doubles: [() => alloc(8, Types.Double), () => alloc(8, Types.Double)]
}
for (const [between, [from, to]] of Object.entries(ends)) {
  const name = `copyOnto between ${between}`
  numberRows(name, 'sourceStart', 8, [9, ...overflowing], (value) => copyOnto(from(), value, to(), 0, 1))
  numberRows(name, 'destStart', 8, [9, ...overflowing], (value) => copyOnto(from(), 0, to(), value, 1))
  numberRows(name, 'copyLength', '6, what source has left', [7, 8, ...overflowing], (value) => copyOnto(from(), 2, to(), 0, value))
  row(`${name}, no room in the dest`, 'copyLength', [4, 8], (value) => copyOnto(from(), 0, to(), 5, value), RANGE, 'must be at most 3, what fits')
  row(`${name}, left out`, 'copyLength', [undefined], (value) => copyOnto(from(), 0, to(), 0, value), TYPE, 'must be a number; received')
}

typeRows('view(obj, type)', (value) => view(alloc(8), value))
const wideTypes = [Types.Int16, Types.Float, Types.Double, Types.BigInt64]
row('view(obj, type), whose elements do not divide the bytes', 'type', wideTypes, (value) => view(alloc(7), value), RANGE)
row('view(obj, type), of a slice at an odd offset', 'type', wideTypes, (value) => view(sliceOnto(alloc(9), {}, 1), value), RANGE)

row('sliceOnto', 'dest', primitives, (value) => sliceOnto(alloc(3), value), TYPE)
numberRows('sliceOnto', 'start', 3, [4, ...overflowing], (value) => sliceOnto(alloc(3), {}, value))
numberRows('sliceOnto', 'end', 3, [4, ...overflowing], (value) => sliceOnto(alloc(3), {}, 0, value))
row('sliceOnto, past the end', 'start', [2, 3], (value) => sliceOnto(alloc(3), {}, value, 1), RANGE, 'must be at most 1')

describe('errors', () => {
  for (const { name, argument, values, call, code, words } of rows) {
    it(`${name}: ${argument} ${words} ${code}`, () => {
      for (const value of values) {
        const size = ArrayBuffer.isView(value) ? value.byteLength : undefined
        if (code === DATA) assert.throws(() => call(value), noData(argument))
        else assert(refuses(() => call(value), classes[code], code, argument).message.startsWith(`${argument} ${words}`))
        if (size !== undefined) assert.equal(value.byteLength, size, 'it is left as it was')
      }
    })
  }

  it('show the caller first in their stack, and an enumerable code', () => {
    const error = errorOf(function caller () { alloc('3') })
    assert.match(error.stack, /^TypeError: length must be a number; received the string '3'\n/)
    assert.match(error.stack, /\bcaller\b/)
    assert.deepEqual(Object.keys(error), ['code'])
  })

  it('say what was received, as a person would', () => {
    for (const [value, words] of [['many', "the string 'many'"], ["it's", 'the string "it\'s"'], ['', "the string ''"],
      ['x'.repeat(1000), `the string '${'x'.repeat(40)}'... 960 more characters`], [3n, '3n (a bigint)'], [10n ** 99n, 'a bigint'],
      [undefined, 'undefined'], [null, 'null'], [true, 'true'], [false, 'false'], [Symbol('x'), 'a symbol'], [{}, 'an object'],
      [[1], 'an object'], [() => {}, 'a function']]) {
      assert.equal(errorOf(() => alloc(value)).message, `length must be a number; received ${words}`)
    }
    for (const [value, words] of [[undefined, 'undefined'], [null, 'null'], [3, '3'], [-0, '-0'], [NaN, 'NaN']]) {
      assert.equal(errorOf(() => view(value)).message, `obj must be an object or a function; received ${words}`)
    }
    assert.equal(errorOf(() => alloc(3, 99)).message, 'type must be one of Types; received 99')
  })

  it('name the type of a typed array\'s constructor that was given instead', () => {
    for (const Class of memoryClasses) {
      const type = Object.keys(typedArrays).find((name) => typedArrays[name] === Class)
      const words = `must not be a constructor of memory${type === undefined ? '' : `: for its type, pass Types.${type}`}`
      for (const allocate of Object.values(allocators)) {
        assert.equal(refuses(() => allocate(3, Class), TypeError, VALUE).message, `receiver ${words}`)
      }
      assert.equal(refuses(() => sliceOnto(alloc(3), Class), TypeError, VALUE).message, `dest ${words}`)
      for (const call of [() => alloc(3, {}, Class), () => view(alloc(3), Class)]) {
        const expected = type === undefined ? 'one of Types' : `Types.${type}`
        assert.equal(errorOf(call).message, `type must be ${expected}; received a function`)
      }
      assert.deepEqual([Class[0], hasExternalData(Class)], [undefined, false])
    }
  })

  it('say why the memory does not fit, and what to do instead', () => {
    const slice = sliceOnto(alloc(9), {}, 1)
    const lost = 'has lost the memory that it was made with, and cannot be allocated again: pass another object'
    const messages = [
      [() => view(alloc(7), Types.Float), 'type must fit the memory of obj: its bytes are 7, which is no multiple of 4'],
      [() => view(slice, Types.Double), 'type must fit the memory of obj: it starts at byte 1, which is no multiple of 8'],
      [() => dispose(view(alloc(3))), 'obj must not be a Buffer, a typed array or a DataView: ' +
        'dispose the object, not its view; for memory that is not smalloc\'s, use disposeBuffer'],
      ...[disposed(alloc(3)), disposed(new External(3)), transferred(new External(3))].flatMap((object) => [
        [() => alloc(3, object), `receiver ${lost}`],
        [() => sliceOnto(alloc(3), object), `dest ${lost}`]
      ])
    ]
    for (const [call, message] of messages) assert.equal(errorOf(call).message, message)
  })

  describe('say why there is no external array data', () => {
    const PROXY = 'a Proxy has no data of its own; pass its target'
    const HEIR = 'its prototype has; pass that'
    const TRANSFERRED = 'its memory was transferred'
    const GONE = 'its memory was disposed or transferred'
    const viewOfDisposed = () => {
      const object = alloc(3)
      const elements = view(object)
      dispose(object)
      return elements
    }

    /** Asserts what the calls say of `object` after the words of Node 0.12. */
    function saysOf (object, { view: ofView, others }) {
      const words = 'has no external array data'
      assert.equal(errorOf(() => view(object)).message, `obj ${words}${ofView}`)
      assert.equal(errorOf(() => sliceOnto(object, {})).message, `source ${words}${others}`)
      assert.equal(errorOf(() => copyOnto(object, 0, alloc(3), 0, 1)).message, `source ${words}${others}`)
      assert.equal(errorOf(() => copyOnto(alloc(3), 0, object, 0, 1)).message, `dest ${words}${others}`)
    }

    const reasons = {
      'a plain object': [() => ({}), undefined],
      'a function': [() => External, undefined],
      'an object without a prototype': [() => Object.create(null), undefined],
      'an Array': [() => [1], 'an Array is no typed array'],
      'an ArrayBuffer': [() => new ArrayBuffer(8), 'an ArrayBuffer has no elements; pass new Uint8Array(buffer)'],
      'a SharedArrayBuffer': [() => new SharedArrayBuffer(8), 'an ArrayBuffer has no elements; pass new Uint8Array(buffer)'],
      'a DataView': [() => new DataView(new ArrayBuffer(8)),
        'a DataView has no elements; pass new Uint8Array(buffer, byteOffset, byteLength)'],
      'a Proxy of an allocation': [() => new Proxy(alloc(3), {}), PROXY],
      'a Proxy of a receiver': [() => new Proxy(alloc(99, {}), {}), PROXY],
      'a Proxy of an Array': [() => new Proxy([], {}), PROXY],
      'a Proxy that was revoked': [() => {
        const { proxy, revoke } = Proxy.revocable({}, {})
        revoke()
        return proxy
      }, PROXY],
      'an heir of an allocation': [() => Object.create(alloc(3)), HEIR],
      'an heir of a receiver': [() => Object.create(alloc(99, {})), HEIR],
      'an heir of an heir of a typed array': [() => Object.create(Object.create(new Uint8Array(3))), HEIR],
      'an heir of what is disposed': [() => Object.create(disposed(alloc(3))), undefined],
      'an heir of a Proxy of an allocation': [() => Object.create(new Proxy(alloc(3), { getPrototypeOf: never })), undefined],
      'an allocation, transferred': [() => transferred(alloc(3)), TRANSFERRED],
      'a receiver, transferred': [() => transferred(alloc(3, {})), TRANSFERRED],
      'the view of a disposed allocation': [viewOfDisposed, GONE]
    }

    for (const [name, [make, reason]] of Object.entries(reasons)) {
      it(`of ${name}: ${reason ?? 'nothing more'}`, () => {
        const words = reason === undefined ? '' : `: ${reason}`
        saysOf(make(), { view: words, others: words })
        if (![PROXY, HEIR, undefined].includes(reason)) return
        assert.equal(errorOf(() => dispose(make())).message, `obj has no external array data${words}`)
      })
    }

    it('of what was disposed: view says so; copyOnto and sliceOnto say only what Node 0.12 said', () => {
      const source = alloc(3)
      const slice = sliceOnto(source, {})
      dispose(source)
      for (const object of [source, slice, disposed(alloc(200 << 10)), disposed(new External(3)), disposed(alloc(99, {}))]) {
        saysOf(object, { view: ': its memory was disposed or released', others: '' })
      }
    })
  })

  it('do not run code of the value that they describe', () => {
    const custom = { [Symbol.for('nodejs.util.inspect.custom')]: never, get constructor () { return never() }, toJSON: never }
    class Named { static get name () { return never() } }
    const traps = { get: never, getPrototypeOf: never }
    for (const value of [custom, convertible, Named, new Proxy({}, traps), new Proxy(() => {}, traps)]) {
      assert.equal(errorOf(() => alloc(value)).code, TYPE)
      assert.equal(errorOf(() => alloc(3, {}, value)).code, TYPE)
      assert.equal(errorOf(() => copyOnto(alloc(3), value, alloc(3), 0, 1)).code, TYPE)
      assert.equal(errorOf(() => sliceOnto(alloc(3), {}, value)).code, TYPE)
    }
  })

  it('say how many bytes cannot be allocated', () => {
    const bytes = 2 ** 52
    const { code, message } = errorOf(() => alloc(bytes))
    if (kMaxLength < bytes) assert.equal(code, RANGE)
    else assert.deepEqual([code, message], ['ERR_MEMORY_ALLOCATION_FAILED', `cannot allocate ${bytes} bytes`])
  })
})
