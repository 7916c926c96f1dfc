import smalloc = require('smalloc')

class SimpleData extends smalloc.External {
  readonly length: number
  constructor (n: number) {
    super(n)
    this.length = n
  }
}

// A class that allocates on itself declares its elements.
interface Matrix extends smalloc.Elements<typeof smalloc.Types.Uint32> {}
class Matrix {
  constructor (readonly rows: number, columns: number) {
    smalloc.alloc(rows * columns, this, smalloc.Types.Uint32)
  }

  sum (): number {
    return smalloc.view(this).reduce((sum, element) => sum + element, 0)
  }
}

const data = new SimpleData(3)
const doubles: Float64Array = smalloc.view(smalloc.alloc(3, { name: 'd' }, smalloc.Types.Double))
const matrix = new Matrix(2, 3)
const sum: number = data[0] + doubles[0] + smalloc.alloc(3, (n: number) => n)(data.length) + matrix[0] + matrix.sum()
const big: bigint = smalloc.alloc(3, smalloc.Types.BigInt64)[0]
const buffer: ArrayBuffer = smalloc.view(smalloc.alloc(8)).buffer
smalloc.copyOnto(matrix, 0, new Uint8Array(24), 0, 6)
smalloc.dispose(data)
const moved: Float64Array = smalloc.view(smalloc.adopt(smalloc.release(smalloc.alloc(8)), { name: 'm' }, smalloc.Types.Double))
smalloc.disposeBuffer(new Uint8Array(3))
smalloc.dispose(matrix)

export { sum, big, buffer, moved }
