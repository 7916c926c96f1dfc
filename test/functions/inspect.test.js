'use strict'

const assert = require('node:assert/strict')
const { Console } = require('node:console')
const { Writable } = require('node:stream')
const { format, inspect } = require('node:util')
const { alloc, dispose, External, sliceOnto, Types } = require('../..')
const { fill } = require('../support/elements')
const { forEachKind, SimpleData } = require('../support/kinds')

describe('util.inspect', () => {
  it('prints bare objects, External and receivers alike', () => {
    for (const object of [alloc(2), new External(2), alloc(2, {}), alloc(2, {}, Types.Double), new External.Int8(2)]) {
      object[1] = 1
      assert.equal(inspect(object), "{ '0': 0, '1': 1 }")
    }
  })

  it('prints a function as a function with elements', () => {
    assert.equal(inspect(alloc(3, function allocMe () {})), "[Function: allocMe] { '0': 0, '1': 0, '2': 0 }")
    assert.equal(inspect(alloc(1, () => {})), "[Function (anonymous)] { '0': 0 }")
    assert.equal(inspect(alloc(1, async function f () {})), "[AsyncFunction: f] { '0': 0 }")
    assert.equal(inspect(alloc(1, function * f () {})), "[GeneratorFunction: f] { '0': 0 }")
    assert.equal(inspect(alloc(1, class A {})), "[class A] { '0': 0 }")
    assert.equal(inspect(alloc(1, class A extends SimpleData {})), "[class A extends SimpleData] { '0': 0 }")
  })

  it('prints a subclass with its name, as Node does', () => {
    assert.equal(inspect(new SimpleData(1)), "SimpleData { '0': 0, length: 1 }")
    class Point {}
    assert.equal(inspect(alloc(1, new Point())), "Point { '0': 0 }")
    assert.equal(inspect(alloc(1, Object.create(null))), "[Object: null prototype] { '0': 0 }")
  })

  it('prints other own properties after the indices', () => {
    const key = Symbol('s')
    for (const object of [alloc(1), new External(1), alloc(1, {})]) {
      Object.assign(object, { name: 'x', f: 1.5 })
      assert.equal(inspect(object), "{ '0': 0, name: 'x', f: 1.5 }")
      object[key] = 1
      assert.match(inspect(object), /^{ '0': 0, name: 'x', f: 1.5, \[?Symbol\(s\)\]?: 1 }$/)
    }
    assert.equal(inspect(alloc(1, Object.assign(function f () {}, { x: 1 }))), "[Function: f] { '0': 0, x: 1 }")
    assert.equal(inspect(alloc(1, { get a () { return 1 } })), "{ '0': 0, a: [Getter] }")
  })

  it('prints no elements, and disposed ones, as {}', () => {
    forEachKind((name, make) => {
      for (const length of [0, 3, 1000]) {
        const object = make(length)
        dispose(object)
        const expected = { function: '[Function: allocMe]', 'External subclass': 'Data {}' }[name] ?? '{}'
        assert.equal(inspect(object), expected)
      }
    })
    assert.equal(inspect(alloc(0)), '{}')
    assert.equal(inspect(alloc(0, {})), '{}')
    assert.equal(inspect(new External(0)), '{}')
  })

  describe('of many elements', () => {
    const entries = (count) => Array.from({ length: count }, (_, index) => `  '${index}': ${index & 255},\n`).join('')
    const counting = (object, length) => fill(object, Array.from({ length }, (_, index) => index & 255))

    forEachKind((name, make) => {
      const prefix = { function: '[Function: allocMe] ', 'External subclass': 'Data ' }[name] ?? ''

      it(`prints the first 100 of ${name}, then how many more there are`, () => {
        assert.equal(inspect(counting(make(1000), 1000)), `${prefix}{\n${entries(100)}  ... 900 more items\n}`)
        assert.equal(inspect(counting(make(101), 101)), `${prefix}{\n${entries(100)}  ... 1 more item\n}`)
        assert.equal(inspect(counting(make(100), 100)), `${prefix}{\n${entries(100).slice(0, -2)}\n}`)
      })

      it(`prints as many of ${name} as maxArrayLength says`, () => {
        const object = counting(make(4), 4)
        const all = `${prefix}{ '0': 0, '1': 1, '2': 2, '3': 3 }`
        for (const maxArrayLength of [4, 5, 1e9, Infinity, null]) assert.equal(inspect(object, { maxArrayLength }), all)
        assert.equal(inspect(object, { maxArrayLength: 3 }), `${prefix}{ '0': 0, '1': 1, '2': 2, ... 1 more item }`)
        assert.equal(inspect(object, { maxArrayLength: 1 }), `${prefix}{ '0': 0, ... 3 more items }`)
        assert.equal(inspect(object, { maxArrayLength: 0 }), `${prefix}{ ... 4 more items }`)
        assert.equal(inspect(object, { maxArrayLength: -1 }), `${prefix}{ ... 4 more items }`)
        const text = inspect(counting(make(300), 300), { maxArrayLength: null })
        assert.equal(text, `${prefix}{\n${entries(300).slice(0, -2)}\n}`)
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

  it('knows receivers that are more than objects', () => {
    assert.equal(inspect(alloc(1, new Date(0))), "1970-01-01T00:00:00.000Z { '0': 0 }")
    assert.equal(inspect(alloc(1, /x/g)), "/x/g { '0': 0 }")
    assert.equal(inspect(alloc(1, new Map([['a', 1]]))), "Map(1) { 'a' => 1, '0': 0 }")
    assert.equal(inspect(alloc(1, new Set([5]))), "Set(1) { 5, '0': 0 }")
    assert.equal(inspect(alloc(1, (function () { return arguments })(7, 8))), "[Arguments] { '0': 0 }")
    assert.equal(inspect(alloc(1, Object(5))), "[Number: 5] { '0': 0 }")
    assert.equal(inspect(alloc(1, Object(''))), "[String: ''] { '0': 0 }")
    assert.match(inspect(alloc(1, new TypeError('boom'))), /TypeError: boom/)
    assert.equal(inspect(alloc(1, new Proxy({ a: 1 }, {}))), "{ '0': 0, a: 1 }")
  })

  it('prints numbers of every type as numbers', () => {
    assert.equal(inspect(fill(alloc(4, Types.Double), [1.5, -0, NaN, Infinity])), "{ '0': 1.5, '1': -0, '2': NaN, '3': Infinity }")
    assert.equal(inspect(fill(alloc(1, {}, Types.Int8), [-1])), "{ '0': -1 }")
    const bigs = {}
    sliceOnto(new BigInt64Array([5n]), bigs)
    assert.equal(inspect(bigs), "{ '0': 5n }")
  })

  it('prints colors where asked to', () => {
    const entry = (index) => `\u001b[32m'${index}'\u001b[39m: \u001b[33m0\u001b[39m`
    for (const object of [alloc(2), alloc(2, {}), new External(2)]) {
      assert.equal(inspect(object, { colors: true }), `{ ${entry(0)}, ${entry(1)} }`)
      assert.equal(inspect(object, { colors: true, maxArrayLength: 1 }), `{ ${entry(0)}, ... 1 more item }`)
    }
    const colored = inspect(alloc(1, function f () {}), { colors: true })
    assert.equal(colored, `${inspect(function f () {}, { colors: true })} { ${entry(0)} }`.replace('\u001b[36m[Function: f]\u001b[39m', '[Function: f]'))
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

  it('shows one object in two places as itself', () => {
    const object = alloc(1)
    assert.equal(inspect([object, object]), "[ { '0': 0 }, { '0': 0 } ]")
    const f = alloc(1, function f () {})
    assert.equal(inspect([f, f]), "[ [Function: f] { '0': 0 }, [Function: f] { '0': 0 } ]")
  })

  it('leaves the object as it is', () => {
    forEachKind((name, make) => {
      for (const length of [3, 1000]) {
        const object = Object.assign(make(length), { a: 1 })
        const keys = Reflect.ownKeys(object)
        const prototype = Object.getPrototypeOf(object)
        inspect(object, { showHidden: true, depth: null })
        assert.deepEqual(Reflect.ownKeys(object), keys)
        assert.equal(Object.getPrototypeOf(object), prototype)
      }
    })
  })

  it('does not throw with any option', () => {
    forEachKind((name, make) => {
      for (const length of [0, 3, 1000]) {
        const object = Object.assign(make(length), { a: 1 })
        for (const options of [{ showHidden: true }, { showProxy: true }, { customInspect: false }, { compact: false }, { compact: 1 },
          { breakLength: 1 }, { breakLength: Infinity }, { sorted: true }, { sorted: (a, b) => a < b ? 1 : -1 }, { getters: true },
          { numericSeparator: true }, { maxStringLength: 1 }]) {
          assert.equal(typeof inspect(object, options), 'string')
        }
      }
    })
  })

  describe('a class\'s own inspect method', () => {
    it('wins over ours, for few elements and for many', () => {
      class Mine {
        [inspect.custom] (depth, options, inspector) {
          assert.equal(inspector, inspect)
          assert.equal(typeof options.stylize, 'function')
          return `mine: ${this[0]}`
        }
      }
      class Derived extends External {
        [inspect.custom] () {
          return `mine: ${this[0]}`
        }
      }
      for (const length of [3, 1000]) {
        for (const object of [alloc(length, new Mine()), new Derived(length), alloc(length, { [inspect.custom]: Mine.prototype[inspect.custom] })]) {
          object[0] = 7
          assert.equal(inspect(object), 'mine: 7')
          assert.equal(inspect({ object }), '{ object: mine: 7 }')
          dispose(object)
          assert.equal(inspect(object), 'mine: undefined')
        }
      }
    })

    it('may be an accessor, or static on a class that is the receiver', () => {
      for (const length of [3, 1000]) {
        const receiver = { get [inspect.custom] () { return () => 'mine' } }
        assert.equal(inspect(alloc(length, receiver)), 'mine')
        class A {
          static [inspect.custom] () {
            return 'class A'
          }
        }
        assert.equal(inspect(alloc(length, A)), 'class A')
      }
    })
  })

  it('is not confused by objects that inherit from an allocation', () => {
    for (const length of [3, 1000]) {
      assert.equal(inspect(Object.create(alloc(length, { x: 1 }))), '{}')
      assert.equal(inspect(Object.assign(Object.create(alloc(length)), { y: 1 })).replace(/^\w+ /, ''), '{ y: 1 }')
    }
    assert.equal(inspect(External.prototype), '{}')
  })

  it('keeps how many more there are after the elements when sorted', () => {
    assert.match(inspect(alloc(1000), { sorted: true }), /\n {2}'99': 0,\n {2}\.\.\. 900 more items\n}$/)
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
})

describe('console.log', () => {
  it('prints what util.inspect does', () => {
    let text = ''
    const console = new Console(new Writable({ write (chunk, encoding, done) { text += chunk; done() } }))
    console.log(fill(alloc(2), [0, 1]))
    console.log(alloc(3, function allocMe () {}))
    console.log('%o and %s', 1, 'x', new External(1))
    assert.equal(text, "{ '0': 0, '1': 1 }\n[Function: allocMe] { '0': 0, '1': 0, '2': 0 }\n1 and x { '0': 0 }\n")
    assert.equal(format('%O', alloc(1)), "{ '0': 0 }")
  })
})
