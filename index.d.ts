/**
 * Raw memory for JavaScript objects, outside the engine's heap, given back the moment you say so.
 */

declare global {
  interface SymbolConstructor {
    // As in TypeScript's lib.esnext.disposable; where that is not loaded, the members below would not compile.
    readonly dispose: unique symbol
  }

  // Empty where the program's libraries do not know Float16Array: see Float16Array_.
  interface Float16ArrayConstructor {}
}

/** The type of elements: one of {@link Types}. */
export type Type = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12

/**
 * The types of elements, by name. The first nine have the numbers that Node 0.12 gave them. Frozen. A name that it does not
 * have throws a TypeError: `undefined` would mean Uint8.
 */
export const Types: {
  /**
   * Whole numbers from -128 to 127, 1 byte each. A write drops the fraction and keeps the lowest 8 bits.
   *
   * @example
   * const a = alloc(1, Types.Int8)
   * a[0] = 200 // reads -56
   */
  readonly Int8: 1
  /**
   * Whole numbers from 0 to 255, 1 byte each. The default. A write drops the fraction and keeps the lowest 8 bits.
   *
   * @example
   * const a = alloc(1, Types.Uint8)
   * a[0] = 257 // reads 1
   */
  readonly Uint8: 2
  /**
   * Whole numbers from -32,768 to 32,767, 2 bytes each. A write drops the fraction and keeps the lowest 16 bits.
   *
   * @example
   * const samples = alloc(44_100, Types.Int16)
   */
  readonly Int16: 3
  /**
   * Whole numbers from 0 to 65,535, 2 bytes each. A write drops the fraction and keeps the lowest 16 bits.
   *
   * @example
   * const depths = alloc(640 * 480, Types.Uint16)
   */
  readonly Uint16: 4
  /**
   * Whole numbers from -2,147,483,648 to 2,147,483,647, 4 bytes each. A write drops the fraction and keeps the lowest 32 bits.
   *
   * @example
   * const offsets = alloc(1000, Types.Int32)
   */
  readonly Int32: 5
  /**
   * Whole numbers from 0 to 4,294,967,295, 4 bytes each. A write drops the fraction and keeps the lowest 32 bits.
   *
   * @example
   * const counts = alloc(256, Types.Uint32)
   */
  readonly Uint32: 6
  /**
   * Numbers of 32 bits, 4 bytes each: about 7 digits, up to 3.4e38. A write rounds to the nearest.
   *
   * @example
   * const a = alloc(1, Types.Float)
   * a[0] = 0.1 // reads 0.10000000149011612
   */
  readonly Float: 7
  /**
   * The same as {@link Types.Float}, by the name of today.
   *
   * @example
   * const points = alloc(3 * 1000, Types.Float32)
   */
  readonly Float32: 7
  /**
   * Numbers of 64 bits, 8 bytes each: every number of JavaScript's, as it is.
   *
   * @example
   * const a = alloc(1, Types.Double)
   * a[0] = 0.1 // reads 0.1
   */
  readonly Double: 8
  /**
   * The same as {@link Types.Double}, by the name of today.
   *
   * @example
   * const sums = alloc(1000, Types.Float64)
   */
  readonly Float64: 8
  /**
   * Whole numbers from 0 to 255, 1 byte each. A write rounds to the nearest and stops at 0 and 255, as for pixels.
   *
   * @example
   * const pixels = alloc(4 * 640 * 480, Types.Uint8Clamped)
   * pixels[0] = 300 // reads 255
   */
  readonly Uint8Clamped: 9
  /**
   * BigInts from -2n ** 63n to 2n ** 63n - 1n, 8 bytes each. A write keeps the lowest 64 bits; of a number it is a TypeError.
   *
   * @example
   * const a = alloc(1, Types.BigInt64)
   * a[0] = -1n
   */
  readonly BigInt64: 10
  /**
   * BigInts from 0n to 2n ** 64n - 1n, 8 bytes each. A write keeps the lowest 64 bits; of a number it is a TypeError.
   *
   * @example
   * const stamps = alloc(1000, Types.BigUint64)
   * stamps[0] = process.hrtime.bigint()
   */
  readonly BigUint64: 11
} & Float16Type

type Float16Type = Float16ArrayConstructor extends { readonly BYTES_PER_ELEMENT: number } ? {
  /**
   * Numbers of 16 bits, 2 bytes each: about 3 digits, up to 65,504. A write rounds to the nearest. It is there where the
   * runtime has Float16Array (Node 24 and later); elsewhere to read it throws a TypeError, and `'Float16' in Types` is false.
   * To the compiler it is there where the program's libraries have Float16Array (`"lib": ["esnext"]`).
   *
   * @example
   * const weights = alloc(1000, 'Float16' in Types ? Types.Float16 : Types.Float)
   */
  readonly Float16: 12
} : {}

// What `of` returns is Uint8Array<ArrayBuffer> from TypeScript 5.7 on, and Uint8Array before, where typed arrays are not generic.
type Float16Array_ = Float16ArrayConstructor extends { of (...items: number[]): infer A } ? A
  : ArrayBufferView & { [index: number]: number, readonly length: number }

/**
 * The typed array whose elements have the type `T`, over an ArrayBuffer.
 *
 * @example
 * const doubles: TypedArrayOf<typeof Types.Double> = view(alloc(3, Types.Double))
 */
export type TypedArrayOf<T extends Type> =
  T extends 1 ? ReturnType<Int8ArrayConstructor['of']> :
  T extends 2 ? ReturnType<Uint8ArrayConstructor['of']> :
  T extends 3 ? ReturnType<Int16ArrayConstructor['of']> :
  T extends 4 ? ReturnType<Uint16ArrayConstructor['of']> :
  T extends 5 ? ReturnType<Int32ArrayConstructor['of']> :
  T extends 6 ? ReturnType<Uint32ArrayConstructor['of']> :
  T extends 7 ? ReturnType<Float32ArrayConstructor['of']> :
  T extends 8 ? ReturnType<Float64ArrayConstructor['of']> :
  T extends 9 ? ReturnType<Uint8ClampedArrayConstructor['of']> :
  T extends 10 ? ReturnType<BigInt64ArrayConstructor['of']> :
  T extends 11 ? ReturnType<BigUint64ArrayConstructor['of']> :
  Float16Array_

/** Any typed array, a Buffer included, over an ArrayBuffer or a SharedArrayBuffer. */
export type AnyTypedArray =
  | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array
  | Float32Array | Float64Array | Uint8ClampedArray | BigInt64Array | BigUint64Array | Float16Array_

/** The number of the type of a typed array's elements. */
export type TypeOf<A extends AnyTypedArray> =
  A extends Tagged<'Int8'> ? 1 : A extends Tagged<'Uint8'> ? 2 : A extends Tagged<'Int16'> ? 3 :
  A extends Tagged<'Uint16'> ? 4 : A extends Tagged<'Int32'> ? 5 : A extends Tagged<'Uint32'> ? 6 :
  A extends Tagged<'Float32'> ? 7 : A extends Tagged<'Float64'> ? 8 : A extends Tagged<'Uint8Clamped'> ? 9 :
  A extends Tagged<'BigInt64'> ? 10 : A extends Tagged<'BigUint64'> ? 11 : 12

type Tagged<Name extends string> = { readonly [Symbol.toStringTag]: `${Name}Array` }

/** The member of AnyTypedArray for elements of the type `T`: its buffer may be shared. */
type AnyTypedArrayOf<T extends Type> = Extract<AnyTypedArray, Pick<TypedArrayOf<T>, typeof Symbol.toStringTag & keyof TypedArrayOf<T>>>

declare const elementType: unique symbol

/**
 * What an allocation adds to an object: elements by number, of the type `T`. There is no `length` and nothing to iterate:
 * keep the length, or use {@link view}.
 *
 * @example
 * // A class that gives itself elements says so, for the compiler:
 * interface Matrix extends smalloc.Elements<typeof smalloc.Types.Uint32> {}
 * class Matrix {
 *   constructor (rows: number, columns: number) {
 *     smalloc.alloc(rows * columns, this, smalloc.Types.Uint32)
 *   }
 * }
 */
export interface Elements<T extends Type = 2> {
  [index: number]: T extends 10 | 11 ? bigint : number
  /** For the compiler only; there is no such property. */
  readonly [elementType]: T
}

/** What has external array data: an allocation, an External object, a slice, a Buffer or a typed array. */
export type Source = Elements<Type> | AnyTypedArray

/**
 * What may be given elements: an object or a function. Not an Array, a typed array, a Buffer, nor one of their constructors:
 * `alloc(3, Float32Array)` would be `alloc(3, Types.Float)`.
 */
export type Receiver = object & { readonly BYTES_PER_ELEMENT?: undefined, readonly copyWithin?: undefined }

/** What `alloc(length)` returns: an object that has elements and looks like a plain one otherwise. */
export interface Bare<T extends Type = 2> extends Elements<T> {
  /** The same as {@link dispose}; where the runtime has `Symbol.dispose`. */
  [Symbol.dispose](): void
}

/**
 * Makes an object with `length` elements of Uint8, all 0.
 *
 * The memory belongs to the object. It comes back with {@link dispose}, or when the collector takes the object and all views
 * and slices of it.
 *
 * @param length In elements: a number from 0 to `kMaxLength`. A fraction is dropped.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `length` is not a number.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `length` is NaN, negative, infinite or too large.
 * @throws RangeError `ERR_MEMORY_ALLOCATION_FAILED`: there is no memory.
 *
 * @example
 * const frame = smalloc.alloc(16 * 1024 * 1024)
 * for (const byte of smalloc.view(frame)) console.log(byte)
 * smalloc.dispose(frame)
 */
export function alloc(length: number): Bare
/**
 * Makes an object with `length` elements of `type`, all 0 (0n for the types of BigInts).
 *
 * The memory belongs to the object. It comes back with {@link dispose}, or when the collector takes the object and all views
 * and slices of it.
 *
 * @param length In elements: a number from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
 * @param type One of {@link Types}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `length` is not a number.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `type` is none of {@link Types}.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `length` is NaN, negative, infinite or too large.
 * @throws RangeError `ERR_MEMORY_ALLOCATION_FAILED`: there is no memory.
 *
 * @example
 * const doubles = smalloc.alloc(3, smalloc.Types.Double)
 * doubles[0] = 0.5
 */
export function alloc<T extends Type>(length: number, type: T): Bare<T>
/**
 * The same as `alloc(length, type)`, for callers who pass on a receiver and a type that may both be left out.
 *
 * @param length In elements: a number from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
 * @param receiver `undefined`: a new object.
 * @param type One of {@link Types}. Default: `Types.Uint8`.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: an argument is of the wrong type.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `type` is none of {@link Types}.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `length` is NaN, negative, infinite or too large.
 * @throws RangeError `ERR_MEMORY_ALLOCATION_FAILED`: there is no memory.
 *
 * @example
 * const words = smalloc.alloc(3, undefined, smalloc.Types.Int16)
 */
export function alloc<T extends Type = 2>(length: number, receiver: undefined, type?: T): Bare<T>
/**
 * Gives `receiver` external array data: `length` elements of `type`, all 0 (0n for the types of BigInts). It stays what it
 * is otherwise. In a hot loop its elements are 30 to 60 times slower than those of `alloc(length)` and of {@link External}.
 *
 * The memory belongs to the receiver. It comes back with {@link dispose}, or when the collector takes the receiver and all
 * views and slices of it.
 *
 * @param length In elements: a number from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
 * @param receiver An object or function that is extensible, is no Array, and has no external array data. Its own indexed
 *   properties are replaced.
 * @param type One of {@link Types}. Default: `Types.Uint8`.
 * @returns `receiver`.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: an argument is of the wrong type.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `receiver` cannot take the data, or `type` is none of {@link Types}.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `length` is NaN, negative, infinite or too large.
 * @throws RangeError `ERR_MEMORY_ALLOCATION_FAILED`: there is no memory. The receiver is as it was.
 *
 * @example
 * const point = smalloc.alloc(2, { name: 'p' }, smalloc.Types.Double)
 * point[0] = 0.5
 */
export function alloc<R extends Receiver, T extends Type = 2>(length: number, receiver: R, type?: T): R & Elements<T>

/**
 * As `alloc(length)`, with memory that may not be zeroed: it may hold what this process has left there, never another
 * process's bytes. Write all of it before you read or send it.
 *
 * @param length In elements: a number from 0 to `kMaxLength`. A fraction is dropped.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `length` is not a number.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `length` is NaN, negative, infinite or too large.
 * @throws RangeError `ERR_MEMORY_ALLOCATION_FAILED`: there is no memory.
 *
 * @example
 * const chunk = smalloc.allocUnsafe(64 * 1024)
 * const byteLength = fs.readSync(fd, smalloc.view(chunk))
 */
export function allocUnsafe(length: number): Bare
/**
 * As `alloc(length, type)`, with memory that may not be zeroed: it may hold what this process has left there.
 *
 * @param length In elements: a number from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
 * @param type One of {@link Types}.
 * @throws The errors of `alloc(length, type)`.
 *
 * @example
 * const samples = smalloc.allocUnsafe(44_100, smalloc.Types.Int16)
 */
export function allocUnsafe<T extends Type>(length: number, type: T): Bare<T>
/**
 * As `alloc(length, undefined, type)`, with memory that may not be zeroed: it may hold what this process has left there.
 *
 * @param length In elements: a number from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
 * @param receiver `undefined`: a new object.
 * @param type One of {@link Types}. Default: `Types.Uint8`.
 * @throws The errors of `alloc(length, undefined, type)`.
 *
 * @example
 * const words = smalloc.allocUnsafe(3, undefined, smalloc.Types.Int16)
 */
export function allocUnsafe<T extends Type = 2>(length: number, receiver: undefined, type?: T): Bare<T>
/**
 * As `alloc(length, receiver, type)`, with memory that may not be zeroed: it may hold what this process has left there.
 *
 * @param length In elements: a number from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
 * @param receiver An object or function that is extensible, is no Array, and has no external array data.
 * @param type One of {@link Types}. Default: `Types.Uint8`.
 * @returns `receiver`.
 * @throws The errors of `alloc(length, receiver, type)`. The receiver is then as it was.
 *
 * @example
 * const tile = smalloc.allocUnsafe(256 * 256, { x: 3, y: 4 })
 */
export function allocUnsafe<R extends Receiver, T extends Type = 2>(length: number, receiver: R, type?: T): R & Elements<T>

/**
 * Copies the bytes of `copyLength` elements of `source` to `dest`, as they are, whatever the types. The two may overlap.
 *
 * @param source Where the bytes are. It keeps its memory.
 * @param sourceStart In elements of `source`, from 0 on.
 * @param dest Where the bytes go.
 * @param destStart In elements of `dest`, from 0 on.
 * @param copyLength In elements of `source`, from 0 on; their bytes must fit into `dest` after `destStart`.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `source` or `dest` has no external array data.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `source` or `dest` is not an object, a start or the length is not a number.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `dest` has an immutable ArrayBuffer.
 * @throws RangeError `ERR_OUT_OF_RANGE`: a start or the length is NaN, negative, infinite or too large. Nothing is copied.
 *
 * @example
 * const greeting = smalloc.alloc(5)
 * smalloc.copyOnto(Buffer.from('hello'), 0, greeting, 0, 5)
 */
export function copyOnto(
  source: Source, sourceStart: number, dest: Source, destStart: number, copyLength: number
): void

/**
 * Frees the memory of `obj` in this call. Its elements are gone, its views and slices have length 0, and a receiver is
 * otherwise what it was before. A slice only lets go of its source's memory. Once more does nothing.
 *
 * Do not dispose memory that an asynchronous operation still uses.
 *
 * @param obj An allocation, an External object or a slice. A class that calls `alloc(length, this)` declares its
 *   {@link Elements}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `obj` is not an object.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `obj` is a Buffer, a typed array (a {@link view} too) or a DataView; or its
 *   memory has been marked with `worker_threads.markAsUntransferable`, which forbids to detach it.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `obj` never had external array data.
 *
 * @example
 * const frame = smalloc.alloc(16 * 1024 * 1024)
 * socket.write(smalloc.view(frame), () => smalloc.dispose(frame))
 */
export function dispose(obj: Elements<Type>): void

/**
 * Whether `value` has external array data: true for allocations until they are disposed, for slices until they or their
 * source are, for Buffers and typed arrays. Never throws.
 *
 * @example
 * const a = smalloc.alloc(3)
 * smalloc.hasExternalData(a) // true
 * smalloc.dispose(a)
 * smalloc.hasExternalData(a) // false
 */
export function hasExternalData(value: unknown): boolean

/**
 * A typed array over the memory of an allocation, of its type. No copy: each sees what is written through the other. When
 * `obj` is disposed its length becomes 0. The memory stays the allocation's: to hold the view keeps it, but not to dispose.
 *
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `obj` has no external array data.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `obj` is not an object.
 *
 * @example
 * const a = smalloc.alloc(3, smalloc.Types.Float)
 * for (const element of smalloc.view(a)) console.log(element)
 */
export function view<T extends Type>(obj: Elements<T>): TypedArrayOf<T>
/**
 * Another typed array over the elements of a typed array; of a Buffer, a Uint8Array. No copy.
 *
 * @throws Error `ERR_NO_EXTERNAL_DATA`: the memory of `obj` was transferred.
 *
 * @example
 * smalloc.view(Buffer.from('abc')) // Uint8Array(3) [ 97, 98, 99 ]
 */
export function view<A extends AnyTypedArray>(obj: A): Extract<AnyTypedArray, Pick<A, typeof Symbol.toStringTag & keyof A>>
/**
 * A typed array over the memory of an allocation, of another type. No copy. It starts at the first byte of `obj` and ends at
 * its last.
 *
 * @param type One of {@link Types}. The bytes of its elements must divide those of `obj`, and the place where `obj` starts in
 *   its ArrayBuffer: of a slice that may be any byte.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `obj` has no external array data.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `obj` is not an object, or `type` is not a number.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `type` is none of {@link Types}.
 * @throws RangeError `ERR_OUT_OF_RANGE`: elements of `type` do not fit the memory.
 *
 * @example
 * const a = smalloc.alloc(1, smalloc.Types.Double)
 * a[0] = 1
 * smalloc.view(a, smalloc.Types.Uint32)[1] // 1072693248
 */
export function view<T extends Type>(obj: Elements<Type>, type: T): TypedArrayOf<T>
/**
 * A typed array over the elements of another, or of a Buffer, of another type. No copy.
 *
 * @param type One of {@link Types}. The bytes of its elements must divide those of `obj`, and its `byteOffset`.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: the memory of `obj` was transferred.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `type` is not a number.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `type` is none of {@link Types}.
 * @throws RangeError `ERR_OUT_OF_RANGE`: elements of `type` do not fit the memory.
 *
 * @example
 * smalloc.view(new Uint8Array(8), smalloc.Types.Uint32).length // 2
 */
export function view<T extends Type>(obj: AnyTypedArray, type: T): AnyTypedArrayOf<T>

/**
 * Gives `dest` the elements of an allocation from `start` up to `end`: the same memory, the same type. The memory stays the
 * source's: disposing `source` takes it away from `dest`; disposing `dest` leaves `source`.
 *
 * @param dest As the receiver of {@link alloc}.
 * @param start In elements. Default: 0.
 * @param end In elements, not included. Default: the length of `source`.
 * @returns `dest`.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `source` has no external array data.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: an argument is of the wrong type.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `dest` cannot take the data.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `start` or `end` is NaN, negative, infinite or too large, or `start` is past `end`.
 *
 * @example
 * const frame = smalloc.alloc(1024)
 * const header = smalloc.sliceOnto(frame, {}, 0, 16)
 */
export function sliceOnto<D extends Receiver, T extends Type>(
  source: Elements<T>, dest: D, start?: number, end?: number
): D & Elements<T>
/**
 * Gives `dest` the elements of a Buffer or typed array from `start` up to `end`: the same memory, the same type.
 *
 * @param dest As the receiver of {@link alloc}.
 * @param start In elements. Default: 0.
 * @param end In elements, not included. Default: the length of `source`.
 * @returns `dest`.
 * @throws The errors for an allocation as `source`.
 *
 * @example
 * const doubles = smalloc.sliceOnto(new Float64Array(8), { name: 'd' }, 4)
 */
export function sliceOnto<D extends Receiver, A extends AnyTypedArray>(
  source: A, dest: D, start?: number, end?: number
): D & Elements<TypeOf<A>>

/**
 * The memory that this package has in this process, on all threads; in bytes, but for `blocks`.
 *
 * - `blocks`, `bytes`: the blocks of Rust's that allocations hold. Allocations in engine memory (below 128 KiB, in workers,
 *   with `SMALLOC_ENGINE_MEMORY=1`) do not count here: `process.memoryUsage().arrayBuffers` has them, with all others.
 * - `cached`: what has been disposed and waits for the next allocation, of either kind. What waits on other threads is as
 *   they told last: at each 4 MiB of change, and every 0.4 s.
 *
 * @example
 * const { blocks, bytes, cached } = smalloc.memoryUsage()
 */
export function memoryUsage(): { blocks: number, bytes: number, cached: number }

/**
 * Gives memory back to the system now that would wait about a second for the next allocation: what waits on this thread,
 * and Rust's blocks of all threads. For a process that is short of memory, or idle from now on.
 *
 * @example
 * smalloc.trim()
 * smalloc.memoryUsage().cached // 0, in a program without workers
 */
export function trim(): void

/**
 * The largest allocation, in bytes: `require('buffer').constants.MAX_LENGTH`.
 *
 * @example
 * const mostDoubles = Math.floor(smalloc.kMaxLength / 8)
 */
export const kMaxLength: number

/** An object that has elements of the type `T`, as fast as those of a typed array, and nothing else of its own. */
export interface External<T extends Type = 2> extends Elements<T> {
  /** The same as {@link dispose}; where the runtime has `Symbol.dispose`. */
  [Symbol.dispose](): void
}

/** A class of objects with elements of the type `T`. To be extended. */
export interface ExternalConstructor<T extends Type = 2> {
  /**
   * Makes an object with `length` elements, all 0 (0n for the types of BigInts). Its errors are those of {@link alloc}.
   *
   * @param length In elements: a number from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
   *
   * @example
   * class Samples extends smalloc.External.Float {
   *   constructor (readonly length: number) {
   *     super(length)
   *   }
   * }
   */
  new (length: number): External<T>
  readonly prototype: External<T>
}

/**
 * Classes of objects with elements, by the names of {@link Types}; `External` itself is that of Uint8.
 *
 * @example
 * class Matrix extends smalloc.External.Double {
 *   constructor (readonly rows: number, readonly columns: number) {
 *     super(rows * columns)
 *   }
 * }
 */
export const External: ExternalConstructor & {
  readonly [Name in keyof typeof Types]: ExternalConstructor<(typeof Types)[Name]>
}

/**
 * Frees, in this call, the memory behind a Buffer, a typed array, a DataView or an ArrayBuffer that is not this package's:
 * what `fs`, `net` and `zlib` hand out. All its views have length 0 from then on. Once more does nothing.
 *
 * Free nothing that a stream or a socket still holds: not what is queued in `write`, before its callback.
 *
 * @param buffer It must own its whole ArrayBuffer. Of length 0 it stays as it is.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `buffer` is none of these.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `buffer` has a part of its ArrayBuffer only (a slice of Node's pool), shared or
 *   immutable memory, WebAssembly's, what is marked as untransferable, or an allocation's: use {@link dispose} for that.
 *   Nothing has changed.
 *
 * @example
 * socket.on('data', (chunk) => {
 *   count(chunk)
 *   smalloc.disposeBuffer(chunk.buffer)
 * })
 */
export function disposeBuffer(buffer: ArrayBufferView | ArrayBuffer): void

/**
 * Takes the memory off `obj` and returns it as an ArrayBuffer of exactly its bytes; `obj` is then as disposed. No byte is
 * copied, but on Node 20 those of a block of Rust's. Post it to another thread, which {@link adopt}s it.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `obj` is not an object.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `obj` is a slice, a Buffer, a typed array or a DataView; or its memory is marked
 *   as untransferable.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `obj` has no external array data.
 *
 * @example
 * const memory = smalloc.release(frame)
 * worker.postMessage(memory, [memory])
 */
export function release(obj: object): ArrayBuffer

/**
 * Makes the memory of `arrayBuffer` that of `receiver` (default: a new object), as elements of `type` (default: Uint8).
 * `arrayBuffer` is detached, no byte is copied, and {@link dispose} frees the memory. After an error both are as they were.
 *
 * @param receiver As the receiver of {@link alloc}.
 * @returns `receiver`.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: an argument is of the wrong type.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `receiver` cannot take the data, `type` is none of {@link Types}, or
 *   `arrayBuffer` is detached, shared, resizable, immutable, WebAssembly's, marked as untransferable, or an allocation's.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `arrayBuffer` is no whole number of elements long.
 *
 * @example
 * parentPort.on('message', (memory) => {
 *   const frame = smalloc.adopt(memory)
 *   work(frame)
 *   smalloc.dispose(frame)
 * })
 */
export function adopt(arrayBuffer: ArrayBuffer): Bare
export function adopt<T extends Type>(arrayBuffer: ArrayBuffer, type: T): Bare<T>
export function adopt<T extends Type = 2>(arrayBuffer: ArrayBuffer, receiver: undefined, type?: T): Bare<T>
export function adopt<R extends object, T extends Type = 2>(arrayBuffer: ArrayBuffer, receiver: R, type?: T): R & Elements<T>

/** Allocations that were made at one place. */
export interface ReportedPlace {
  /** The first line of `stack`: `at readFrame (/app/frames.js:12:20)`. */
  readonly place: string
  readonly count: number
  readonly bytes: number
  /** Where the oldest was made: lines that begin with `at`. */
  readonly stack: string
}

/** What {@link report} returns; as a string, and in `console.log`, a text. */
export interface Report {
  /** Neither disposed nor collected, most bytes first. */
  readonly live: ReadonlyArray<ReportedPlace & { readonly oldestMs: number }>
  /** What the garbage collector took that nobody had disposed, since the thread started. */
  readonly undisposed: readonly ReportedPlace[]
  toString(): string
}

/**
 * The allocations of this thread that are not disposed, by place. Only with `SMALLOC_TRACE=1` in the environment.
 *
 * @throws Error `ERR_INVALID_STATE`: tracing is off.
 */
export function report(): Report
