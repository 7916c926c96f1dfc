'use strict'

// Loads the package in `folder`, on a system as `process` says it is, and prints the error.

const { folder, platform = process.platform, arch = process.arch, PATH = process.env.PATH } = JSON.parse(process.argv[2])
Object.defineProperties(process, { platform: { value: platform }, arch: { value: arch } })
process.env.PATH = PATH

try {
  require(folder)
  console.log(JSON.stringify({ loaded: true }))
} catch (error) {
  const { message, code, cause } = error
  console.log(JSON.stringify({ message, code, cause: cause?.message }))
}
