'use strict'

const buffer = require('node:buffer')
const { after, given, room, something, large, text } = require('../tools')

const { Blob, Buffer, File } = buffer
const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer())

module.exports = {
  modules: { buffer },
  calls: {
    'buffer.Buffer.from(a)': (a) => Buffer.from(a),
    'buffer.Buffer.from(a.buffer)': (a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength),
    'buffer.Buffer.copyBytesFrom(a)': (a) => Buffer.copyBytesFrom(a),
    'buffer.Buffer.copyBytesFrom(a, offset, length)': (a) => Buffer.copyBytesFrom(a, 1, 2),
    'buffer.Buffer.concat([a])': (a) => Buffer.concat([a]),
    'buffer.Buffer.concat([a], less)': (a) => Buffer.concat([a], 5),
    'buffer.Buffer.concat([a, y], more)': (a) => Buffer.concat([a, Buffer.from('y')], 100),
    'buffer.Buffer.byteLength(a)': (a) => Buffer.byteLength(a),
    'buffer.Buffer.compare(a, b)': (a) => [Buffer.compare(a, something), Buffer.compare(room, a)],
    'buffer.Buffer.isBuffer(a)': (a) => Buffer.isBuffer(a),
    'buffer.Buffer.alloc(n, a)': (a) => Buffer.alloc(100, a),
    'buffer.Buffer(a)': (a) => Reflect.apply(Buffer, undefined, [a]),
    'buffer.Buffer.prototype.fill(a)': (a) => Buffer.alloc(100).fill(a),
    'buffer.Buffer.prototype.equals(a)': (a) => Buffer.from(something).equals(a),
    'buffer.Buffer.prototype.compare(a, starts and ends)': (a) => Buffer.from(something).compare(a, 1, 20, 1, 20),
    'buffer.Buffer.prototype.copy(a)': given(room, (a) => something.copy(a, 8, 0, 24)),
    'buffer.Buffer.prototype.copy.call(a)': (a) => after(Buffer.alloc(80), (target) => Buffer.prototype.copy.call(a, target, 3)),
    'buffer.Buffer.prototype.indexOf(a)': (a) => Buffer.concat([room, something]).indexOf(a),
    'buffer.Buffer.prototype.lastIndexOf(a)': (a) => Buffer.concat([room, something]).lastIndexOf(a),
    'buffer.Buffer.prototype.includes(a)': (a) => Buffer.concat([room, something]).includes(a),
    'buffer.Buffer.prototype.set(a)': (a) => after(Buffer.alloc(80), (target) => target.set(a, 3)),
    'buffer.transcode(a)': given(text('aäb'), (a) => buffer.transcode(a, 'utf8', 'latin1')),
    'buffer.isUtf8(a)': given(text('aäb'), (a) => buffer.isUtf8(a)),
    'buffer.isAscii(a)': given(text('aäb'), (a) => buffer.isAscii(a)),
    'buffer.Blob([a])': async (a) => bytesOf(new Blob([a])),
    'buffer.Blob([x, a, y])': async (a) => bytesOf(new Blob(['x', a, 'y']).slice(1, 40)),
    'buffer.File([a])': async (a) => bytesOf(new File([a], 'name')),
    'buffer.Blob([a]) of 200 KiB': given(large, async (a) => bytesOf(new Blob([a]))),
    'buffer.Buffer.concat([a]) of 200 KiB': given(large, (a) => Buffer.concat([a, a])),
    'buffer.Buffer.from(a) of 200 KiB': given(large, (a) => Buffer.from(a))
  },
  takesNoView: {
    buffer: 'SlowBuffer atob btoa isLatin1 resolveObjectURL',
    'buffer.Buffer': 'allocUnsafe allocUnsafeSlow isEncoding of'
  }
}
