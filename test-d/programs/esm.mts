import smalloc, { alloc, type Bare } from 'smalloc'

class SimpleData extends smalloc.External {
  readonly length: number
  constructor (n: number) {
    super(n)
    this.length = n
  }
}

const data: Bare = alloc(new SimpleData(3).length)
data[Symbol.dispose]()
