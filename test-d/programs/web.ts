// What takes memory that is not shared: from TypeScript 5.7 on this needs Uint8Array<ArrayBuffer>.

import { alloc, Types, view } from 'smalloc'

const a = alloc(8)

export const buffer: ArrayBuffer = view(a).buffer
export const blob = new Blob([view(a), view(a, Types.Uint16)])
export const digest: Promise<ArrayBuffer> = crypto.subtle.digest('SHA-1', view(a))
