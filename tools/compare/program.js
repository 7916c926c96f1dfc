'use strict'

// Makes a program for Node 0.12 from a sequence of steps. It runs the sequence here, against the model, and notes the code of each
// call.
//
// Some rows of the table of differences say that a call changes an object in Node 0.12 and here in different ways. Everything after
// such a call would differ. So these calls are left out, and the ids of the rows are counted.

const { chainOf } = require('../../test/model/run')
const { LeftOut, run: runSequence } = require('../../test/model/runner')
const { isArrayIndex, isNumeric, types } = require('../../test/model/memory')
const { OWN_ELEMENTS } = require('../../test/model/module')

/** Longer lists of keys take too long to make. */
const LISTED_ELEMENTS = 200
const INSPECTED_ELEMENTS = 100
/** The kinds of receivers that answer.js makes. */
const MADE = ['object', 'object with keys', 'object without prototype', 'instance', 'function', 'Map', 'Date']
/** The kinds that util.inspect shows alike. */
const INSPECTED = ['object', 'object with keys', 'bare']

const isForeign = (object) => object.isTypedArray && !object.isOurs
const isBare = (object) => object.isTypedArray && object.isOurs
const isReceiver = (object) => object.isOurs && !object.isTypedArray
const isDisposed = (object) => object.isOurs && !object.hasData
const isIn = (object, key) => object.hasData && object.window.has(key)
/** Whether it has, or had, elements, or properties whose keys are numbers. */
const hasNumbers = (object) => object.isOurs || Object.keys(object.own).some(isNumeric)

/** The same step with what Node 0.12 has. */
function inOriginal (step) {
  const type = step.type in types && types[step.type].number > 9 ? 'Uint8' : step.type
  const kind = { typedArray: 'bare', foreign: 'Buffer' }[step.do] ?? (MADE.includes(step.kind) ? step.kind : 'object')
  return { ...step, type, kind, unsafe: false }
}

/** Whether ES5, and this program, can say it. */
const canBeSaid = (step) => !/"(bigint|symbol|disposes)"/.test(JSON.stringify(step))

class Program {
  /** { code, step, why, isQuestion } of each line: `why` says of which kind the object was. */
  lines = []
  /** How often a call was left out, by the id of a row. */
  avoided = new Map()
  /** By name of an object: how many elements it has, or had. */
  #lengths = new Map()
  #why

  #lengthOf (object) {
    return this.#lengths.get(object.name) ?? (isForeign(object) ? object.window.count : 0)
  }

  /** The object and those that it inherits from, but for those of the engine and layers. */
  #chain (object) {
    return chainOf(object).filter(({ leaf, layerOf }) => leaf === undefined && layerOf === undefined)
  }

  #isLarge (object) {
    return isReceiver(object) && this.#lengthOf(object) > OWN_ELEMENTS
  }

  #whyOf (object) {
    const kind = isBare(object) ? 'bare' : !object.isOurs ? 'plain' : this.#isLarge(object) ? 'large' : 'small'
    const isOver = this.#chain(object).filter(hasNumbers).length > 1
    return `${kind}${isDisposed(object) ? ' disposed' : ''}${isOver ? ' over numbers' : ''}`
  }

  /** Leaves out the rest of the step; with no id where no row is about it. */
  #avoid (isSo, id) {
    if (!isSo) return
    if (id !== undefined) this.avoided.set(id, (this.avoided.get(id) ?? 0) + 1)
    throw new LeftOut()
  }

  before (kind, about) {
    const { object, source, dest } = about
    if ('type' in about) this.#checkAlloc(about)
    else if ('numbers' in about) for (const number of about.numbers) this.#checkCount(number, 'D21', 'D22')
    else if (kind.startsWith('write')) this.#checkWrite(about)
    else if ('how' in about) this.#checkPrototype(about)
    else if (['heir', 'read', 'delete'].includes(kind)) this.#avoid(isForeign(object))
    if (kind === 'delete') this.#avoid(isReceiver(object) && !this.#isLarge(object) && isIn(object, about.key), 'D15')
    this.#why = source !== undefined
      ? isDisposed(source) || isDisposed(dest) ? 'disposed' : undefined
      : object && this.#whyOf(object)
  }

  /** A length or position; not one that the table of differences is about. */
  #checkCount (value, notNumber, outside) {
    this.#avoid(typeof value !== 'number', notNumber)
    this.#avoid(Number.isNaN(value) || (value > -1 && value < 0) || Math.abs(value) >= 2 ** 32, outside)
  }

  #checkAlloc ({ object, length, type }) {
    this.#avoid(!Number.isInteger(type ?? 0), 'D8')
    this.#checkCount(length, 'D5', 'D6')
    if (object === undefined) return
    this.#avoid(isReceiver(object) && isDisposed(object), 'D28')
    this.#avoid(Object.hasOwn(object.own, '4294967295'), 'D20')
  }

  /** Leaves out what makes a property in one of the two only. */
  #checkWrite ({ object, key, value }) {
    const isPastEnd = isArrayIndex(key) && Number(key) >= this.#lengthOf(object)
    // Engines do not agree on where this key stands among others.
    this.#avoid(!object.isOurs && key === '4294967295')
    // Whatever a Buffer makes of it, it is not smalloc's doing.
    this.#avoid(isForeign(object) && (isPastEnd || !isArrayIndex(key)))
    this.#avoid(isNumeric(key) && this.#chain(object).slice(1).some((at) => isBare(at) && !isIn(at, key)), 'D35')
    if (!object.isOurs) return
    const isListed = isBare(object) || this.#isLarge(object)
    this.#avoid(isListed && /^\d+$/.test(key) && isNumeric(key) && Number(key) > 4294967295, 'D34')
    // Whether 0.12 converts what it ignores depends on what was written there before: on the caches of its compiler.
    this.#avoid(!isIn(object, key) && Array.isArray(value) && value[0] === 'throws')
    if (isBare(object)) return this.#avoid(isNumeric(key) && !isArrayIndex(key), 'D19')
    this.#avoid(isDisposed(object) && (isArrayIndex(key) || key === '4294967295'), 'D26')
    if (this.#isLarge(object)) return
    this.#avoid(isPastEnd, 'D18')
    this.#avoid(key === '4294967295', 'D20')
  }

  #checkPrototype ({ object, other, how }) {
    this.#avoid(isForeign(object))
    this.#avoid(this.#isLarge(object), 'D14')
    this.#avoid(how !== 'object' && how !== 'null')
    this.#avoid(how === 'object' && (isForeign(other) || this.#chain(other).includes(object)))
  }

  /** Node 0.12 leaves what was there in fresh memory (D4), and fills through the object. */
  said (code, kind, about) {
    if (kind === 'has') return
    if (kind === 'fill') return this.#write(about.object, about.from, 7)
    if ('numbers' in about) return this.#say(codeOfCopy(about), 'copyOnto', this.#why)
    if (kind.startsWith('write')) return this.#say(`${code}; undefined`, 'write', this.#why)
    if (!('type' in about)) return this.#say(code, kind, this.#why)
    this.#say(code, 'alloc', about.errors?.length > 1 ? 'several wrong' : undefined)
    if (about.errors !== undefined) return
    const name = about.name ?? about.object.name
    this.#lengths.set(name, Math.trunc(about.length) + 0)
    this.#say(`write(${name}, ${this.#lengths.get(name)}, 0, 0)`, 'write')
  }

  #write (object, from, by) {
    if (object.hasData) this.#say(`write(${object.name}, ${this.#lengthOf(object)}, ${from}, ${by})`, 'write')
  }

  after (run) {
    for (const object of run.concerned()) {
      const why = this.#whyOf(object)
      for (const [step, code] of this.#questionsOn(object)) this.lines.push({ code, step, why, isQuestion: true })
    }
  }

  /** Each is a name and its code. */
  #questionsOn (object) {
    const { name } = object
    const length = this.#lengthOf(object)
    const questions = [['hasExternalData', `hasExternalData(${name})`], ['elements', `allOf(${name}, ${length})`]]
    if (isForeign(object)) return questions
    questions.push(
      ['past the end', `found(${name}, [${length}])`],
      ['in', `[0 in ${name}, ${length} - 1 in ${name}, 1000000 in ${name}]`],
      ['odd keys', `found(${name}, ['-1', '1.5', '01', 'x', '4294967296'])`],
      ['own', `owns(${name}, [0, ${length}, 'x'])`],
      ['extensible', `Object.isExtensible(${name})`])
    if (this.#chain(object).some((at) => this.#lengthOf(at) > LISTED_ELEMENTS)) return questions
    questions.push(
      ['keys', `Object.keys(${name}).join()`], ['for-in', `forIn(${name}).sort().join()`], ['JSON', `JSON.stringify(${name})`])
    if (length > INSPECTED_ELEMENTS || !INSPECTED.includes(object.kind) || object.hasOtherPrototype) return questions
    return [...questions, ['inspect', `inspect(${name}, { depth: 0 }).replace(/\\s+/g, ' ')`]]
  }

  #say (code, step, why) {
    this.lines.push({ code, step, why })
  }
}

/** In elements here, in bytes there: D23. */
function codeOfCopy ({ source, dest, numbers: [start, at, length] }) {
  const unit = ({ window }) => window === undefined || window.size === 1 ? '' : ` * unit(${window.size})`
  const shown = (number) => Object.is(number, -0) ? '-0' : Math.trunc(number)
  return `copyOnto(${source.name}, ${shown(start)}${unit(source)}, ${dest.name}, ${shown(at)}${unit(dest)}, ${length})`
}

async function programOf (sequence) {
  const program = new Program()
  await runSequence(sequence.filter(canBeSaid).map(inOriginal), {
    before: (...args) => program.before(...args),
    said: (...args) => program.said(...args),
    after: (run) => program.after(run)
  })
  return program
}

module.exports = { programOf }
