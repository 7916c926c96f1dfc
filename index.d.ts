/**
 * Raw memory for JavaScript objects, outside the engine's heap, freed the moment you say so.
 *
 * {@link alloc} gives an object elements, {@link view} returns a typed array over them, and {@link dispose} frees the memory.
 * Lengths and positions are in elements unless the text says bytes. Every function checks all arguments first: a call that
 * throws has changed nothing, but `dispose` and `disposeBuffer` free the memory even if a trap of a Proxy throws. Each error that
 * this package makes has a `code`.
 *
 * @packageDocumentation
 */

declare global {
  interface SymbolConstructor {
    // The same as in TypeScript's lib.esnext.disposable. Without that library the members below would not compile.
    readonly dispose: unique symbol
  }

  // Stays empty if the program's libraries have no Float16Array: see Float16Array_.
  interface Float16ArrayConstructor {}
}

/**
 * The number of an element type: a value of {@link Types}.
 *
 * @example
 * const type: Type = Types.Double
 */
export type Type = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12

/**
 * The numbers of the element types, by name. The numbers up to 9 are those of Node 0.12.
 *
 * The object is frozen. Reading a name that it does not have throws a TypeError if the name begins with a capital letter or
 * looks like a type (`uint8`), because `undefined` would mean Uint8. To ask for a name, use `'Float16' in Types`.
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
   * Floating-point numbers of 32 bits, 4 bytes each: about 7 digits, up to 3.4e38. A write rounds to the nearest number.
   *
   * @example
   * const a = alloc(1, Types.Float)
   * a[0] = 0.1 // reads 0.10000000149011612
   */
  readonly Float: 7
  /**
   * Another name for {@link Types.Float}.
   *
   * @example
   * const points = alloc(3 * 1000, Types.Float32)
   */
  readonly Float32: 7
  /**
   * Floating-point numbers of 64 bits, 8 bytes each. Every JavaScript number is stored unchanged.
   *
   * @example
   * const a = alloc(1, Types.Double)
   * a[0] = 0.1 // reads 0.1
   */
  readonly Double: 8
  /**
   * Another name for {@link Types.Double}.
   *
   * @example
   * const sums = alloc(1000, Types.Float64)
   */
  readonly Float64: 8
  /**
   * Whole numbers from 0 to 255, 1 byte each. A write rounds to the nearest, and numbers outside become 0 or 255, as for pixels.
   *
   * @example
   * const pixels = alloc(4 * 640 * 480, Types.Uint8Clamped)
   * pixels[0] = 300 // reads 255
   */
  readonly Uint8Clamped: 9
  /**
   * BigInts from -(2n ** 63n) to 2n ** 63n - 1n, 8 bytes each. A write keeps the lowest 64 bits. Writing a number throws a
   * TypeError.
   *
   * @example
   * const a = alloc(1, Types.BigInt64)
   * a[0] = -1n
   */
  readonly BigInt64: 10
  /**
   * BigInts from 0n to 2n ** 64n - 1n, 8 bytes each. A write keeps the lowest 64 bits. Writing a number throws a TypeError.
   *
   * @example
   * const stamps = alloc(1000, Types.BigUint64)
   * stamps[0] = process.hrtime.bigint()
   */
  readonly BigUint64: 11
} & Float16Type

type Float16Type = Float16ArrayConstructor extends { readonly BYTES_PER_ELEMENT: number } ? {
  /**
   * Floating-point numbers of 16 bits, 2 bytes each: about 3 digits, up to 65,504. A write rounds to the nearest number.
   *
   * It exists if the runtime has Float16Array (Node 24 and later). On other runtimes `'Float16' in Types` is false, and reading
   * it throws a TypeError. For the compiler it exists if the program's libraries have Float16Array (`"lib": ["esnext"]`).
   *
   * @example
   * const weights = alloc(1000, 'Float16' in Types ? Types.Float16 : Types.Float)
   */
  readonly Float16: 12
} : {}

// From TypeScript 5.7 on typed arrays are generic, and `of` returns Uint8Array<ArrayBuffer>. Before, it returns Uint8Array.
// So the return type of `of` is a typed array over an ArrayBuffer in every version.
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

/**
 * Any typed array, also a Buffer, over an ArrayBuffer or a SharedArrayBuffer.
 *
 * @example
 * const source: AnyTypedArray = Buffer.from('hello')
 */
export type AnyTypedArray =
  | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array
  | Float32Array | Float64Array | Uint8ClampedArray | BigInt64Array | BigUint64Array | Float16Array_

/**
 * The element type of a typed array, as a number of {@link Types}.
 *
 * @example
 * const type: TypeOf<Float64Array> = Types.Double
 */
export type TypeOf<A extends AnyTypedArray> =
  A extends Tagged<'Int8'> ? 1 : A extends Tagged<'Uint8'> ? 2 : A extends Tagged<'Int16'> ? 3 :
  A extends Tagged<'Uint16'> ? 4 : A extends Tagged<'Int32'> ? 5 : A extends Tagged<'Uint32'> ? 6 :
  A extends Tagged<'Float32'> ? 7 : A extends Tagged<'Float64'> ? 8 : A extends Tagged<'Uint8Clamped'> ? 9 :
  A extends Tagged<'BigInt64'> ? 10 : A extends Tagged<'BigUint64'> ? 11 : 12

type Tagged<Name extends string> = { readonly [Symbol.toStringTag]: `${Name}Array` }

/** The typed array of AnyTypedArray whose elements have the type `T`. Its buffer may be a SharedArrayBuffer. */
type AnyTypedArrayOf<T extends Type> = Extract<AnyTypedArray, Pick<TypedArrayOf<T>, typeof Symbol.toStringTag & keyof TypedArrayOf<T>>>

declare const elementType: unique symbol

/**
 * What an allocation adds to an object: numbered elements of the type `T`.
 *
 * There is no `length`, and the object cannot be iterated. Keep the length yourself, or use {@link view}.
 *
 * @example
 * // A class that allocates its own elements declares them for the compiler:
 * interface Matrix extends smalloc.Elements<typeof smalloc.Types.Uint32> {}
 * class Matrix {
 *   constructor (rows: number, columns: number) {
 *     smalloc.alloc(rows * columns, this, smalloc.Types.Uint32)
 *   }
 * }
 */
export interface Elements<T extends Type = 2> {
  [index: number]: T extends 10 | 11 ? bigint : number
  /** For the compiler only. No object has this property. */
  readonly [elementType]: T
}

/**
 * A value that has external array data: an allocation, an External object, a slice, a Buffer or a typed array.
 *
 * @example
 * const sources: Source[] = [alloc(4), Buffer.from('abc'), new Float64Array(2)]
 */
export type Source = Elements<Type> | AnyTypedArray

/**
 * A value that can get elements: an object or a function. Arrays, typed arrays, Buffers and their constructors cannot. (Instead
 * of `alloc(3, Float32Array)` write `alloc(3, Types.Float)`.)
 *
 * @example
 * const receiver: Receiver = { name: 'p' }
 */
export type Receiver = object & { readonly BYTES_PER_ELEMENT?: undefined, readonly copyWithin?: undefined }

/**
 * What `alloc(length)` returns: an object that has elements and otherwise looks like a plain object.
 *
 * @example
 * const frame: Bare = alloc(1024)
 */
export interface Bare<T extends Type = 2> extends Elements<T> {
  /**
   * The same as {@link dispose}. It exists if the runtime has `Symbol.dispose`.
   *
   * @example
   * {
   *   using frame = alloc(1024)
   * } // frame is disposed here
   */
  [Symbol.dispose](): void
}

/**
 * Makes a new object with `length` elements of Uint8, all 0.
 *
 * The memory belongs to the object. It is freed by {@link dispose}, or when the garbage collector has taken the object and all
 * of its views and slices.
 *
 * @param length The number of elements, from 0 to `kMaxLength`. A fraction is dropped.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `length` is not a number.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `length` is NaN, negative, infinite or too large.
 * @throws RangeError `ERR_MEMORY_ALLOCATION_FAILED`: the system has no memory for it.
 *
 * @example
 * const frame = smalloc.alloc(16 * 1024 * 1024)
 * for (const byte of smalloc.view(frame)) console.log(byte)
 * smalloc.dispose(frame)
 */
export function alloc(length: number): Bare
/**
 * Makes a new object with `length` elements of `type`, all 0 (0n for the BigInt types).
 *
 * The memory belongs to the object. It is freed by {@link dispose}, or when the garbage collector has taken the object and all
 * of its views and slices.
 *
 * @param length The number of elements, from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
 * @param type The element type, one of {@link Types}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `length` is not a number.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `type` is not one of {@link Types}.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `length` is NaN, negative, infinite or too large.
 * @throws RangeError `ERR_MEMORY_ALLOCATION_FAILED`: the system has no memory for it.
 *
 * @example
 * const doubles = smalloc.alloc(3, smalloc.Types.Double)
 * doubles[0] = 0.5
 */
export function alloc<T extends Type>(length: number, type: T): Bare<T>
/**
 * Does the same as `alloc(length, type)`.
 *
 * The memory belongs to the new object, as with `alloc(length)`.
 *
 * @param length The number of elements, from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
 * @param receiver `undefined` stands for a new object.
 * @param type The element type, one of {@link Types}. Default: `Types.Uint8`.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: an argument is of the wrong type.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `type` is not one of {@link Types}.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `length` is NaN, negative, infinite or too large.
 * @throws RangeError `ERR_MEMORY_ALLOCATION_FAILED`: the system has no memory for it.
 *
 * @example
 * const words = smalloc.alloc(3, undefined, smalloc.Types.Int16)
 */
export function alloc<T extends Type = 2>(length: number, receiver: undefined, type?: T): Bare<T>
/**
 * Gives `receiver` external array data: `length` elements of `type`, all 0 (0n for the BigInt types).
 *
 * The receiver otherwise stays what it is. In a hot loop its elements are about 50 times slower than those of `alloc(length)`
 * and of {@link External}.
 *
 * The memory belongs to the receiver. It is freed by {@link dispose}, or when the garbage collector has taken the receiver and
 * all of its views and slices.
 *
 * @param length The number of elements, from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
 * @param receiver An object or a function. It must be extensible, must not be an Array, and must have no external array data.
 *   The elements replace its own indexed properties.
 * @param type The element type, one of {@link Types}. Default: `Types.Uint8`.
 * @returns `receiver`.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: an argument is of the wrong type.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `receiver` cannot take the data, or `type` is not one of {@link Types}.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `length` is NaN, negative, infinite or too large.
 * @throws RangeError `ERR_MEMORY_ALLOCATION_FAILED`: the system has no memory for it. The receiver is as it was.
 *
 * @example
 * const point = smalloc.alloc(2, { name: 'p' }, smalloc.Types.Double)
 * point[0] = 0.5
 */
export function alloc<R extends Receiver, T extends Type = 2>(length: number, receiver: R, type?: T): R & Elements<T>
/**
 * Does what the others do. For callers that pass on a type which may be undefined.
 *
 * @example
 * const make = (length: number, type?: Type) => smalloc.alloc(length, type)
 */
export function alloc<T extends Type>(length: number, type: T | undefined): Bare<T | 2>
/**
 * Does what the others do. For callers that pass on a receiver and a type, each of which may be undefined.
 *
 * @example
 * const make = <R extends Receiver>(length: number, receiver?: R, type?: Type) => smalloc.alloc(length, receiver, type)
 */
export function alloc<R extends Receiver, T extends Type = 2>(length: number, receiver: R | undefined, type?: T): (R & Elements<T>) | Bare<T>

/**
 * Does the same as `alloc(length)`, but the memory may not be zeroed. It may hold what this process has left there, never the
 * bytes of another process. Write all elements before you read or send them.
 *
 * The memory belongs to the object, as with {@link alloc}.
 *
 * @param length The number of elements, from 0 to `kMaxLength`. A fraction is dropped.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `length` is not a number.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `length` is NaN, negative, infinite or too large.
 * @throws RangeError `ERR_MEMORY_ALLOCATION_FAILED`: the system has no memory for it.
 *
 * @example
 * const chunk = smalloc.allocUnsafe(64 * 1024)
 * const byteLength = fs.readSync(fd, smalloc.view(chunk))
 */
export function allocUnsafe(length: number): Bare
/**
 * Does the same as `alloc(length, type)`, but the memory may not be zeroed. It may hold what this process has left there.
 *
 * @param length The number of elements, from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
 * @param type The element type, one of {@link Types}.
 * @throws The same errors as `alloc(length, type)`.
 *
 * @example
 * const samples = smalloc.allocUnsafe(44_100, smalloc.Types.Int16)
 */
export function allocUnsafe<T extends Type>(length: number, type: T): Bare<T>
/**
 * Does the same as `alloc(length, undefined, type)`, but the memory may not be zeroed. It may hold what this process has left
 * there.
 *
 * @param length The number of elements, from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
 * @param receiver `undefined` stands for a new object.
 * @param type The element type, one of {@link Types}. Default: `Types.Uint8`.
 * @throws The same errors as `alloc(length, undefined, type)`.
 *
 * @example
 * const words = smalloc.allocUnsafe(3, undefined, smalloc.Types.Int16)
 */
export function allocUnsafe<T extends Type = 2>(length: number, receiver: undefined, type?: T): Bare<T>
/**
 * Does the same as `alloc(length, receiver, type)`, but the memory may not be zeroed. It may hold what this process has left
 * there.
 *
 * @param length The number of elements, from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
 * @param receiver An object or a function. It must be extensible, must not be an Array, and must have no external array data.
 * @param type The element type, one of {@link Types}. Default: `Types.Uint8`.
 * @returns `receiver`.
 * @throws The same errors as `alloc(length, receiver, type)`. The receiver is then as it was.
 *
 * @example
 * const tile = smalloc.allocUnsafe(256 * 256, { x: 3, y: 4 })
 */
export function allocUnsafe<R extends Receiver, T extends Type = 2>(length: number, receiver: R, type?: T): R & Elements<T>
/**
 * Does what the others do. For callers that pass on a type which may be undefined.
 *
 * @example
 * const make = (length: number, type?: Type) => smalloc.allocUnsafe(length, type)
 */
export function allocUnsafe<T extends Type>(length: number, type: T | undefined): Bare<T | 2>
/**
 * Does what the others do. For callers that pass on a receiver and a type, each of which may be undefined.
 *
 * @example
 * const make = <R extends Receiver>(length: number, receiver?: R, type?: Type) => smalloc.allocUnsafe(length, receiver, type)
 */
export function allocUnsafe<R extends Receiver, T extends Type = 2>(length: number, receiver: R | undefined, type?: T): (R & Elements<T>) | Bare<T>

/**
 * Copies `copyLength` elements of `source` to `dest`. The bytes are copied as they are, without conversion between types. The
 * two may overlap. No argument is optional.
 *
 * @param source What the bytes are copied from. Of a Buffer or typed array only its own part of the ArrayBuffer is used.
 * @param sourceStart The first element to copy, in elements of `source`: from 0 to the length of `source`.
 * @param dest What the bytes are copied to. It keeps its own type.
 * @param destStart The first element to write, in elements of `dest`: from 0 to the length of `dest`.
 * @param copyLength The number of elements to copy, in elements of `source`: 0 or more. They must lie in `source`, and their
 *   bytes must fit into `dest`.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `source` or `dest` has no external array data.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `source` or `dest` is not an object, or a start or the length is not a number.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `dest` has an immutable ArrayBuffer.
 * @throws RangeError `ERR_OUT_OF_RANGE`: a start or the length is NaN, negative, infinite or too large.
 *
 * @example
 * const greeting = smalloc.alloc(5)
 * smalloc.copyOnto(Buffer.from('hello'), 0, greeting, 0, 5)
 */
export function copyOnto(
  source: Source, sourceStart: number, dest: Source, destStart: number, copyLength: number
): void

/**
 * Frees the memory of `obj` in this call.
 *
 * Afterwards `obj` has no elements, and its views and slices have length 0. A receiver is otherwise what it was before `alloc`.
 * If `obj` is a slice, its elements are gone, but the source keeps the memory. A second call does nothing.
 *
 * Do not dispose memory that an asynchronous operation still uses: its bytes may then belong to another allocation.
 *
 * @param obj An allocation, an External object or a slice. A class that calls `alloc(length, this)` declares its
 *   {@link Elements}.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `obj` is not an object.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `obj` is a Buffer, a typed array (also what {@link view} returns) or a DataView.
 *   Or its memory has been marked with `worker_threads.markAsUntransferable`, so that it cannot be detached. (Node 20 and 22
 *   detach and free it all the same, unless it was adopted.)
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `obj` never had external array data.
 *
 * @example
 * const frame = smalloc.alloc(16 * 1024 * 1024)
 * socket.write(smalloc.view(frame), () => smalloc.dispose(frame))
 */
export function dispose(obj: Elements<Type>): void

/**
 * Tells whether `value` has external array data. Never throws.
 *
 * It is true of an allocation until that is disposed, of a slice until the slice or its source is disposed, and of Buffers and
 * typed arrays.
 *
 * @example
 * const a = smalloc.alloc(3)
 * smalloc.hasExternalData(a) // true
 * smalloc.dispose(a)
 * smalloc.hasExternalData(a) // false
 */
export function hasExternalData(value: unknown): boolean

/**
 * Returns a typed array over the memory of an allocation, of the same type. Nothing is copied: each sees what is written
 * through the other.
 *
 * The memory still belongs to the allocation. If the allocation is disposed, the length of the view becomes 0. As long as the
 * view exists, the garbage collector does not free the memory.
 *
 * @param obj An allocation, an External object or a slice.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `obj` has no external array data.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `obj` is not an object.
 *
 * @example
 * const a = smalloc.alloc(3, smalloc.Types.Float)
 * for (const element of smalloc.view(a)) console.log(element)
 */
export function view<T extends Type>(obj: Elements<T>, type?: undefined): TypedArrayOf<T>
/**
 * Returns another typed array over the elements of a typed array. Of a Buffer it returns a Uint8Array. Nothing is copied, and
 * the memory still belongs to `obj`.
 *
 * @throws Error `ERR_NO_EXTERNAL_DATA`: the memory of `obj` was transferred.
 *
 * @example
 * smalloc.view(Buffer.from('abc')) // Uint8Array(3) [ 97, 98, 99 ]
 */
export function view<A extends AnyTypedArray>(obj: A, type?: undefined): Extract<AnyTypedArray, Pick<A, typeof Symbol.toStringTag & keyof A>>
/**
 * Returns a typed array of another type over the memory of an allocation. It covers all bytes of `obj`. Nothing is copied, and
 * the memory still belongs to the allocation.
 *
 * @param obj An allocation, an External object or a slice.
 * @param type The element type of the view, one of {@link Types}. The number of bytes of `obj` must be a multiple of its
 *   element size. So must be the byte at which `obj` starts in its ArrayBuffer, which matters for slices.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `obj` has no external array data.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `obj` is not an object, or `type` is not a number.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `type` is not one of {@link Types}.
 * @throws RangeError `ERR_OUT_OF_RANGE`: the bytes of `obj`, or where they start, are not a multiple of an element of `type`.
 *
 * @example
 * const a = smalloc.alloc(1, smalloc.Types.Double)
 * a[0] = 1
 * smalloc.view(a, smalloc.Types.Uint32)[1] // 1072693248
 */
export function view<T extends Type>(obj: Elements<Type>, type: T): TypedArrayOf<T>
/**
 * Returns a typed array of another type over the elements of a typed array or Buffer. Nothing is copied, and the memory still
 * belongs to `obj`.
 *
 * @param type The element type of the view, one of {@link Types}. The `byteLength` and the `byteOffset` of `obj` must be
 *   multiples of its element size.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: the memory of `obj` was transferred.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `type` is not a number.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `type` is not one of {@link Types}.
 * @throws RangeError `ERR_OUT_OF_RANGE`: the bytes of `obj`, or where they start, are not a multiple of an element of `type`.
 *
 * @example
 * smalloc.view(new Uint8Array(8), smalloc.Types.Uint32).length // 2
 */
export function view<T extends Type>(obj: AnyTypedArray, type: T): AnyTypedArrayOf<T>
/**
 * Does what the others do. For callers that pass on any {@link Source}, or a type which may be undefined.
 *
 * @example
 * const bytesOf = (source: Source) => smalloc.view(source).byteLength
 */
export function view(obj: Source, type?: Type): AnyTypedArray

/**
 * Gives `dest` the elements of an allocation from `start` up to `end`, with the same memory and the same type. Nothing is copied.
 *
 * The memory still belongs to `source`. If `source` is disposed, `dest` has no elements any more. If `dest` is disposed,
 * `source` stays as it is.
 *
 * @param source An allocation, an External object or a slice.
 * @param dest The object or function that gets the elements. The rules for the receiver of {@link alloc} hold.
 * @param start The first element, from 0 to the length of `source`. Default: 0.
 * @param end The element after the last one, from `start` to the length of `source`. Default: the length of `source`.
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
 * Gives `dest` the elements of a Buffer or typed array from `start` up to `end`, with the same memory and the same type. Nothing
 * is copied.
 *
 * The memory still belongs to `source`, and disposing `dest` leaves `source` as it is.
 *
 * @param source A Buffer or a typed array.
 * @param dest The object or function that gets the elements. The rules for the receiver of {@link alloc} hold.
 * @param start The first element, from 0 to the length of `source`. Default: 0.
 * @param end The element after the last one, from `start` to the length of `source`. Default: the length of `source`.
 * @returns `dest`.
 * @throws The same errors as with an allocation as `source`.
 *
 * @example
 * const doubles = smalloc.sliceOnto(new Float64Array(8), { name: 'd' }, 4)
 */
export function sliceOnto<D extends Receiver, A extends AnyTypedArray>(
  source: A, dest: D, start?: number, end?: number
): D & Elements<TypeOf<A>>
/**
 * Does what the others do. For callers that pass on any {@link Source}.
 *
 * @example
 * const headOf = (source: Source) => smalloc.sliceOnto(source, {}, 0, 16)
 */
export function sliceOnto<D extends Receiver>(source: Source, dest: D, start?: number, end?: number): D & Elements<Type>

/**
 * Tells how much memory this package has in this process, on all threads.
 *
 * - `blocks`: the number of blocks that allocations hold. A block is memory that the Rust part of this package owns.
 * - `bytes`: the bytes of these blocks. Allocations in engine memory (below 128 KiB, in workers, with
 *   `SMALLOC_ENGINE_MEMORY=1`) are not included. `process.memoryUsage().arrayBuffers` includes them, together with all other
 *   ArrayBuffers.
 * - `cached`: the bytes that were disposed and wait for the next allocation, in blocks and in engine memory. Each thread reports
 *   its part after 4 MiB of change and every 0.4 s. So the part of other threads may be a little out of date.
 *
 * @example
 * const { blocks, bytes, cached } = smalloc.memoryUsage()
 */
export function memoryUsage(): { blocks: number, bytes: number, cached: number }

/**
 * Returns memory that waits for the next allocation to the system now: what waits on this thread, and the free blocks of all
 * threads. For a process that is short of memory, or idle from now on.
 *
 * Without this call such memory goes back about two seconds after its last use.
 *
 * @example
 * smalloc.trim()
 * smalloc.memoryUsage().cached // 0, in a program without workers
 */
export function trim(): void

/**
 * The largest allocation, in bytes. It is the same number as `require('buffer').constants.MAX_LENGTH`.
 *
 * @example
 * const mostDoubles = Math.floor(smalloc.kMaxLength / 8)
 */
export const kMaxLength: number

/**
 * An object that has elements of the type `T` and no other properties of its own. The elements are as fast as those of a typed
 * array.
 *
 * @example
 * const bytes: External = new smalloc.External(1024)
 */
export interface External<T extends Type = 2> extends Elements<T> {
  /**
   * The same as {@link dispose}. It exists if the runtime has `Symbol.dispose`.
   *
   * @example
   * {
   *   using bytes = new smalloc.External(1024)
   * } // bytes is disposed here
   */
  [Symbol.dispose](): void
}

/**
 * A class whose instances have elements of the type `T`. It is made to be extended.
 *
 * @example
 * const Floats: ExternalConstructor<typeof Types.Float> = smalloc.External.Float
 */
export interface ExternalConstructor<T extends Type = 2> {
  /**
   * Makes an object with `length` elements, all 0 (0n for the BigInt types).
   *
   * The memory belongs to the object. It is freed by {@link dispose}, or when the garbage collector has taken the object and all
   * of its views and slices.
   *
   * @param length The number of elements, from 0 to `kMaxLength` divided by the bytes of an element. A fraction is dropped.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`: `length` is not a number.
   * @throws RangeError `ERR_OUT_OF_RANGE`: `length` is NaN, negative, infinite or too large.
   * @throws RangeError `ERR_MEMORY_ALLOCATION_FAILED`: the system has no memory for it.
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
 * The class of objects with elements of Uint8. Its properties are the classes for the other types, by the names of
 * {@link Types}. Without `new` each throws a TypeError.
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
 * Frees, in this call, the memory of a Buffer, typed array, DataView or ArrayBuffer that is not an allocation of this package:
 * for example what `fs`, `net` and `zlib` return. All its views then have length 0. A second call does nothing.
 *
 * Do not free memory that a stream or a socket still uses. What `write` has queued is in use until its callback is called.
 *
 * @param buffer It must cover its whole ArrayBuffer. If that has length 0, nothing happens.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `buffer` is none of these.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `buffer` is only a part of its ArrayBuffer, as a slice of Node's pool is. Or its
 *   memory is shared, immutable, WebAssembly's, marked as untransferable, or an allocation's (use {@link dispose} for that).
 *
 * @example
 * socket.on('data', (chunk) => {
 *   count(chunk)
 *   smalloc.disposeBuffer(chunk.buffer) // only for a net.Socket: for TLS and HTTP/2 pass the chunk itself
 * })
 */
export function disposeBuffer(buffer: ArrayBufferView | ArrayBufferLike): void

/**
 * Takes the memory away from `obj`, and returns it as an ArrayBuffer of exactly its bytes. `obj` is then disposed: it has no
 * elements, and its views and slices have length 0.
 *
 * The memory belongs to the ArrayBuffer from then on. Post that to another thread, which calls {@link adopt}. No byte is copied,
 * except on Node 20 if the memory is a block.
 *
 * @param obj An allocation or an External object.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `obj` is not an object.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `obj` is a slice, a Buffer, a typed array or a DataView. Or its memory is marked
 *   as untransferable.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `obj` has no external array data.
 * @throws RangeError `ERR_MEMORY_ALLOCATION_FAILED`: Node 20 must copy a block, and there is no memory. `obj` is as before.
 *
 * @example
 * const memory = smalloc.release(frame)
 * worker.postMessage(memory, [memory])
 */
export function release(obj: Elements<Type>): ArrayBuffer

/**
 * Makes a new object whose elements, of Uint8, are the bytes of `arrayBuffer`. No byte is copied.
 *
 * `arrayBuffer` is detached, and the memory belongs to the new object: {@link dispose} frees it.
 *
 * @param arrayBuffer The memory, for example what {@link release} has returned on another thread.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `arrayBuffer` is not an ArrayBuffer.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `arrayBuffer` is detached, shared, resizable, immutable, WebAssembly's, marked as
 *   untransferable, or an allocation's.
 *
 * @example
 * parentPort.on('message', (memory) => {
 *   const frame = smalloc.adopt(memory)
 *   work(frame)
 *   smalloc.dispose(frame)
 * })
 */
export function adopt(arrayBuffer: ArrayBuffer): Bare
/**
 * Does the same as `adopt(arrayBuffer)`, with elements of `type`.
 *
 * @param type The element type, one of {@link Types}.
 * @throws The same errors as `adopt(arrayBuffer)`.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `type` is not one of {@link Types}.
 * @throws RangeError `ERR_OUT_OF_RANGE`: the length of `arrayBuffer` is not a whole number of elements.
 *
 * @example
 * const samples = smalloc.adopt(memory, smalloc.Types.Float)
 */
export function adopt<T extends Type>(arrayBuffer: ArrayBuffer, type: T): Bare<T>
/**
 * Does the same as `adopt(arrayBuffer, type)`.
 *
 * @param receiver `undefined` stands for a new object.
 * @param type The element type, one of {@link Types}. Default: `Types.Uint8`.
 * @throws The same errors as `adopt(arrayBuffer, type)`.
 *
 * @example
 * const words = smalloc.adopt(memory, undefined, smalloc.Types.Int16)
 */
export function adopt<T extends Type = 2>(arrayBuffer: ArrayBuffer, receiver: undefined, type?: T): Bare<T>
/**
 * Gives `receiver` the memory of `arrayBuffer`, as elements of `type`. No byte is copied.
 *
 * `arrayBuffer` is detached, and the memory belongs to the receiver: {@link dispose} frees it. After an error both are as they
 * were.
 *
 * @param arrayBuffer The memory, for example what {@link release} has returned on another thread.
 * @param receiver The object or function that gets the elements. The rules for the receiver of {@link alloc} hold.
 * @param type The element type, one of {@link Types}. Default: `Types.Uint8`.
 * @returns `receiver`.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: an argument is of the wrong type.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `receiver` cannot take the data, `type` is not one of {@link Types}, or
 *   `arrayBuffer` is detached, shared, resizable, immutable, WebAssembly's, marked as untransferable, or an allocation's.
 * @throws RangeError `ERR_OUT_OF_RANGE`: the length of `arrayBuffer` is not a whole number of elements.
 *
 * @example
 * const tile = smalloc.adopt(memory, { x: 3, y: 4 })
 */
export function adopt<R extends Receiver, T extends Type = 2>(arrayBuffer: ArrayBuffer, receiver: R, type?: T): R & Elements<T>
/**
 * Does what the others do. For callers that pass on a type which may be undefined.
 *
 * @example
 * const make = (arrayBuffer: ArrayBuffer, type?: Type) => smalloc.adopt(arrayBuffer, type)
 */
export function adopt<T extends Type>(arrayBuffer: ArrayBuffer, type: T | undefined): Bare<T | 2>
/**
 * Does what the others do. For callers that pass on a receiver and a type, each of which may be undefined.
 *
 * @example
 * const make = <R extends Receiver>(arrayBuffer: ArrayBuffer, receiver?: R, type?: Type) => smalloc.adopt(arrayBuffer, receiver, type)
 */
export function adopt<R extends Receiver, T extends Type = 2>(arrayBuffer: ArrayBuffer, receiver: R | undefined, type?: T): (R & Elements<T>) | Bare<T>

/**
 * The allocations that were made at one place in the program.
 *
 * @example
 * for (const { place, bytes } of smalloc.report().live) console.log(place, bytes)
 */
export interface ReportedPlace {
  /** The first line of `stack`, for example `at readFrame (/app/frames.js:12:20)`. */
  readonly place: string
  /** The number of allocations. */
  readonly count: number
  /** The bytes of these allocations. */
  readonly bytes: number
  /** The stack that made the oldest of them: lines that begin with `at`. */
  readonly stack: string
}

/**
 * What {@link report} returns. `console.log` prints it as a text.
 *
 * @example
 * console.log(smalloc.report())
 */
export interface Report {
  /**
   * The allocations that are neither disposed nor collected. The place with the most bytes comes first. `oldestMs` is the age
   * of the oldest one, in milliseconds.
   */
  readonly live: ReadonlyArray<ReportedPlace & { readonly oldestMs: number }>
  /** The allocations that the garbage collector has taken since the thread started, and that nobody had disposed. */
  readonly undisposed: readonly ReportedPlace[]
  /** The report as a text. */
  toString(): string
}

/**
 * Returns the allocations of this thread that are not disposed, grouped by the place that made them. It needs `SMALLOC_TRACE=1`
 * in the environment.
 *
 * @throws Error `ERR_INVALID_STATE`: the environment has no `SMALLOC_TRACE=1`.
 *
 * @example
 * const { live } = smalloc.report()
 * if (live.length > 0) console.log('the most bytes are held', live[0].place)
 */
export function report(): Report
