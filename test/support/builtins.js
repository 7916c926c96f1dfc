'use strict'

// Every property that programs share and can replace: of the globals of the language, of all prototypes, and of what Node
// adds. It walks through all objects, so it also finds what a new engine adds.

const vm = require('node:vm')

/** Taken now, because the walk also runs while these are replaced. */
const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect

const languageGlobals = vm.runInNewContext('Object.getOwnPropertyNames(globalThis)')
/** This package does not use them, and they have hundreds of methods. */
const leftOut = ['Intl', 'Temporal', 'WebAssembly', 'Atomics', 'console', 'globalThis']
const nodeGlobals = ['Buffer', 'setImmediate', 'clearImmediate', 'setTimeout', 'queueMicrotask', 'structuredClone']
const modules = ['node:buffer', 'node:timers', 'node:util', 'node:worker_threads']

/** Objects to begin with, by path. */
function roots () {
  const found = [['globalThis', globalThis]]
  for (const name of modules) found.push([`require('${name}')`, require(name)])
  const unnamed = [[].values(), new Map().values(), new Set().values(), ''.matchAll(/a/g), ''[Symbol.iterator](),
    function * () {}, async function * () {}, async function () {}]
  for (const value of unnamed) {
    const prototype = getPrototypeOf(value)
    found.push([`%${prototype[Symbol.toStringTag]}.prototype%`, prototype])
  }
  return found
}

const isGlobal = (key) => (languageGlobals.includes(key) && !leftOut.includes(key)) || nodeGlobals.includes(key)
const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'
const ofEveryFunction = ['name', 'length', 'prototype', 'arguments', 'caller']

/** All as `{ path, holder, key, descriptor }`. */
function builtinProperties () {
  const found = []
  const seen = new Set()
  const queue = roots()
  for (const [path, holder] of queue) {
    if (seen.has(holder)) continue
    seen.add(holder)
    const isRoot = holder === globalThis || path.startsWith('require')
    for (const key of ownKeys(holder)) {
      if (holder === globalThis && !isGlobal(key)) continue
      const descriptor = { __proto__: null, ...getOwnPropertyDescriptor(holder, key) }
      const own = `${path}${typeof key === 'symbol' ? `[${key.description}]` : `.${key}`}`
      const isNoise = typeof holder === 'function' && ofEveryFunction.includes(key)
      if (!isNoise) found.push({ path: own, holder, key, descriptor })
      const isWorthWalking = isObject(descriptor.value) && (holder === globalThis || !isRoot)
      if (isWorthWalking) queue.push([own.replace(/^globalThis\./, ''), descriptor.value])
    }
    const parent = getPrototypeOf(holder)
    if (parent !== null && !isRoot) queue.push([`${path}.__proto__`, parent])
  }
  return found
}

/** All objects that hold them, as `[path, object]`. */
function builtinObjects () {
  const found = new Map()
  for (const { path, holder, descriptor } of builtinProperties()) {
    for (const object of [holder, descriptor.value, descriptor.get, descriptor.set]) {
      if (isObject(object) && !found.has(object)) found.set(object, path)
    }
  }
  return [...found].map(([object, path]) => [path, object])
}

module.exports = { builtinProperties, builtinObjects }
