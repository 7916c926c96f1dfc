'use strict'

// What the threads of a soak have done, in memory that all of them see: it outlives a worker that is terminated, and
// the watcher reads it while a thread is stuck.

/** What a thread counts; the first ones are operations. */
const OPERATIONS = [
  'alloc', 'allocUnsafe', 'External', 'alloc once more', 'verify', 'copyOnto', 'copyOnto of 32 MiB',
  'copyOnto of 64 MiB', 'sliceOnto', 'dispose', 'drop', 'mistake', 'garbage', 'burst of bytes', 'burst of loans',
  'pause', 'rest'
]
/** In bytes, and the longest step in milliseconds; `heap` and `objects` as V8 tells them at rest. */
const FIGURES = ['allocated', 'verified', 'held', 'heap', 'objects', 'longest']
const NAMES = [...OPERATIONS, ...FIGURES]
const WIDTH = NAMES.length
const columns = new Map(NAMES.map((name, column) => [name, column]))

/** Two numbers a thread: how often it has shown itself, and what it is at. */
const BEAT = 2

class Tallies {
  #figures
  #beats

  /** Of so many threads; or, from what `share()` returns, those of another thread. */
  constructor ({ threads, figures, beats }) {
    this.#figures = new Float64Array(figures ?? new SharedArrayBuffer(threads * WIDTH * 8))
    this.#beats = new Int32Array(beats ?? new SharedArrayBuffer(threads * BEAT * 4))
  }

  share () {
    return { figures: this.#figures.buffer, beats: this.#beats.buffer }
  }

  /** The tally of one thread, which alone may write to it. */
  of (thread) {
    return new Tally(
      this.#figures.subarray(thread * WIDTH, (thread + 1) * WIDTH),
      this.#beats.subarray(thread * BEAT, (thread + 1) * BEAT)
    )
  }

  all () {
    return Array.from({ length: this.#beats.length / BEAT }, (_, thread) => this.of(thread))
  }

  /** Over all threads. */
  sum (name) {
    return this.all().reduce((sum, tally) => sum + tally.get(name), 0)
  }
}

class Tally {
  #figures
  #beats
  #last = performance.now()

  constructor (figures, beats) {
    this.#figures = figures
    this.#beats = beats
  }

  get (name) {
    return this.#figures[columns.get(name)]
  }

  set (name, value) {
    this.#figures[columns.get(name)] = value
  }

  add (name, number) {
    this.#figures[columns.get(name)] += number
  }

  /** The thread goes on, with `operation`. */
  begin (operation) {
    this.add(operation, 1)
    Atomics.store(this.#beats, 1, columns.get(operation))
    this.beat()
  }

  /** The thread goes on. */
  beat () {
    Atomics.add(this.#beats, 0, 1)
    const now = performance.now()
    if (now - this.#last > this.get('longest')) this.set('longest', now - this.#last)
    this.#last = now
  }

  /** How often the thread has shown itself so far. */
  beats () {
    return Atomics.load(this.#beats, 0)
  }

  /** What the thread is at. */
  operation () {
    return NAMES[Atomics.load(this.#beats, 1)]
  }
}

module.exports = { OPERATIONS, Tallies }
