// A consumer in CommonJS. The classes that programs/commonjs.ts declares are not repeated here.

import smalloc = require('smalloc')
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd'
import {
  adopt, alloc, allocUnsafe, copyOnto, dispose, disposeBuffer, External, hasExternalData, release, report, sliceOnto, Types, view
} from 'smalloc'

// Without a receiver
expectType<smalloc.Bare<2>>(alloc(3))
expectType<smalloc.Bare<8>>(alloc(3, Types.Double))
expectType<smalloc.Bare<2>>(alloc(3, undefined))
expectType<smalloc.Bare<7>>(alloc(3, undefined, Types.Float))
expectType<number>(alloc(3)[0])
alloc(3)[0] = 1
expectError(alloc(3).length)
expectError(alloc(3).fill(0))
expectError(alloc(3)[0] = 'a')

// A receiver keeps its type and gets elements
const point = alloc(3, { x: 1, name: 'p' }, Types.Int16)
expectType<number>(point.x)
expectType<string>(point.name)
expectType<number>(point[0])
point[2] = -1
expectError(point[2] = '-1')
expectError(point.y)
expectAssignable<{ x: number, name: string }>(point)
expectAssignable<smalloc.Elements<3>>(point)
expectNotAssignable<smalloc.Elements<4>>(point)

const fixed = alloc(4, { rows: 2 } as { readonly rows: number }, Types.Uint8Clamped)
expectType<number>(fixed.rows)
expectError(fixed.rows = 3)

// BigInts
expectType<bigint>(alloc(3, Types.BigInt64)[0])
expectType<bigint>(alloc(3, {}, Types.BigUint64)[0])
expectType<bigint>(new External.BigInt64(3)[0])
expectError(alloc(3, Types.BigInt64)[0] = 1)
expectError(alloc(3)[0] = 1n)

// A function stays callable
const add = alloc(3, (a: number, b: string) => a + b)
expectType<string>(add(1, 'b'))
expectType<number>(add[0])
expectError(add('1'))
const Point = alloc(3, class { x = 1 })
expectType<number>(new Point().x)
expectType<number>(Point[0])

// allocUnsafe is the same
expectType<smalloc.Bare<2>>(allocUnsafe(3))
expectType<smalloc.Bare<3>>(allocUnsafe(3, Types.Int16))
expectType<string>(allocUnsafe(3, (a: string) => a, Types.Int16)('a'))

// What is no length, receiver or type
for (const make of [alloc, allocUnsafe]) {
  expectError(make())
  expectError(make('3'))
  expectError(make(3, 'receiver'))
  expectError(make(3, null))
  expectError(make(3, Float32Array))
  expectError(make(3, Uint8Array, Types.Int8))
  expectError(make(3, Buffer.alloc(3)))
  expectError(make(3, new Uint8Array(3)))
  expectError(make(3, [1]))
  expectError(make(3, {}, Float32Array))
  expectError(make(3, Types.Flaot))
  expectError(make(3, {}, 0))
  expectError(make(3, {}, 13))
  expectError(make(3, {}, 'Double'))
  expectError(make(3, 13))
  expectError(make(3, Types.Int8, {}))
}

// External
expectType<smalloc.External<2>>(new External(3))
expectType<smalloc.External<8>>(new External.Double(3))
expectType<number>(new External(3)[0])
expectError(External(3))
expectError(new External())
expectError(new External('3'))
expectError(new External(3).length)
expectType<smalloc.External<7>>(new External.Float32(3))
expectType<smalloc.External<8>>(new External.Float64(3))
expectError(External.Int64)

class Vector extends External.Double {
  constructor (readonly name: string) {
    super(3)
  }

  norm (): number {
    return Math.hypot(this[0], this[1], this[2])
  }
}
expectType<number>(new Vector('v').norm())
expectAssignable<smalloc.External>(new External(3))
expectAssignable<readonly number[]>(Array.from({ length: 3, ...new Vector('v') }))

// view: the typed array of the allocation's type
expectType<Uint8Array<ArrayBuffer>>(view(alloc(3)))
expectType<Int8Array<ArrayBuffer>>(view(alloc(3, Types.Int8)))
expectType<Uint8Array<ArrayBuffer>>(view(alloc(3, Types.Uint8)))
expectType<Int16Array<ArrayBuffer>>(view(alloc(3, Types.Int16)))
expectType<Uint16Array<ArrayBuffer>>(view(alloc(3, Types.Uint16)))
expectType<Int32Array<ArrayBuffer>>(view(alloc(3, Types.Int32)))
expectType<Uint32Array<ArrayBuffer>>(view(alloc(3, Types.Uint32)))
expectType<Float32Array<ArrayBuffer>>(view(alloc(3, Types.Float)))
expectType<Float64Array<ArrayBuffer>>(view(alloc(3, Types.Double)))
expectType<Uint8ClampedArray<ArrayBuffer>>(view(alloc(3, Types.Uint8Clamped)))
expectType<BigInt64Array<ArrayBuffer>>(view(alloc(3, Types.BigInt64)))
expectType<BigUint64Array<ArrayBuffer>>(view(alloc(3, Types.BigUint64)))
expectType<Float64Array<ArrayBuffer>>(view(new Vector('v')))
expectType<Int16Array<ArrayBuffer>>(view(point))
expectType<Uint8Array<ArrayBuffer>>(view(add))
expectType<Float32Array<ArrayBufferLike>>(view(new Float32Array(2) as Float32Array))
expectAssignable<BigInt64Array>(view(new BigInt64Array(2)))
expectAssignable<Uint8Array>(view(Buffer.alloc(2)))
expectNotAssignable<Buffer>(view(Buffer.alloc(2)))
expectError(view({ unknown: 'to the compiler' }))

// view as another type
expectType<Uint32Array<ArrayBuffer>>(view(alloc(8), Types.Uint32))
expectType<BigUint64Array<ArrayBuffer>>(view(point, Types.BigUint64))
expectType<Int16Array<ArrayBufferLike>>(view(new Uint8Array(8), Types.Int16))
expectType<Float64Array<ArrayBufferLike>>(view(Buffer.alloc(8), Types.Double))
expectError(view(alloc(8), Float32Array))
expectError(view(alloc(8), 13))
expectError(view({}, Types.Int8))
expectError(view(3))
expectError(view('abc'))

// sliceOnto returns its dest, with elements of the source's type
const slice = sliceOnto(point, { name: 's' }, 1, 2)
expectType<string>(slice.name)
expectAssignable<smalloc.Elements<3>>(slice)
expectAssignable<Int16Array>(view(slice))
expectAssignable<smalloc.Elements<8>>(sliceOnto(new Float64Array(3), {}))
expectAssignable<smalloc.Elements<2>>(sliceOnto(Buffer.alloc(3), {}))
expectAssignable<smalloc.Elements<11>>(sliceOnto(new BigUint64Array(3), {}))
sliceOnto(alloc(3), () => {}, 1)
expectError(sliceOnto(point))
expectError(sliceOnto(point, 'dest'))
expectError(sliceOnto(point, Float32Array))
expectError(sliceOnto([1], {}))
expectError(sliceOnto(point, {}, '1'))

// release and adopt
expectType<ArrayBuffer>(release(alloc(3)))
expectError(release())
expectError(release('abc'))
expectError(release({}))
expectError(release(new Uint8Array(3)))
const memory = new ArrayBuffer(8)
expectType<smalloc.Bare<2>>(adopt(memory))
expectType<smalloc.Bare<8>>(adopt(memory, Types.Double))
expectType<smalloc.Bare<3>>(adopt(memory, undefined, Types.Int16))
const adopted = adopt(memory, { name: 'm' }, Types.BigInt64)
expectType<string>(adopted.name)
expectType<bigint>(adopted[0])
expectAssignable<smalloc.Elements<2>>(adopt(memory, () => {}))
expectError(adopt())
expectError(adopt(new Uint8Array(8)))
expectError(adopt(new SharedArrayBuffer(8)))
expectError(adopt(memory, 'receiver'))
expectError(adopt(memory, {}, 13))
expectError(adopt(memory, {}, Float32Array))
expectError(adopt(memory, [1]))
expectError(adopt(memory, new Uint8Array(3)))
expectError(adopt(memory, Float32Array))

// disposeBuffer
for (const buffer of [Buffer.alloc(1), new Float64Array(1), new DataView(memory), memory]) expectType<void>(disposeBuffer(buffer))
expectType<void>(disposeBuffer((Buffer.alloc(1) as Buffer).buffer)) // an ArrayBufferLike: what is shared is refused at run time
expectError(disposeBuffer())
expectError(disposeBuffer({}))
expectError(disposeBuffer(alloc(3)))

// report
expectType<smalloc.Report>(report())
expectType<number>(report().live[0].oldestMs)
expectType<string>(report().undisposed[0].place)
expectError(report().live.push)

// The others
expectType<void>(copyOnto(alloc(3), 0, new Uint8Array(3), 0, 3))
expectError(copyOnto(alloc(3), 0, alloc(3), 0))
expectError(copyOnto(alloc(3), alloc(3)))
expectError(copyOnto([1], 0, alloc(3), 0, 1))
expectError(copyOnto(alloc(3), 0, {}, 0, 1))
expectError(copyOnto('abc', 0, alloc(3), 0, 3))
expectError(copyOnto(alloc(3), '0', alloc(3), 0, 3))
expectType<void>(dispose(point))
expectError(dispose())
expectError(dispose({}))
expectError(dispose(Buffer.alloc(1)))
expectError(dispose(new Uint8Array(1)))
expectError(dispose(view(alloc(3))))
expectError(dispose('abc'))
expectType<boolean>(hasExternalData(null))
expectType<{ blocks: number, bytes: number, cached: number }>(smalloc.memoryUsage())
expectType<void>(smalloc.trim())
expectType<number>(smalloc.kMaxLength)

// What is read-only
expectType<8>(Types.Double)
expectError(Types.Double = 8)
expectType<7>(Types.Float32)
expectType<8>(Types.Float64)
expectType<10>(Types.BigInt64)
expectType<11>(Types.BigUint64)
expectError(Types.Int64)
expectError(smalloc.kMaxLength = 1)
expectError(smalloc.Types = Types)
expectError(External.Double = External.Double)
expectError(smalloc.default)

// Symbol.dispose, without the lib that declares it
expectType<void>(alloc(3)[Symbol.dispose]())
expectType<void>(new Vector('v')[Symbol.dispose]())
expectNotAssignable<{ [Symbol.dispose](): void }>(alloc(3, {}))

// Arguments that a caller passes on may be undefined.
const maybe = <V>(value: V): V | undefined => value
expectType<smalloc.Bare<2 | 8>>(alloc(3, maybe(Types.Double)))
expectType<smalloc.Bare<2 | 8>>(allocUnsafe(3, maybe(Types.Double)))
expectType<smalloc.Bare<2 | 8>>(adopt(memory, maybe(Types.Double)))
expectType<({ name: string } & smalloc.Elements<8>) | smalloc.Bare<8>>(alloc(3, maybe({ name: 'p' }), Types.Double))
alloc(3, maybe({ name: 'p' }), maybe<smalloc.Type>(Types.Double))
allocUnsafe(3, maybe({ name: 'p' }), maybe<smalloc.Type>(Types.Double))
adopt(memory, maybe({ name: 'p' }), maybe<smalloc.Type>(Types.Double))
