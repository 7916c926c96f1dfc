import { alloc, External, Types, view } from 'smalloc'

export const halves: Float16Array = view(alloc(3, Types.Float16))
export const others: Float16Array<ArrayBuffer> = view(new External.Float16(3))
