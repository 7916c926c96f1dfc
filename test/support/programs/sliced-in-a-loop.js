'use strict'

// Allocates argv[2] blocks of 1 MiB in one job, slices each, and drops block and slice. Prints the peak of resident bytes.

const { alloc, sliceOnto, view } = require('../../..')

const MiB = 2 ** 20
for (let count = 0; count < Number(process.argv[2]); count++) {
  const source = alloc(MiB)
  view(source).fill(1)
  sliceOnto(source, {}, 0, count % 2 ? 1 : 1000)
}
console.log(JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024 }))
