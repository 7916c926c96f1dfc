import smalloc, { alloc, type Bare } from 'smalloc'

class Data extends smalloc.External {}

const bare: Bare = alloc(3)
bare[Symbol.dispose]()
new Data(3)[Symbol.dispose]()
