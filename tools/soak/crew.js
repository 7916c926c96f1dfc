'use strict'

// The worker threads of the soak: started, brought to rest, and now and then ended and replaced.

const { once } = require('node:events')
const path = require('node:path')
const { Worker } = require('node:worker_threads')

class Crew {
  replaced = 0
  #options
  #tallies
  #fail
  /** By thread, from 1 on: the worker, the number of its life, and whether it may end. */
  #members = new Map()

  /** `fail(message)` ends the soak. */
  constructor (options, tallies, fail) {
    this.#options = options
    this.#tallies = tallies
    this.#fail = fail
    for (let thread = 1; thread <= options.workers; thread++) this.#start(thread, 0, 0)
  }

  #start (thread, life, round) {
    const { seed, limits, fault } = this.#options
    const worker = new Worker(path.join(__dirname, 'worker.js'), {
      workerData: {
        ...this.#tallies.share(), seed, thread, life, round, limit: limits.worker,
        fault: fault?.thread === thread ? fault.name : undefined
      }
    })
    const member = { worker, life, mayEnd: false }
    worker.on('error', (error) => this.#fail(`thread ${thread}, life ${life}: ${error.stack ?? error}`))
    worker.on('exit', (code) => {
      if (!member.mayEnd) this.#fail(`thread ${thread}, life ${life}, has ended by itself, with code ${code}`)
    })
    this.#members.set(thread, member)
  }

  /** Ends one, whatever it is at, and starts another in its place. The first one stays. */
  async replaceOne (random, round) {
    if (this.#options.workers < 2) return
    const thread = random.between(2, this.#options.workers)
    const member = this.#members.get(thread)
    member.mayEnd = true
    const exit = once(member.worker, 'exit')
    if (random.chance(1, 2)) member.worker.postMessage('exit')
    else member.worker.terminate()
    await exit
    this.#tallies.of(thread).set('held', 0)
    this.replaced++
    this.#start(thread, member.life + 1, round)
  }

  /** The round is over. Resolves once all hold nothing. */
  async rest (round) {
    const signal = AbortSignal.timeout(this.#options.stall)
    await Promise.all([...this.#members].map(async ([thread, { worker }]) => {
      worker.postMessage({ over: round })
      await once(worker, 'message', { signal }).catch(() => {
        this.#fail(`thread ${thread} has not come to rest within ${this.#options.stall} ms`)
      })
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
