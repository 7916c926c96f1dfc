'use strict'

// How often each kind of call was carried out, and how often it was refused as it should be. A kind that never happens tests
// nothing.

const { plain, foreign } = require('./kinds')
const { types } = require('./memory')

/** Kinds that random sequences must have carried out. */
const wanted = [
  'bare', 'External', 'subclass', 'legacy', ...Object.keys(plain), ...Object.keys(foreign).map((name) => `foreign ${name}`),
  ...Object.keys(types).map((name) => `type ${name}`),
  'alloc first', 'alloc again', 'allocUnsafe first', 'allocUnsafe again', 'layer', 'large block',
  'read', 'write to an element', 'write elsewhere', 'define', 'delete', 'fill', 'heir',
  'copy', 'copy within one memory', 'copy to another type', 'copy of nothing', 'slice', 'view', 'view as a type', 'has',
  'dispose', 'dispose again', 'dispose of a slice', ...Symbol.dispose === undefined ? [] : ['symbolDispose'], 'transfer',
  'disposeBuffer', 'release', 'adopt', 'adopt onto a receiver', 'trim',
  'freeze', 'seal', 'preventExtensions', 'setPrototype', 'setPrototype over a layer', 'drop', 'gc', 'turn'
]

/** Kinds that they must have been refused, too. */
const refused = [
  'alloc first', 'alloc again', 'allocOdd', 'noObject', 'disposeBuffer', 'release', 'adopt', 'write elsewhere',
  'copy', 'copy to another type', 'slice', 'view', 'view as a type',
  'dispose again', 'freeze'
]

class Statistics {
  #kinds = new Map()

  /** The observer of a run: see run.js. */
  count = (kind, isDone) => {
    if (!this.#kinds.has(kind)) this.#kinds.set(kind, { done: 0, refused: 0 })
    this.#kinds.get(kind)[isDone ? 'done' : 'refused']++
  }

  /** What should have happened and never did. */
  missing () {
    return [
      ...wanted.filter((kind) => !(this.#kinds.get(kind)?.done > 0)),
      ...refused.filter((kind) => !(this.#kinds.get(kind)?.refused > 0)).map((kind) => `${kind}, refused`)
    ]
  }

  /** For console.table. */
  table () {
    return Object.fromEntries([...this.#kinds].sort(([one], [other]) => one < other ? -1 : 1))
  }
}

module.exports = { Statistics }
