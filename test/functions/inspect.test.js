'use strict'

const assert = require('node:assert/strict')
const { format, inspect } = require('node:util')
const { alloc, dispose, External, sliceOnto, Types } = require('../..')
const { fill } = require('../support/elements')
const { forEachKind, SimpleData } = require('../support/kinds')

describe('util.inspect', () => {
  class Point {}
  const f = (properties) => Object.assign(function f () {}, properties)
  const texts = {
    // functions and classes
    "[Function: f] { '0': 0, '1': 0, '2': 0 }": () => alloc(3, f()),
    "[Function: f] { '0': 0, x: 1 }": () => alloc(1, f({ x: 1 })),
    "[Function (anonymous)] { '0': 0 }": () => alloc(1, () => {}),
    "[AsyncFunction: f] { '0': 0 }": () => alloc(1, async function f () {}),
    "[GeneratorFunction: f] { '0': 0 }": () => alloc(1, function * f () {}),
    "[class A] { '0': 0 }": () => alloc(1, class A {}),
    "[class A extends SimpleData] { '0': 0 }": () => alloc(1, class A extends SimpleData {}),
    // instances
    "SimpleData { '0': 0, length: 1 }": () => new SimpleData(1),
    "Point { '0': 0 }": () => alloc(1, new Point()),
    "[Object: null prototype] { '0': 0 }": () => alloc(1, Object.create(null)),
    "{ '0': 0, a: [Getter] }": () => alloc(1, { get a () { return 1 } }),
    "{ '0': 0, a: 1 }": () => alloc(1, new Proxy({ a: 1 }, {})),
    // what is more than an object
    "1970-01-01T00:00:00.000Z { '0': 0 }": () => alloc(1, new Date(0)),
    "/x/g { '0': 0 }": () => alloc(1, /x/g),
    "Map(1) { 'a' => 1, '0': 0 }": () => alloc(1, new Map([['a', 1]])),
    "Set(1) { 5, '0': 0 }": () => alloc(1, new Set([5])),
    "[Arguments] { '0': 0 }": () => alloc(1, (function () { return arguments })(7, 8)),
    "[Number: 5] { '0': 0 }": () => alloc(1, Object(5)),
    "[String: ''] { '0': 0 }": () => alloc(1, Object('')),
    // numbers of every type
    "{ '0': 1.5, '1': -0, '2': NaN, '3': Infinity }": () => fill(alloc(4, Types.Double), [1.5, -0, NaN, Infinity]),
    "{ '0': -1 }": () => fill(alloc(1, {}, Types.Int8), [-1]),
    "{ '0': 5n }": () => sliceOnto(new BigInt64Array([5n]), {}),
    // one object in two places
    "[ { '0': 0 }, { '0': 0 } ]": () => Array(2).fill(alloc(1)),
    "[ [Function: f] { '0': 0 }, [Function: f] { '0': 0 } ]": () => Array(2).fill(alloc(1, f()))
  }
  for (const [text, make] of Object.entries(texts)) {
    it(`prints ${text}`, () => {
      assert.equal(inspect(make()), text)
    })
  }

  it('prints bare objects, External and receivers alike, with other own properties after the indices', () => {
    for (const object of [alloc(2), new External(2), alloc(2, {}), alloc(2, {}, Types.Double), new External.Int8(2)]) {
      object[1] = 1
      assert.equal(inspect(object), "{ '0': 0, '1': 1 }")
      Object.assign(object, { name: 'x', [Symbol('s')]: 1 })
      assert.match(inspect(object), /^{ '0': 0, '1': 1, name: 'x', \[?Symbol\(s\)\]?: 1 }$/)
    }
  })

  it('prints no elements, and disposed ones, as {}', () => {
    forEachKind((name, make) => {
      const text = { function: '[Function: allocMe]', 'External subclass': 'Data {}' }[name] ?? '{}'
      assert.equal(inspect(make(0)), text)
      for (const length of [0, 3, 1000]) {
        const object = make(length)
        dispose(object)
        assert.equal(inspect(object), text)
      }
    })
  })

  describe('of many elements', () => {
    const entries = (count) => Array.from({ length: count }, (_, index) => `  '${index}': ${index & 255},\n`).join('')
    const counting = (object, length) => fill(object, Array.from({ length }, (_, index) => index & 255))

    forEachKind((name, make) => {
      const prefix = { function: '[Function: allocMe] ', 'External subclass': 'Data ' }[name] ?? ''

      it(`prints the first 100 of ${name}, or as many as maxArrayLength says, then how many more there are`, () => {
        for (const [length, more] of [[100, ''], [101, '  ... 1 more item'], [1000, '  ... 900 more items']]) {
          const lines = more === '' ? entries(100).slice(0, -2) : entries(100) + more
          assert.equal(inspect(counting(make(length), length)), `${prefix}{\n${lines}\n}`)
        }
        const text = inspect(counting(make(300), 300), { maxArrayLength: null })
        assert.equal(text, `${prefix}{\n${entries(300).slice(0, -2)}\n}`)
        const object = counting(make(4), 4)
        for (const maxArrayLength of [4, 5, 1e9, Infinity, null]) {
          assert.equal(inspect(object, { maxArrayLength }), `${prefix}{ '0': 0, '1': 1, '2': 2, '3': 3 }`)
        }
        assert.equal(inspect(object, { maxArrayLength: 3 }), `${prefix}{ '0': 0, '1': 1, '2': 2, ... 1 more item }`)
        for (const maxArrayLength of [0, -1]) assert.equal(inspect(object, { maxArrayLength }), `${prefix}{ ... 4 more items }`)
      })
    })

    it('prints own properties after how many more there are', () => {
      for (const object of [alloc(101), alloc(101, {}), new External(101)]) {
        object.name = 'x'
        assert(inspect(object).endsWith("  '99': 0,\n  ... 1 more item,\n  name: 'x'\n}"))
      }
      assert.equal(inspect(new SimpleData(3), { maxArrayLength: 1 }), "SimpleData { '0': 0, ... 2 more items, length: 3 }")
    })

    it('prints, of what is a typed array of more than 16,384, no other own properties but symbols', () => {
      const symbol = Symbol('y')
      const entry = inspect({ [symbol]: 2 }).slice(2, -2) // In brackets up to Node 22 only.
      for (const length of [16385, 64 << 20]) {
        for (const object of [alloc(length), new External(length)]) {
          object.x = 1
          object[symbol] = 2
          assert(inspect(object).endsWith(`  '99': 0,\n  ... ${length - 100} more items,\n  ${entry}\n}`))
        }
      }
      const receiver = alloc(64 << 20, { x: 1 })
      assert.match(inspect(receiver), /more items,\n *x: 1\n\}$/)
    })

    it('prints the same nested', () => {
      assert.equal(inspect([alloc(2), alloc(3, {})], { maxArrayLength: 2 }), "[ { '0': 0, '1': 0 }, { '0': 0, '1': 0, ... 1 more item } ]")
      const text = inspect({ a: counting(alloc(1000, {}), 1000), b: 2 })
      assert.equal(text, `{\n  a: {\n${entries(100).replace(/^/gm, '  ').trimEnd()}\n    ... 900 more items\n  },\n  b: 2\n}`)
    })
  })

  it('prints an Error with its message', () => {
    assert.match(inspect(alloc(1, new TypeError('boom'))), /TypeError: boom/)
  })

  it('prints colors where asked to', () => {
    const entry = (index) => `\u001b[32m'${index}'\u001b[39m: \u001b[33m0\u001b[39m`
    for (const [object, prefix] of [[alloc(2), ''], [alloc(2, {}), ''], [new External(2), ''], [alloc(2, function f () {}), '[Function: f] ']]) {
      assert.equal(inspect(object, { colors: true }), `${prefix}{ ${entry(0)}, ${entry(1)} }`)
      assert.equal(inspect(object, { colors: true, maxArrayLength: 1 }), `${prefix}{ ${entry(0)}, ... 1 more item }`)
    }
  })

  it('honours depth', () => {
    forEachKind((name, make) => {
      const object = make(2)
      assert.match(inspect({ a: { b: object } }, { depth: 1 }), /^{ a: { b: \[(Object|Data|Function|Function: allocMe)\] } }$/)
      assert.match(inspect({ a: { b: object } }, { depth: 2 }), /'0': 0, '1': 0/)
      assert.match(inspect({ a: { b: make(2) } }, { depth: 1, maxArrayLength: 1 }), /^{ a: { b: \[\w+(: allocMe)?\] } }$/)
      object.deep = { deep: { deep: { deep: 1 } } }
      assert.match(inspect(object), /deep: { deep: { deep: \[Object\] } }/)
      assert.match(inspect(object, { depth: null, maxArrayLength: 1 }), /deep: {\s+deep: {\s+deep: {\s+deep: 1\s+}\s+}\s+}/)
      assert.match(inspect(object, { depth: 0 }), /deep: \[Object\]/)
    })
  })

  it('ends at a circle', () => {
    for (const make of [() => alloc(1), () => alloc(1, {}), () => new External(1)]) {
      const object = make()
      object.me = object
      assert.equal(inspect(object), "<ref *1> { '0': 0, me: [Circular *1] }")
      const other = make()
      other.list = [other]
      assert.equal(inspect(other), "<ref *1> { '0': 0, list: [ [Circular *1] ] }")
    }
    forEachKind((name, make) => {
      for (const depth of [2, Infinity, null]) {
        const object = make(1000)
        object.me = { object }
        assert.match(inspect(object, { depth }), /me: { object: \[Circular( \*1)?\] }/, name)
        const outer = { object: make(1000) }
        outer.object.outer = outer
        assert.match(inspect(outer, { depth }), /Circular/, name)
      }
    })
  })

  it('prints the same twice, and what has changed', () => {
    forEachKind((name, make) => {
      for (const length of [3, 1000]) {
        const object = make(length)
        object.x = 1
        const first = inspect(object)
        assert.equal(inspect(object), first)
        object[0] = 200
        object.x = { y: 2 }
        assert.equal(inspect(object), first.replace("'0': 0", "'0': 200").replace('x: 1', 'x: { y: 2 }'))
        delete object.x
        assert(!inspect(object).includes('x:'))
      }
    })
  })

  it('takes any option, and leaves the object as it is', () => {
    forEachKind((name, make) => {
      for (const length of [0, 3, 1000]) {
        const object = Object.assign(make(length), { a: 1 })
        const keys = Reflect.ownKeys(object)
        const prototype = Object.getPrototypeOf(object)
        for (const options of [{ showHidden: true, depth: null }, { showProxy: true }, { customInspect: false }, { compact: false },
          { compact: 1 }, { breakLength: 1 }, { breakLength: Infinity }, { sorted: true }, { sorted: (a, b) => a < b ? 1 : -1 },
          { getters: true }, { numericSeparator: true }, { maxStringLength: 1 }]) {
          assert.equal(typeof inspect(object, options), 'string')
        }
        assert.deepEqual(Reflect.ownKeys(object), keys)
        assert.equal(Object.getPrototypeOf(object), prototype)
      }
    })
    assert.match(inspect(alloc(1000), { sorted: true }), /\n {2}'99': 0,\n {2}\.\.\. 900 more items\n}$/)
  })

  it('leaves it to an inspect method of the object\'s own: of its class, its own, an accessor, or static', () => {
    const asNode = (depth, options, inspector) => inspector === inspect && typeof options.stylize === 'function'
    class Mine {
      [inspect.custom] (...args) { return `mine: ${this[0]}, ${asNode(...args)}` }
    }
    class Derived extends External {
      [inspect.custom] (...args) { return `mine: ${this[0]}, ${asNode(...args)}` }
    }
    class Static {
      static [inspect.custom] (...args) { return `mine: ${this[0]}, ${asNode(...args)}` }
    }
    const method = Mine.prototype[inspect.custom]
    for (const length of [3, 1000]) {
      for (const object of [alloc(length, new Mine()), new Derived(length), alloc(length, { [inspect.custom]: method }),
        alloc(length, { get [inspect.custom] () { return method } }), alloc(length, Static)]) {
        object[0] = 7
        assert.equal(inspect(object), 'mine: 7, true')
        assert.equal(inspect({ object }), '{ object: mine: 7, true }')
        dispose(object)
        assert.equal(inspect(object), 'mine: undefined, true')
      }
    }
  })

  it('is not confused by objects that inherit from an allocation', () => {
    for (const length of [3, 1000]) {
      assert.equal(inspect(Object.create(alloc(length, { x: 1 }))), '{}')
      assert.equal(inspect(Object.assign(Object.create(alloc(length)), { y: 1 })).replace(/^\w+ /, ''), '{ y: 1 }')
    }
    assert.equal(inspect(External.prototype), '{}')
  })

  it('says how many more there are once, whatever else is printed', () => {
    const map = new Map([["'1': ... 3 more items", 1]])
    assert.equal(inspect(alloc(3, map), { maxArrayLength: 1 }), "Map(1) { \"'1': ... 3 more items\" => 1, '0': 0, ... 2 more items }")
    const f = Object.defineProperty(() => {}, 'name', { value: "'5': ... 9 more items" })
    assert.equal(inspect(alloc(3, f), { maxArrayLength: 1 }), "[Function: '5': ... 9 more items] { '0': 0, ... 2 more items }")
  })

  it('runs no method of a Date or a RegExp that others have replaced', () => {
    const never = () => { throw new Error('called') }
    const odd = [Object.assign(new Date(0), { valueOf: never }),
      Object.defineProperty(/x/, Symbol.match, { get: never })]
    for (const receiver of odd) assert.match(inspect(alloc(1, receiver)), /'0': 0/)
  })

  it('prints a child that is allocated after its parent is disposed', () => {
    for (const length of [2, 100]) {
      const parent = alloc(length, {})
      const child = alloc(2, Object.create(parent))
      dispose(parent)
      assert.equal(inspect(child), "{ '0': 0, '1': 0 }")
    }
  })

  it('keeps nothing alive that the object has lost since', async () => {
    const allocated = [alloc(3, {}), alloc(3, () => {}), alloc(200, new Map())]
    const lost = allocated.map((object) => {
      object.value = { big: Array(1000) }
      inspect(object)
      const reference = new WeakRef(object.value)
      delete object.value
      return reference
    })
    for (let turn = 0; turn < 3; turn++) {
      await new Promise(setImmediate) // a weak reference keeps its object until the job ends
      globalThis.gc()
    }
    assert.deepEqual(lost.map((reference) => reference.deref()), [undefined, undefined, undefined])
    assert.equal(inspect(allocated[0]), "{ '0': 0, '1': 0, '2': 0 }")
  })

  it('is what console.log and util.format use', () => {
    assert.equal(format('%O and %s', alloc(1), 'x', new External(1)), "{ '0': 0 } and x { '0': 0 }")
  })
})
