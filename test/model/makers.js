'use strict'

// The ways to make a typed array of smalloc's, by name: `make` does it, `show` says it.

function subclassOf (External, number) {
  return class extends External {
    #number = number

    number () {
      return this.#number
    }
  }
}

function bareMakers (smalloc, number) {
  const makers = {
    External: {
      usesType: true,
      isClass: true,
      show: (length, type) => `new External of ${type} (${length})`,
      make: (length, typeNumber, type) => new smalloc.External[type](length)
    },
    subclass: {
      usesType: true,
      isClass: true,
      show: (length, type) => `new (class extends External of ${type})(${length})`,
      make: (length, typeNumber, type) => new (subclassOf(smalloc.External[type], number))(length)
    }
  }
  for (const method of ['alloc', 'allocUnsafe']) {
    makers[`${method} 1`] = { show: (length) => `${method}(${length})`, make: (length) => smalloc[method](length) }
    makers[`${method} 2`] = {
      usesType: true, show: (length, type) => `${method}(${length}, ${type})`, make: (length, type) => smalloc[method](length, type)
    }
    makers[`${method} 3`] = {
      usesType: true,
      show: (length, type) => `${method}(${length}, undefined, ${type})`,
      make: (length, type) => smalloc[method](length, undefined, type)
    }
  }
  return makers
}

module.exports = { bareMakers }
