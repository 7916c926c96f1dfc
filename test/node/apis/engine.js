'use strict'

// v8, vm, WebAssembly, and the classes of the language.

const v8 = require('node:v8')
const vm = require('node:vm')
const { after, given, room } = require('../tools')

const { WebAssembly } = globalThis
const source = 'function add (a, b) { return a + b } add(1, 2)'
const cached = () => new vm.Script(source, { filename: 'x.js' }).createCachedData()

/** A module whose function `add` adds two numbers; filled up by an empty section of its own, to 48 bytes. */
const program = Buffer.from('0061736d01000000010701' + '60027f7f017f030201000707010361646400000a09010700200020016a0b' + '00050461626364', 'hex')
const padded = Buffer.concat([program, Buffer.from([0, 56 - program.length - 2, 1, 120]), Buffer.alloc(56 - program.length - 4)])
const valueOf = (deserializer) => after(deserializer, () => deserializer.readHeader()).readValue()

const wasm = (run) => given(padded, run)
const serializedBy = (serializer, method, a) => after(serializer, () => serializer[method](a)).releaseBuffer()
const sum = ({ exports }) => exports.add(2, 3)

const serialized = (value) => {
  const bytes = v8.serialize(value)
  return Buffer.concat([bytes, Buffer.alloc((8 - bytes.length % 8) % 8)])
}

module.exports = {
  modules: { v8, vm, WebAssembly, globalThis },
  calls: {
    'v8.serialize({ a })': (a) => v8.deserialize(v8.serialize({ a })),
    'v8.deserialize(a)': given(() => serialized({ smalloc: [1, 2, 3] }), (a) => v8.deserialize(a)),
    'v8.Serializer.writeRawBytes(a)': (a) => serializedBy(new v8.Serializer(), 'writeRawBytes', a),
    'v8.Serializer.writeValue(a)': (a) => serializedBy(new v8.Serializer(), 'writeValue', a),
    'v8.DefaultSerializer.writeValue(a)': (a) => serializedBy(new v8.DefaultSerializer(), 'writeValue', a),
    'v8.Deserializer(a)': given(() => serialized('smalloc'), (a) => valueOf(new v8.Deserializer(a))),
    'v8.DefaultDeserializer(a)': given(() => serialized('smalloc'), (a) => valueOf(new v8.DefaultDeserializer(a))),
    'v8.Deserializer(a).readRawBytes': (a) => new v8.Deserializer(a).readRawBytes(8),
    'vm.Script({ cachedData: a })': given(cached, (a) => new vm.Script(source, { filename: 'x.js', cachedData: a }).cachedDataRejected),
    'vm.compileFunction({ cachedData: a })': given(
      () => vm.compileFunction('return 1', [], { produceCachedData: true }).cachedData,
      (a) => vm.compileFunction('return 1', [], { cachedData: a }).cachedDataRejected),
    'vm.runInNewContext of a': (a) => vm.runInNewContext('[ArrayBuffer.isView(a), a[3]]', { a }).map(Number),
    'WebAssembly.validate(a)': wasm((a) => WebAssembly.validate(a)),
    'WebAssembly.compile(a)': wasm(async (a) => sum(await WebAssembly.instantiate(await WebAssembly.compile(a)))),
    'WebAssembly.instantiate(a)': wasm(async (a) => sum((await WebAssembly.instantiate(a)).instance)),
    'WebAssembly.Module(a)': wasm((a) => sum(new WebAssembly.Instance(new WebAssembly.Module(a)))),
    'globalThis.Uint8Array(a)': (a) => new Uint8Array(a),
    'globalThis.Uint8Array.prototype.set(a)': (a) => after(new Float64Array(80), (target) => target.set(a, 1)),
    'globalThis.DataView(a.buffer)': (a) => new DataView(a.buffer, a.byteOffset, a.byteLength).getUint8(1),
    'globalThis.Atomics.add(a)': given(room, (a) => Atomics.add(a, 1, 3)),
    'globalThis.Uint8Array.prototype.setFromHex.call(a)': given(room, (a) => Uint8Array.prototype.setFromHex.call(a, '0102').written),
    'globalThis.Uint8Array.prototype.toHex.call(a)': (a) => Uint8Array.prototype.toHex.call(a),
    'globalThis.ArrayBuffer.isView(a)': (a) => ArrayBuffer.isView(a)
  },
  takesNoView: {
    v8: `GCProfiler cachedDataVersionTag getCppHeapStatistics getHeapCodeStatistics getHeapSnapshot getHeapSpaceStatistics
      getHeapStatistics isStringOneByteRepresentation queryObjects setFlagsFromString setHeapProfileNearHeapLimit
      setHeapSnapshotNearHeapLimit startCpuProfile startHeapProfile stopCoverage takeCoverage writeHeapSnapshot`,
    vm: 'createContext createScript isContext measureMemory runInContext runInThisContext Module SourceTextModule SyntheticModule',
    WebAssembly: `CompileError Exception Global Instance JSTag LinkError Memory RuntimeError SuspendError Suspending Table Tag
      compileStreaming instantiateStreaming promising`
  }
}
