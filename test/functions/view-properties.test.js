'use strict'

// External and bare objects inherit these properties for Node's APIs. Other code sees no difference from a plain object.

const assert = require('node:assert/strict')
const { alloc, dispose, External, Types, view } = require('../..')
const { fill } = require('../support/elements')
const { hiddenProperties, SimpleData } = require('../support/kinds')

/** Without valueOf, which is a method. */
const names = hiddenProperties.filter((name) => name !== 'valueOf')
const makers = {
  bare: () => fill(alloc(3), [1, 2, 3]),
  'bare Double': () => fill(alloc(3, Types.Double), [1, 2, 3]),
  External: () => fill(new External(3), [1, 2, 3])
}

describe('the properties that Node reads of a view', () => {
  for (const [name, make] of Object.entries(makers)) {
    it(`are those of its view on ${name}`, () => {
      const object = make()
      const like = view(object)
      for (const name of ['buffer', 'byteLength', 'byteOffset', 'BYTES_PER_ELEMENT']) assert.equal(object[name], like[name], name)
      dispose(object)
      assert.deepEqual([object.byteLength, object.buffer.byteLength, object.byteOffset], [0, 0, 0])
    })

    it(`are undefined for an heir of ${name}, a Proxy of it, and primitives`, () => {
      const object = make()
      for (const name of names) {
        assert.equal(Object.create(object)[name], undefined)
        assert.equal(new Proxy(object, {})[name], undefined)
        for (const value of [1, 'x', null, undefined]) assert.equal(Reflect.get(object, name, value), undefined)
      }
    })

    it(`can be assigned to ${name}, to its heir and to a Proxy of it, as if there were none`, () => {
      for (const wrap of [(object) => object, Object.create, (object) => new Proxy(object, {})]) {
        const target = wrap(make())
        for (const name of names) {
          target[name] = 7
          assert.deepEqual(Object.getOwnPropertyDescriptor(target, name), { value: 7, writable: true, enumerable: true, configurable: true })
          target[name] = 8
          assert.equal(target[name], 8)
        }
      }
    })

    it(`throw a TypeError where ${name} takes no new property`, () => {
      for (const target of [Object.preventExtensions(make()), Object.freeze(Object.create(make()))]) {
        for (const name of names) assert.throws(() => { target[name] = 7 }, { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' })
      }
    })

    it(`leave the conversions of ${name} as they were`, () => {
      const object = make()
      assert.equal(`${object}`, '[object Object]')
      assert.equal(object + 'x', '[object Object]x')
      assert.equal(Number.isNaN(+object), true)
      assert.equal(object == '[object Object]', true) // eslint-disable-line eqeqeq
      assert.equal(object == object.valueOf(), false) // eslint-disable-line eqeqeq
    })
  }

  it('can be those of a class, as fields, accessors and by defineProperty', () => {
    for (const name of names) {
      class Field extends External {
        [name] = 7
      }
      class Accessor extends External {
        get [name] () { return 7 }
      }
      const defined = Object.defineProperty(alloc(3), name, { value: 7 })
      for (const object of [new Field(3), new Accessor(3), defined]) assert.equal(object[name], 7)
    }
  })

  it('are nothing to a receiver, whatever its prototype', () => {
    for (const prototype of [External.prototype, SimpleData.prototype, Object.getPrototypeOf(alloc(1))]) {
      const receiver = alloc(3, Object.create(prototype))
      for (const name of names) assert.equal(receiver[name], undefined)
      assert.equal(receiver.valueOf(), receiver)
    }
  })

  it('valueOf is a view of what has external array data, and the object itself otherwise', () => {
    const object = makers.bare()
    assert.deepEqual(object.valueOf(), view(object))
    const heir = Object.create(object)
    assert.equal(heir.valueOf(), heir)
    dispose(object)
    assert.equal(object.valueOf(), object)
    const { valueOf } = External.prototype
    assert.throws(() => valueOf.call(undefined), TypeError)
    assert.equal(typeof valueOf.call(1), 'object')
  })

  it('a constructor of External objects is not taken for one that makes views of an ArrayBuffer', () => {
    for (const type of Object.keys(Types)) assert.equal(External[type].BYTES_PER_ELEMENT, undefined)
  })
})
