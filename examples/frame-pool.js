'use strict'

// A pool of frames. A frame goes back to its pool at the end of the block that took it: by `using` where the runtime
// parses it, otherwise by try and finally. The pool frees its frames when it is disposed itself.

const smalloc = require('..') // in your own code: require('smalloc')

const FRAME = 4 << 20

class Frame extends smalloc.External {
  #pool

  constructor (pool) {
    super(FRAME)
    this.#pool = pool
  }

  [Symbol.dispose] () {
    this.#pool.putBack(this)
  }
}

class FramePool {
  #free = []
  made = 0

  take () {
    if (this.#free.length > 0) return this.#free.pop()
    this.made++
    return new Frame(this)
  }

  putBack (frame) {
    this.#free.push(frame)
  }

  [Symbol.dispose] () {
    for (const frame of this.#free.splice(0)) smalloc.dispose(frame)
  }
}

/** Runs `work` with something disposable, which is disposed afterwards, whatever happens. */
const withDisposable = usingIsParsed()
  ? new Function('take', 'work', 'using resource = take(); return work(resource)')
  : (take, work) => {
      const resource = take()
      try {
        return work(resource)
      } finally {
        resource[Symbol.dispose]()
      }
    }

function usingIsParsed () {
  try {
    return Boolean(new Function('using nothing = null'))
  } catch (error) {
    return false
  }
}

/** Draws frame `number` on top of the one before, and returns a byte of it. */
function draw (pool, number) {
  return withDisposable(() => pool.take(), (background) => withDisposable(() => pool.take(), (frame) => {
    smalloc.view(background).fill(number)
    smalloc.copyOnto(background, 0, frame, 0, FRAME)
    frame[0] += 1
    return frame[0] + frame[FRAME - 1]
  }))
}

let checksum = 0
const frames = withDisposable(() => new FramePool(), (pool) => {
  for (let number = 0; number < 100; number++) checksum += draw(pool, number)
  try {
    withDisposable(() => pool.take(), () => { throw new Error('a frame that failed') })
  } catch (error) {
    console.log(`caught          ${error.message}`)
  }
  return pool.made
})
console.log(`frames drawn    100, checksum ${checksum}`)
console.log(`frames made     ${frames}`)
console.log(`still lent out  ${smalloc.memoryUsage().bytes} bytes`)
