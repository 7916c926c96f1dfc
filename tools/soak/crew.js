'use strict'

// The worker threads of the soak: started, brought to rest, and now and then ended and replaced.

const { once } = require('node:events')
const path = require('node:path')
const { Worker } = require('node:worker_threads')
const { uniformInt } = require('pure-rand/distribution/uniformInt')
const { Counters } = require('./counters')
const { fail } = require('./failure')

class Crew {
  replaced = 0
  #options
  #shared
  /** By thread, from 1 on: the worker, the number of its life, and whether it may end. */
  #members = new Map()

  constructor (options, shared) {
    this.#options = options
    this.#shared = shared
    for (let thread = 1; thread <= options.workers; thread++) this.#start(thread, 0, 0)
  }

  #start (thread, life, round) {
    const { seed, plant } = this.#options
    const name = plant?.thread === thread ? plant.name : undefined
    const worker = new Worker(path.join(__dirname, 'worker.js'), {
      workerData: { seed, thread, life, round, shared: this.#shared, plant: name }
    })
    const member = { worker, life, mayEnd: false }
    worker.on('error', (error) => fail(`thread ${thread}, life ${life}: ${error.stack ?? error}`))
    worker.on('exit', (code) => {
      if (!member.mayEnd) fail(`thread ${thread}, life ${life}, has ended by itself, with code ${code}`)
    })
    this.#members.set(thread, member)
  }

  /** Ends one worker, whatever it is at, and starts another in its place. The first one stays. */
  async replaceOne (random, round) {
    if (this.#options.workers < 2) return
    const thread = uniformInt(random, 2, this.#options.workers)
    const member = this.#members.get(thread)
    member.mayEnd = true
    const exit = once(member.worker, 'exit')
    if (uniformInt(random, 0, 1) === 0) member.worker.postMessage('exit')
    else member.worker.terminate()
    await exit
    new Counters(this.#shared, thread).heldBytes = 0
    this.replaced++
    this.#start(thread, member.life + 1, round)
  }

  /** The round is over. Resolves once all hold nothing. The watcher sees a thread that stands still. */
  async rest (round) {
    await Promise.all([...this.#members.values()].map(({ worker }) => {
      worker.postMessage({ over: round })
      return once(worker, 'message')
    }))
  }

  work (round) {
    for (const { worker } of this.#members.values()) worker.postMessage({ round })
  }

  async end () {
    for (const member of this.#members.values()) {
      member.mayEnd = true
      await member.worker.terminate()
    }
  }
}

module.exports = { Crew }
