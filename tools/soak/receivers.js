'use strict'

// The objects that the soak gives memory to. Each is made anew, or comes back after dispose, when it must be as it was.

const { External, Types } = require('../..')

class Base {
  #secret = 1

  get secret () {
    return this.#secret
  }
}

class Derived extends Base {
  field = 'field'
}

const receivers = [
  () => ({ a: 1, get b () { return this.a } }),
  () => Object.create(null),
  () => Object.assign(Object.create({ inherited: true }), { 0: 'gives way', 7: 'too' }),
  () => new Derived(),
  () => function add (a, b) { return a + b },
  () => (a) => a,
  () => class extends Derived {},
  () => new Map([[1, 2]]),
  () => new Date(0),
  () => new Proxy({ a: 1 }, { get: Reflect.get, defineProperty: Reflect.defineProperty })
]

/** By type: classes that users would derive from External. */
const subclasses = {}
for (const type of Object.keys(Types)) {
  subclasses[type] = class Data extends External[type] {
    #name = 'data'

    constructor (length) {
      super(length)
      this.length = length
    }

    get name () {
      return this.#name
    }
  }
}

/** An instance of a constructor of before there were classes. */
function legacy (type, length) {
  function Legacy () {
    return Reflect.construct(External[type], [length], Legacy)
  }
  Object.setPrototypeOf(Legacy.prototype, External[type].prototype)
  return new Legacy()
}

/** An object that receives memory, and what it was before. */
class Receiver {
  object
  #prototype
  #keys

  constructor (random) {
    this.object = random.pick(receivers)()
    this.#prototype = Object.getPrototypeOf(this.object)
    this.#keys = namesOf(this.object)
  }

  /** Throws unless it is as it was before it had memory. Elements of its own have given way for good. */
  checkRestored () {
    const keys = Reflect.ownKeys(this.object)
    const isSame = keys.length === this.#keys.length && keys.every((key, index) => key === this.#keys[index])
    if (!isSame) throw new Error(`a receiver has the keys ${keys.map(String)}; it had ${this.#keys.map(String)}`)
    if (Object.getPrototypeOf(this.object) !== this.#prototype) throw new Error('a receiver has another prototype')
  }
}

const namesOf = (object) => Reflect.ownKeys(object).filter((key) => !/^\d+$/.test(String(key)))

module.exports = { Receiver, subclasses, legacy }
