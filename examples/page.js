'use strict'

// What the page that documented smalloc in Node 0.12 shows, with the output that it gives. External is new here.

const smalloc = require('..') // in your own code: require('smalloc')

title('alloc on a class of one\'s own')
class Samples {
  constructor (length) {
    this.length = length
    smalloc.alloc(length, this)
  }

  sum () {
    return Array.prototype.reduce.call(this, (sum, sample) => sum + sample, 0)
  }
}
const samples = new Samples(3)
samples[0] = 257 // an element is a byte: this is 1
samples[1] = 20
console.log(samples, samples.sum())

title('alloc on a function')
function allocMe () {}
console.log(smalloc.alloc(3, allocMe))

title('alloc of another type')
const tenths = smalloc.alloc(3, smalloc.Types.Double)
for (let i = 0; i < 3; i++) tenths[i] = i / 10
console.log(tenths)

title('copyOnto')
const ones = smalloc.alloc(4)
const twos = smalloc.alloc(4)
for (let i = 0; i < 4; i++) {
  ones[i] = i
  twos[i] = i * 2
}
console.log(ones)
console.log(twos)
smalloc.copyOnto(twos, 2, ones, 0, 2)
console.log(ones)

title('copyOnto between types moves bytes, not numbers')
const words = smalloc.alloc(2, smalloc.Types.Uint32)
const doubles = smalloc.alloc(1, smalloc.Types.Double)
doubles[0] = 1
smalloc.copyOnto(doubles, 0, words, 0, 1)
console.log(words)
words[1] += 0x00100000
smalloc.copyOnto(words, 0, doubles, 0, 2)
console.log(doubles)

title('dispose')
const receiver = {}
smalloc.alloc(3, receiver)
console.log(receiver)
smalloc.dispose(receiver)
console.log(receiver)

title('copyOnto from memory that is gone')
smalloc.dispose(twos)
try {
  smalloc.copyOnto(twos, 2, ones, 0, 2)
} catch (error) {
  console.log(String(error))
}

title('kMaxLength')
console.log(smalloc.kMaxLength)

title('a class that extends External')
class SimpleData extends smalloc.External {
  constructor (length) {
    super(length)
    this.length = length
  }
}
const data = new SimpleData(2)
data[1] = 255
console.log(data)
smalloc.dispose(data)
console.log(data)

function title (text) {
  console.log(`-- ${text}`)
}
