'use strict'

// What one thread of the soak does: everything that this package does, in an order that the seed decides. No clock has
// a say in it, so that a seed repeats it, but for where a round ends.

const { isMainThread } = require('node:worker_threads')
const smalloc = require('../..')
const { mayLend } = require('../../lib/native/binding')
const { mistakes, make } = require('./mistakes')
const { Piece, ownerOf } = require('./piece')
const { legacy, Receiver, subclasses } = require('./receivers')

const { alloc, allocUnsafe, copyOnto, dispose, External, hasExternalData, memoryUsage, sliceOnto, Types } = smalloc

const MiB = 2 ** 20

/** In bytes: from here on lib/ and src/ do things in another way. test/model/soak.test.js compares them with what is there. */
const EDGES = { heap: 64, crossover: 128 << 10, hugePage: 2 * MiB, stream: 32 * MiB, split: 64 * MiB }

/** In src/budget.rs: what Rust lends in one turn of the event loop. */
const BUDGET = { bytes: 256 * MiB, loans: 128 << 10 }

/** In bytes: more than what waits in JavaScript where it has been lent: lib/memory/cache.js. */
const LENT_ANEW = 5 * MiB

/** At once, in a thread. */
const MOST_HOLDINGS = 400
const MOST_SLICES = 4
const MOST_IDLE_RECEIVERS = 32

/** A turn's work: so many bytes touched, or operations. */
const TURN = { bytes: 8 * MiB, operations: 50 }

/** In bytes, with weights: four of ten are of up to 84, one of 500 is of 32 MiB or more. The mean is 0.3 MiB. */
const sizes = [
  [320, (random) => random.below(81)],
  [100, (random) => near(EDGES.heap, random)],
  [240, (random) => random.spread(EDGES.heap, EDGES.crossover)],
  [160, (random) => near(EDGES.crossover, random)],
  [120, (random) => random.spread(EDGES.crossover, EDGES.hugePage)],
  [30, (random) => near(EDGES.hugePage, random)],
  [8, (random) => random.spread(EDGES.hugePage, EDGES.stream)],
  [1, (random) => near(EDGES.stream, random)],
  [1, (random) => random.spread(EDGES.stream, 2 * EDGES.stream)]
]

const near = (edge, random) => edge + random.between(-20, 20)

const weights = [
  [400, 'allocate'],
  [300, 'release'],
  [90, 'verify'],
  [110, 'copy'],
  [50, 'slice'],
  [45, 'mistake'],
  [5, 'garbage']
]

/** What is done in turn `at` of a round and in each `every`th after it. */
const rare = [
  { at: 30, every: 150, action: 'streamingCopy' },
  { at: 40, every: 600, action: 'burstOfBytes' },
  { at: 50, every: 900, action: 'splitCopy' },
  { at: 5, every: 1500, action: 'burstOfLoans' }
]

/** An allocation that the mix has made and not let go of. */
class Holding extends Piece {
  /** Where an existing object has got the memory. */
  receiver
  /** Whether it is a slice that outlives its source. To dispose of it lets go of the memory, and frees none. */
  isSlice
  /** In bytes: all of the source's, where it is a slice. */
  held
  /** Pieces of this one. */
  slices = []

  constructor (object, fields, { receiver, source }) {
    super(object, fields)
    this.receiver = receiver
    this.isSlice = source !== undefined
    this.held = source?.held ?? this.byteLength
  }
}

class Mix {
  #random
  #tally
  #limit
  #thread
  #life
  #serial = 0
  #turn = 0
  #bytes = 0
  #holdings = []
  /** Receivers without memory, for the next. */
  #idle = []

  /** `limit`: in bytes, what it holds at most. */
  constructor ({ random, tally, limit, thread, life = 0 }) {
    this.#random = random
    this.#tally = tally
    this.#limit = limit
    this.#thread = thread
    this.#life = life
  }

  /** What the event loop has to do in one turn. */
  turn () {
    const turn = ++this.#turn
    const act = rare.find(({ at, every }) => turn % every === at)
    if (act !== undefined) return this[act.action]()
    this.#bytes = 0
    for (let operation = 0; operation < TURN.operations && this.#bytes < TURN.bytes; operation++) {
      this[this.#random.weighted(weights)]()
    }
  }

  /** Starts a round, with the numbers of `random`. */
  start (random) {
    this.#random = random
    this.#turn = 0
  }

  /** Verifies all, disposes of half and drops the other half. */
  end () {
    while (this.#holdings.length > 0) this.#release(this.#holdings.length - 1, this.#random.chance(1, 2))
    this.#idle = []
  }

  /** Any of what it holds; undefined where that is nothing. */
  any () {
    return this.#holdings.length === 0 ? undefined : this.#random.pick(this.#holdings)
  }

  allocate (byteLength = this.#random.weighted(sizes)(this.#random)) {
    const random = this.#random
    const type = random.pick(Object.keys(Types))
    const elementSize = smalloc.view(new External[type](1)).BYTES_PER_ELEMENT
    const length = Math.floor(byteLength / elementSize)
    this.#makeRoom(1, length * elementSize)
    this.#tally.add('held', length * elementSize)
    const { object, receiver, isZeroed } = this.#make(type, length)
    const owner = ownerOf(this.#thread, this.#life, this.#serial++)
    const holding = new Holding(object, { type, owner, offset: 0, length, elementSize }, { receiver })
    if (isZeroed) holding.checkZeros(random)
    holding.fill()
    this.#tally.add('allocated', holding.byteLength)
    this.#bytes += holding.byteLength
    this.#holdings.push(holding)
    return holding
  }

  #make (type, length) {
    const random = this.#random
    const kind = random.below(10)
    const isZeroed = kind < 3 || kind > 5 || random.chance(1, 2)
    if (kind < 3) {
      this.#tally.begin('External')
      const makers = [() => new External[type](length), () => new subclasses[type](length), () => legacy(type, length)]
      return { object: makers[kind](), isZeroed }
    }
    const method = isZeroed ? alloc : allocUnsafe
    if (kind < 6) {
      this.#tally.begin(method.name)
      const isPlain = type === 'Uint8' && random.chance(1, 2)
      return { object: isPlain ? method(length) : method(length, Types[type]), isZeroed }
    }
    const receiver = this.#receiver()
    this.#tally.begin(receiver.used ? 'alloc once more' : method.name)
    const object = method(length, receiver.object, Types[type])
    if (object !== receiver.object) throw new Error(`${method.name} has returned another object than its receiver`)
    return { object, receiver, isZeroed }
  }

  /** An object that can take memory; in one of two cases one that has had some, if there is one. */
  #receiver () {
    const random = this.#random
    if (this.#idle.length === 0 || random.chance(1, 2)) return new Receiver(random)
    return this.#idle.splice(random.below(this.#idle.length), 1)[0]
  }

  #keepReceiver (receiver) {
    receiver.checkRestored()
    receiver.used = true
    if (this.#idle.length < MOST_IDLE_RECEIVERS) this.#idle.push(receiver)
  }

  /** For so many holdings, of so many bytes in all. */
  #makeRoom (number, byteLength) {
    while (this.#holdings.length + number > MOST_HOLDINGS || this.#tally.get('held') + byteLength > this.#limit) {
      if (this.#holdings.length === 0) throw new Error(`${this.#tally.get('held')} bytes are held by nobody`)
      this.release()
    }
  }

  /** Lets go of one: two thirds are disposed, the others left to the collector. */
  release () {
    if (this.#holdings.length > 0) this.#release(this.#random.below(this.#holdings.length), this.#random.chance(2, 3))
  }

  #release (index, isDisposed) {
    const [holding] = this.#holdings.splice(index, 1)
    this.#check(holding)
    if (isDisposed) this.#dispose(holding)
    else this.#drop(holding)
  }

  #dispose (holding) {
    const { object, receiver, slices, held } = holding
    this.#tally.begin('dispose')
    if (Symbol.dispose in object && this.#random.chance(1, 2)) object[Symbol.dispose]()
    else dispose(object)
    if (this.#random.chance(1, 8)) dispose(object) // does nothing
    this.#checkGone(holding)
    for (const slice of slices) this.#checkGone(slice)
    if (receiver !== undefined) this.#keepReceiver(receiver)
    for (const slice of slices) this.#keepReceiver(slice.receiver)
    this.#tally.add('held', -held)
  }

  #checkGone (piece) {
    if (hasExternalData(piece.object)) throw new Error(`${piece} has external array data after dispose`)
    if (piece.object[0] !== undefined) throw new Error(`${piece} has an element after dispose: ${piece.object[0]}`)
  }

  /** One of its slices may live on, and all of the memory with it. */
  #drop (holding) {
    this.#tally.begin('drop')
    if (holding.slices.length > 0 && this.#random.chance(1, 2)) {
      const { object, receiver, ...slice } = this.#random.pick(holding.slices)
      this.#holdings.push(new Holding(object, slice, { receiver, source: holding }))
    } else {
      this.#tally.add('held', -holding.held)
    }
  }

  verify () {
    const holding = this.any()
    if (holding === undefined) return
    this.#tally.begin('verify')
    this.#check(holding)
  }

  /** One in eight of the largest is looked at as a whole. */
  #check (holding) {
    const options = this.#random.chance(1, 8) ? { whole: true } : {}
    for (const piece of [holding, ...holding.slices]) {
      const checked = piece.check(this.#random, options)
      this.#tally.add('verified', checked)
      this.#bytes += checked
    }
    this.#tally.beat()
  }

  /** Between two of what it holds, which may be one and the same, or a piece of it. */
  copy () {
    if (this.#holdings.length === 0) return
    this.#tally.begin('copyOnto')
    const [source, dest] = [this.any(), this.any()]
    this.#copyBetween(this.#somePieceOf(source), this.#somePieceOf(dest))
    this.#check(dest)
  }

  #somePieceOf (holding) {
    return this.#random.pick([holding, ...holding.slices])
  }

  /** The whole of the source, as far as it fits, or any part to any place. Then dest gets its own bytes back. */
  #copyBetween (source, dest) {
    const random = this.#random
    const isWhole = random.chance(1, 3)
    const sourceStart = isWhole ? 0 : random.below(source.length + 1)
    const destStart = isWhole ? 0 : random.below(dest.length + 1)
    const room = Math.floor((dest.length - destStart) * dest.elementSize / source.elementSize)
    const most = Math.min(source.length - sourceStart, room)
    this.#copyPart(source, sourceStart, dest, destStart, isWhole ? most : random.below(most + 1))
  }

  /** As the arguments of copyOnto: in elements. */
  #copyPart (source, sourceStart, dest, destStart, length) {
    copyOnto(source.object, sourceStart, dest.object, destStart, length)
    const start = destStart * dest.elementSize
    const byteLength = length * source.elementSize
    dest.checkCopy(start, source, sourceStart * source.elementSize, byteLength)
    dest.fill(start, start + byteLength)
    this.#tally.add('verified', byteLength)
    this.#bytes += byteLength
  }

  /** Gives a part of a holding to a receiver; in one of three cases it is disposed at once. */
  slice () {
    const random = this.#random
    const holding = this.any()
    if (holding === undefined || holding.isSlice || holding.slices.length >= MOST_SLICES) return
    this.#tally.begin('sliceOnto')
    const start = random.below(holding.length + 1)
    const end = random.between(start, holding.length)
    const receiver = this.#receiver()
    if (sliceOnto(holding.object, receiver.object, start, end) !== receiver.object) {
      throw new Error('sliceOnto has returned another object than its dest')
    }
    const { type, owner, elementSize } = holding
    const offset = start * elementSize
    const slice = new Piece(receiver.object, { type, owner, offset, length: end - start, elementSize })
    slice.receiver = receiver
    slice.check(random)
    if (random.chance(2, 3)) {
      holding.slices.push(slice)
    } else {
      dispose(slice.object)
      this.#checkGone(slice)
      this.#keepReceiver(receiver)
      this.#check(holding)
    }
  }

  /** A call that must throw, and change nothing. */
  mistake () {
    const holding = this.any()
    if (holding === undefined) return
    this.#tally.begin('mistake')
    const gone = disposed(this.#random)
    const before = memoryUsage()
    make(this.#random.pick(mistakes), { live: holding.object, length: holding.length, gone })
    const after = memoryUsage()
    // Blocks are lent on the main thread alone: no other one can change these figures meanwhile.
    if (isMainThread && (after.blocks !== before.blocks || after.bytes !== before.bytes)) {
      throw new Error(`a call that threw has changed memoryUsage() from ${show(before)} to ${show(after)}`)
    }
    this.#check(holding)
  }

  /** For the collector: objects, some of which live through the next small collection. */
  garbage () {
    this.#tally.begin('garbage')
    const objects = Array.from({ length: 2000 }, (_, index) => ({ index, text: `object ${index}` }))
    if (this.#random.chance(1, 20)) globalThis.gc?.()
    else if (this.#random.chance(1, 2)) globalThis.gc?.({ type: 'minor' })
    return objects
  }

  /** More than Rust lends in one turn, or what fits. */
  burstOfBytes () {
    this.#tally.begin('burst of bytes')
    const size = 16 * MiB
    const number = Math.floor(Math.min(this.#limit, 1.25 * BUDGET.bytes) / (size + 64))
    this.end()
    const before = memoryUsage().bytes
    const holdings = Array.from({ length: number }, () => this.allocate(size + this.#random.below(64)))
    const lent = memoryUsage().bytes - before
    if (isMainThread && lent > BUDGET.bytes) throw new Error(`Rust has lent ${lent} bytes in one turn`)
    if (isMainThread && mayLend && lent === 0) throw new Error('Rust has lent nothing')
    for (const holding of holdings) this.#check(holding)
  }

  /**
   * More loans than there may be in one turn; each is disposed at once. They are of blocks that wait in Rust: those up to 4
   * MiB would wait in JavaScript, and one loan would serve them all. Workers get none.
   */
  burstOfLoans () {
    if (!isMainThread || !mayLend) return
    this.#tally.begin('burst of loans')
    for (let loan = 0; loan < BUDGET.loans + 1000; loan++) {
      const object = allocUnsafe(LENT_ANEW)
      object[loan % LENT_ANEW] = loan
      dispose(object)
      if (loan % 1000 === 0) this.#tally.beat()
    }
    const before = memoryUsage().blocks
    const object = alloc(LENT_ANEW)
    const lent = memoryUsage().blocks - before
    dispose(object)
    if (lent !== 0) throw new Error(`Rust has lent a block after ${BUDGET.loans} in the same turn`)
  }

  /** Copies past the cache: apart, and over themselves. */
  streamingCopy () {
    this.#tally.begin('copyOnto of 32 MiB')
    this.#largeCopy(EDGES.stream)
  }

  /** The same on two threads. */
  splitCopy () {
    this.end()
    this.#tally.begin('copyOnto of 64 MiB')
    this.#largeCopy(EDGES.split)
    this.end()
  }

  #largeCopy (byteLength) {
    const most = byteLength + 8000
    this.#makeRoom(2, 2 * most) // lest the second push out the first
    const [source, dest] = [0, 1].map(() => this.allocate(this.#random.between(byteLength + 8, most)))
    const length = byteLength / source.elementSize
    this.#copyPart(source, 0, dest, 0, length)
    this.#check(dest)
    this.#copyPart(source, 0, source, source.length - length, length)
    this.#check(source)
  }
}

function disposed (random) {
  const object = alloc(8, random.pick([undefined, {}]))
  dispose(object)
  return object
}

const show = ({ blocks, bytes }) => `${blocks} blocks, ${bytes} bytes`

module.exports = { BUDGET, EDGES, LENT_ANEW, Mix }
