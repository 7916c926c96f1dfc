import { alloc, External } from 'smalloc'

export function sum (): number {
  using a = alloc(3)
  using b = new External.Double(3)
  return a[0] + b[0]
}
