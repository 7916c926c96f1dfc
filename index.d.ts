/**
 * Raw memory for JavaScript objects, outside the engine's heap, given back the moment you say so.
 */

declare global {
  interface SymbolConstructor {
    // As in TypeScript's lib.esnext.disposable; where that is not loaded, the members below would not compile.
    readonly dispose: unique symbol
  }
}

/** The type of elements; one of {@link Types}. */
export type Type = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9

/** The types of elements, with the numbers that Node 0.12 gave them. Frozen. */
export const Types: {
  readonly Int8: 1
  readonly Uint8: 2
  readonly Int16: 3
  readonly Uint16: 4
  readonly Int32: 5
  readonly Uint32: 6
  readonly Float: 7
  readonly Double: 8
  readonly Uint8Clamped: 9
}

/** The typed array whose elements have the type `T`. */
export type TypedArrayOf<T extends Type> =
  T extends 1 ? Int8Array :
  T extends 2 ? Uint8Array :
  T extends 3 ? Int16Array :
  T extends 4 ? Uint16Array :
  T extends 5 ? Int32Array :
  T extends 6 ? Uint32Array :
  T extends 7 ? Float32Array :
  T extends 8 ? Float64Array :
  Uint8ClampedArray

/** Any typed array, a Buffer included. */
export type AnyTypedArray =
  | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array
  | Float32Array | Float64Array | Uint8ClampedArray | BigInt64Array | BigUint64Array

declare const elementType: unique symbol

/** What an allocation adds to an object: elements by number, of the type `T`. */
export interface Elements<T extends Type = 2> {
  [index: number]: number
  /** For the compiler only; there is no such property. */
  readonly [elementType]?: T
}

/** What `alloc(length)` returns: an object that has elements and looks like a plain one otherwise. */
export interface Bare<T extends Type = 2> extends Elements<T> {
  /** The same as {@link dispose}; where the runtime has `Symbol.dispose`. */
  [Symbol.dispose](): void
}

/**
 * Gives `receiver` (default: a new object) external array data: `length` elements of `type` (default: Uint8), all 0.
 *
 * The memory belongs to the receiver. It comes back with {@link dispose}, or when the collector takes the receiver and
 * all views and slices of it.
 *
 * @param length In elements: a number from 0 to `kMaxLength` divided by the size of an element. A fraction is dropped.
 * @param receiver An object or function that is extensible, is no Array, and has no external array data. Its own indexed
 *   properties are replaced.
 * @returns `receiver`.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: an argument is of the wrong type.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `receiver` cannot take the data, or `type` is none of {@link Types}.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `length` is NaN, negative, infinite or too large.
 * @throws RangeError `ERR_MEMORY_ALLOCATION_FAILED`: there is no memory. The receiver is as it was.
 */
export function alloc(length: number): Bare
export function alloc<T extends Type>(length: number, type: T): Bare<T>
export function alloc<T extends Type = 2>(length: number, receiver: undefined, type?: T): Bare<T>
export function alloc<R extends object, T extends Type = 2>(length: number, receiver: R, type?: T): R & Elements<T>

/**
 * The same as {@link alloc}, with memory that may not be zeroed: it may hold what this process has left there.
 */
export function allocUnsafe(length: number): Bare
export function allocUnsafe<T extends Type>(length: number, type: T): Bare<T>
export function allocUnsafe<T extends Type = 2>(length: number, receiver: undefined, type?: T): Bare<T>
export function allocUnsafe<R extends object, T extends Type = 2>(length: number, receiver: R, type?: T): R & Elements<T>

/**
 * Copies the bytes of `copyLength` elements of `source` to `dest`. Both are allocations, External objects, Buffers or
 * typed arrays. The two may overlap.
 *
 * @param sourceStart In elements of `source`.
 * @param destStart In elements of `dest`.
 * @param copyLength In elements of `source`; their bytes must fit into `dest` after `destStart`.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `source` or `dest` has no external array data.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `source` or `dest` is not an object, a start or the length is not a number.
 * @throws RangeError `ERR_OUT_OF_RANGE`: a start or the length is NaN, negative, infinite or too large.
 */
export function copyOnto(
  source: object, sourceStart: number, dest: object, destStart: number, copyLength: number
): void

/**
 * Frees the memory of `obj` in this call. Its elements are gone, its views and slices have length 0, and a receiver is
 * otherwise what it was before. A slice only lets go of its source's memory. Once more does nothing.
 *
 * Do not dispose memory that an asynchronous operation still uses.
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `obj` is not an object.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `obj` is a Buffer, a typed array (a {@link view} too) or a DataView; or its
 *   memory has been marked with `worker_threads.markAsUntransferable`, which forbids to detach it.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `obj` never had external array data.
 */
export function dispose(obj: object): void

/**
 * Whether `value` has external array data: true for allocations until they are disposed, for slices until they or their
 * source are, for Buffers and typed arrays. Never throws.
 */
export function hasExternalData(value: unknown): boolean

/**
 * A typed array over the memory of `obj`, of its type; of a Buffer, a Uint8Array. No copy: each sees what is written
 * through the other. When `obj` is disposed its length becomes 0.
 *
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `obj` has no external array data.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: `obj` is not an object.
 */
export function view<A extends AnyTypedArray>(obj: A): Extract<AnyTypedArray, Pick<A, typeof Symbol.toStringTag>>
export function view<T extends Type>(obj: Elements<T>): TypedArrayOf<T>
export function view(obj: object): AnyTypedArray

/**
 * Gives `dest` the elements of `source` from `start` up to `end`: the same memory, the same type. Disposing `source`
 * takes them away from `dest`; disposing `dest` leaves `source`.
 *
 * @param dest As the receiver of {@link alloc}.
 * @param start In elements. Default: 0.
 * @param end In elements, not included. Default: the length of `source`.
 * @returns `source`.
 * @throws Error `ERR_NO_EXTERNAL_DATA`: `source` has no external array data.
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: an argument is of the wrong type.
 * @throws TypeError `ERR_INVALID_ARG_VALUE`: `dest` cannot take the data.
 * @throws RangeError `ERR_OUT_OF_RANGE`: `start` or `end` is NaN, negative, infinite or too large, or `start` is past `end`.
 */
export function sliceOnto<S extends object>(source: S, dest: object, start?: number, end?: number): S

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
 */
export const kMaxLength: number

/** An object that has elements of the type `T`, as fast as those of a typed array, and nothing else of its own. */
export interface External<T extends Type = 2> extends Elements<T> {
  /** The same as {@link dispose}; where the runtime has `Symbol.dispose`. */
  [Symbol.dispose](): void
}

/** Makes objects with `length` elements, all 0; see {@link alloc} for the errors. To be extended. */
export interface ExternalConstructor<T extends Type = 2> {
  new (length: number): External<T>
  readonly prototype: External<T>
}

/** {@link ExternalConstructor} for Uint8, with those for all types. */
export const External: ExternalConstructor & {
  readonly Int8: ExternalConstructor<1>
  readonly Uint8: ExternalConstructor<2>
  readonly Int16: ExternalConstructor<3>
  readonly Uint16: ExternalConstructor<4>
  readonly Int32: ExternalConstructor<5>
  readonly Uint32: ExternalConstructor<6>
  readonly Float: ExternalConstructor<7>
  readonly Double: ExternalConstructor<8>
  readonly Uint8Clamped: ExternalConstructor<9>
}

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
