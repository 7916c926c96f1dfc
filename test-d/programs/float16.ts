import { alloc, External, Types, view } from 'smalloc'

const halves: Float16Array = view(alloc(3, Types.Float16))
const others: Float16Array<ArrayBuffer> = view(new External.Float16(3))

export { halves, others }
