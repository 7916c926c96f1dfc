import smalloc = require('smalloc')

class SimpleData extends smalloc.External {
  readonly length: number
  constructor (n: number) {
    super(n)
    this.length = n
  }
}

const data = new SimpleData(3)
const doubles: Float64Array = smalloc.view(smalloc.alloc(3, { name: 'd' }, smalloc.Types.Double))
const sum: number = data[0] + doubles[0] + smalloc.alloc(3, (n: number) => n)(data.length)
smalloc.dispose(data)

export { sum }
