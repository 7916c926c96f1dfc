'use strict'

const zlib = require('node:zlib')
const { called, collect, encoded, given, lazily, something, large, text } = require('../tools')

/** By method: what it takes. */
const methods = {
  gzip: () => something,
  deflate: () => something,
  deflateRaw: () => something,
  brotliCompress: () => something,
  zstdCompress: () => something,
  gunzip: lazily(() => encoded(zlib.gzipSync)),
  unzip: lazily(() => encoded(zlib.gzipSync)),
  inflate: lazily(() => encoded(zlib.deflateSync)),
  inflateRaw: lazily(() => encoded(zlib.deflateRawSync)),
  brotliDecompress: lazily(() => encoded(zlib.brotliCompressSync)),
  zstdDecompress: lazily(() => encoded(zlib.zstdCompressSync))
}

const calls = {}
for (const [name, bytes] of Object.entries(methods)) {
  const create = `create${name[0].toUpperCase()}${name.slice(1)}`
  calls[`zlib.${name}Sync(a)`] = given(bytes, (a) => zlib[`${name}Sync`](a))
  calls[`zlib.${name}(a, callback)`] = given(bytes, (a) => called((done) => zlib[name](a, done)))
  calls[`zlib.${create}().end(a)`] = given(bytes, (a) => collect(zlib[create]().end(a)))
}

const dictionary = text('smalloc '.repeat(8))
/** A ZIP archive with one file, whose name makes it as long as a multiple of 8. */
const archive = lazily(() => encoded((bytes) => {
  const entry = zlib.ZipEntry.createSync(`n${'a'.repeat(bytes.length % 16)}`, something)
  return Buffer.concat([...zlib.createZipArchiveSync([entry])])
}))
const contentOf = (entries) => Array.from(entries, (entry) => entry.contentSync())

module.exports = {
  modules: { zlib },
  calls: {
    ...calls,
    'zlib.gzipSync(a) of 200 KiB': given(large, (a) => zlib.gzipSync(a)),
    'zlib.createGzip().end(a) of 200 KiB': given(large, (a) => collect(zlib.createGzip().end(a))),
    'zlib.deflateSync({ dictionary: a })': given(dictionary, (a) => zlib.deflateSync(dictionary, { dictionary: a })),
    'zlib.inflateSync({ dictionary: a })': given(
      dictionary, (a) => zlib.inflateSync(zlib.deflateSync(dictionary, { dictionary }), { dictionary: a })),
    'zlib.zstdCompressSync({ dictionary: a })': given(dictionary, (a) => zlib.zstdCompressSync(dictionary, { dictionary: a })),
    'zlib.ZipEntry.createSync(name, a)': (a) => zlib.ZipEntry.createSync('name', a).contentSync(),
    'zlib.ZipEntry.create(name, a)': async (a) => (await zlib.ZipEntry.create('name', a)).contentSync(),
    'zlib.ZipEntry.read(a)': given(archive, (a) => contentOf(zlib.ZipEntry.read(a))),
    'zlib.ZipBuffer(a)': given(archive, (a) => contentOf(new zlib.ZipBuffer(a).values())),
    'zlib.crc32(a)': (a) => zlib.crc32(a)
  },
  takesNoView: {
    zlib: `BrotliCompress BrotliDecompress Deflate DeflateRaw Gunzip Gzip Inflate InflateRaw Unzip ZipFile ZstdCompress ZstdDecompress
      createZipArchive createZipArchiveSync getMaxZipContentSize setMaxZipContentSize zipFiles`
  }
}
