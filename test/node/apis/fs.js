'use strict'

const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { hasExternalData } = require('../../..')
const { bytesOf } = require('../objects')
const { called, collect, room, something, somethingOf } = require('../tools')

const { promises } = fs
const head = Buffer.from('head')

/** What `write(fd)` returns, and the file then. */
const written = async (t, write) => {
  const { file, fd } = t.open()
  return [await write(fd), fs.readFileSync(file)]
}

const writtenByHandle = async (t, write) => {
  const { file, handle } = await t.openHandle()
  const { bytesWritten, buffer, buffers } = await write(handle) ?? {}
  return [bytesWritten, buffer, buffers, fs.readFileSync(file)]
}

/** `write(path)` of a file that has four bytes already. */
const changed = async (t, write) => {
  const file = t.file(head)
  return [await write(file), fs.readFileSync(file)]
}

const streamed = async (t, write, options) => {
  const file = t.file()
  const stream = fs.createWriteStream(file, options)
  const closed = new Promise((resolve, reject) => stream.on('close', resolve).on('error', reject))
  await once(stream, 'open')
  try {
    write(stream)
  } finally {
    if (!stream.writableEnded) stream.destroy()
  }
  await closed
  return fs.readFileSync(file)
}

const into = (run) => ({ bytes: room, run: (a, t) => run(a, t, t.open(something).fd) })
const intoHandle = (read) => ({
  bytes: room,
  run: async (a, t) => {
    const { bytesRead, buffer, buffers } = await read((await t.openHandle(something)).handle, a)
    return [bytesRead, buffer, buffers]
  }
})

/**
 * Paths may be given as bytes. `use(a, folder)` gets that of `name` in a folder with a file, a directory and a link; slashes
 * make it as long as `something`.
 */
const withPath = (use, name = 'x') => ({
  bytes: () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-path-'))
    fs.rmdirSync(folder)
    return Buffer.from(`${folder}${'/'.repeat(something.length - folder.length - 1)}${name}`)
  },
  run: async (a) => {
    const folder = path.dirname(Buffer.from(hasExternalData(a) ? bytesOf(a) : Object.values(a)).toString()).replace(/\/+$/, '')
    fs.mkdirSync(path.join(folder, 'd'), { recursive: true })
    fs.writeFileSync(path.join(folder, 'x'), head)
    fs.symlinkSync('x', path.join(folder, 's'))
    try {
      return await use(a, folder)
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  }
})

const stateOf = (folder) => fs.readdirSync(folder).sort().map((name) => {
  const { size, mode, atimeMs } = fs.lstatSync(path.join(folder, name))
  return [name, size === 4 ? [size, mode, atimeMs < 1e9] : size].join().replace(/^x\w{6},/, 'x......,')
})

/** The names of what is there for some of them; others take the file x. */
const namesFor = { mkdir: 'n', opendir: 'd', readdir: 'd', readlink: 's', rmdir: 'd' }

/** By name of a function that takes a path: the arguments after it. */
const pathFunctions = {
  access: [],
  appendFile: ['more'],
  chmod: [0o600],
  chown: [-1, -1],
  cp: ['*'],
  copyFile: ['*'],
  lchown: [-1, -1],
  link: ['*'],
  lstat: [],
  lutimes: [1, 1],
  mkdir: [],
  mkdtemp: [],
  open: [],
  opendir: [],
  readFile: [],
  readdir: [],
  readlink: ['buffer'],
  realpath: [],
  rename: ['*'],
  rm: [],
  rmdir: [],
  stat: [],
  statfs: [],
  symlink: ['*'],
  truncate: [2],
  unlink: [],
  utimes: [1, 1],
  writeFile: ['new']
}

const pathCalls = {}
for (const [name, rest] of Object.entries(pathFunctions)) {
  const argumentsIn = (folder) => rest.map((argument) => argument === '*' ? path.join(folder, 'y') : argument)
  /** What it returned, but for what differs from call to call. */
  const outcome = async (folder, value) => {
    if (value?.close !== undefined) await value.close()
    if (typeof value === 'number') fs.closeSync(value)
    const isPlain = Buffer.isBuffer(value) || typeof value !== 'object' || Array.isArray(value)
    return [isPlain && !['number', 'string'].includes(typeof value) ? value : typeof value, value?.size, stateOf(folder)]
  }
  pathCalls[`fs.${name}Sync(path a)`] = withPath(async (a, folder) => outcome(folder, fs[`${name}Sync`](a, ...argumentsIn(folder))), namesFor[name])
  pathCalls[`fs.${name}(path a)`] = withPath(async (a, folder) => outcome(folder, await called((done) => fs[name](a, ...argumentsIn(folder), done))), namesFor[name])
  if (promises[name] !== undefined) {
    pathCalls[`fs.promises.${name}(path a)`] = withPath(async (a, folder) => outcome(folder, await promises[name](a, ...argumentsIn(folder))), namesFor[name])
  }
}

module.exports = {
  modules: { fs, 'fs.promises': promises },
  calls: {
    ...pathCalls,
    'fs.existsSync(path a)': withPath((a) => fs.existsSync(a)),
    'fs.exists(path a)': withPath((a) => new Promise((resolve) => { fs.exists(a, resolve) })),
    'fs.createReadStream(path a)': withPath((a) => collect(fs.createReadStream(a))),
    'fs.createWriteStream(path a)': withPath(async (a, folder) => {
      const stream = fs.createWriteStream(a)
      await new Promise((resolve, reject) => stream.on('error', reject).end('written', resolve))
      return stateOf(folder)
    }),
    'fs.openAsBlob(path a)': withPath(async (a) => (await fs.openAsBlob(a)).size),
    'fs.openAsBlobSync(path a)': withPath((a) => fs.openAsBlobSync(a).size),
    'fs.watch(path a)': withPath((a) => fs.watch(a).close()),
    'fs.watchFile(path a)': withPath((a) => {
      const watcher = fs.watchFile(a, () => {})
      fs.unwatchFile(a)
      return typeof watcher
    }),
    'fs.unwatchFile(path a)': withPath((a) => fs.unwatchFile(a)),
    'fs.promises.watch(path a)': withPath(async (a) => {
      const watcher = promises.watch(a, { signal: AbortSignal.timeout(20) })
      for await (const event of watcher) if (event === undefined) return 'event'
    }),

    'fs.writeFileSync(path, a)': (a, t) => changed(t, (file) => fs.writeFileSync(file, a)),
    'fs.writeFileSync(fd, a)': (a, t) => written(t, (fd) => fs.writeFileSync(fd, a)),
    'fs.writeFileSync(path, a, { flush })': (a, t) => changed(t, (file) => fs.writeFileSync(file, a, { flush: true })),
    'fs.appendFileSync(path, a)': (a, t) => changed(t, (file) => fs.appendFileSync(file, a)),
    'fs.writeFile(path, a)': (a, t) => changed(t, (file) => called((done) => fs.writeFile(file, a, done))),
    'fs.writeFile(fd, a)': (a, t) => written(t, (fd) => called((done) => fs.writeFile(fd, a, done))),
    'fs.appendFile(path, a)': (a, t) => changed(t, (file) => called((done) => fs.appendFile(file, a, done))),
    'fs.promises.writeFile(path, a)': (a, t) => changed(t, (file) => promises.writeFile(file, a)),
    'fs.promises.writeFile(path, [a])': (a, t) => changed(t, (file) => promises.writeFile(file, [a, a])),
    'fs.promises.appendFile(path, a)': (a, t) => changed(t, (file) => promises.appendFile(file, a)),
    'fs.promises.writeFile(path, a) of 200 KiB': { bytes: somethingOf(200 << 10), run: (a, t) => changed(t, (file) => promises.writeFile(file, a)) },
    'fs.writeFileSync(path, a) of 200 KiB': { bytes: somethingOf(200 << 10), run: (a, t) => changed(t, (file) => fs.writeFileSync(file, a)) },

    'fs.writeSync(fd, a)': (a, t) => written(t, (fd) => fs.writeSync(fd, a)),
    'fs.writeSync(fd, a, options)': (a, t) => written(t, (fd) => fs.writeSync(fd, a, { offset: 4, length: 8, position: 2 })),
    'fs.writeSync(fd, a, { offset })': (a, t) => written(t, (fd) => fs.writeSync(fd, a, { offset: 4 })),
    'fs.writeSync(fd, a, offset)': (a, t) => written(t, (fd) => fs.writeSync(fd, a, 4)),
    'fs.writeSync(fd, a, offset, length, position)': (a, t) => written(t, (fd) => fs.writeSync(fd, a, 4, 8, 2)),
    'fs.writeSync(fd, a, too long)': (a, t) => written(t, (fd) => fs.writeSync(fd, a, 0, 1000)),
    'fs.write(fd, a)': (a, t) => written(t, (fd) => called((done) => fs.write(fd, a, done))),
    'fs.write(fd, a, options)': (a, t) => written(t, (fd) => called((done) => fs.write(fd, a, { offset: 4, length: 8, position: 2 }, done))),
    'fs.write(fd, a, offset)': (a, t) => written(t, (fd) => called((done) => fs.write(fd, a, 4, done))),
    'fs.write(fd, a, offset, length)': (a, t) => written(t, (fd) => called((done) => fs.write(fd, a, 4, 8, done))),
    'fs.write(fd, a, offset, length, position)': (a, t) => written(t, (fd) => called((done) => fs.write(fd, a, 4, 8, 2, done))),
    'fs.writevSync(fd, [a, x, a])': (a, t) => written(t, (fd) => fs.writevSync(fd, [a, head, a])),
    'fs.writevSync(fd, [a], position)': (a, t) => written(t, (fd) => fs.writevSync(fd, [a], 3)),
    'fs.writev(fd, [a, x, a])': (a, t) => written(t, (fd) => called((done) => fs.writev(fd, [a, head, a], done))),
    'fs.writev(fd, [a], position)': (a, t) => written(t, (fd) => called((done) => fs.writev(fd, [a], 3, done))),

    'fs.promises.open().write(a)': (a, t) => writtenByHandle(t, (handle) => handle.write(a)),
    'fs.promises.open().write(a, options)': (a, t) => writtenByHandle(t, (handle) => handle.write(a, { offset: 4, length: 8, position: 2 })),
    'fs.promises.open().write(a, offset)': (a, t) => writtenByHandle(t, (handle) => handle.write(a, 4)),
    'fs.promises.open().write(a, offset, length, position)': (a, t) => writtenByHandle(t, (handle) => handle.write(a, 4, 8, 2)),
    'fs.promises.open().writev([a, x, a])': (a, t) => writtenByHandle(t, (handle) => handle.writev([a, head, a])),
    'fs.promises.open().writev([a], position)': (a, t) => writtenByHandle(t, (handle) => handle.writev([a], 3)),
    'fs.promises.open().writeFile(a)': (a, t) => writtenByHandle(t, (handle) => handle.writeFile(a)),
    'fs.promises.open().appendFile(a)': (a, t) => writtenByHandle(t, (handle) => handle.appendFile(a)),
    'fs.promises.open().createWriteStream().end(a)': (a, t) => writtenByHandle(t, (handle) => new Promise((resolve, reject) => {
      handle.createWriteStream().on('error', reject).on('close', () => resolve()).end(a)
    })),

    'fs.createWriteStream().write(a)': (a, t) => streamed(t, (stream) => {
      stream.write(a)
      stream.end()
    }),
    'fs.createWriteStream().end(a)': (a, t) => streamed(t, (stream) => stream.end(a)),
    'fs.createWriteStream().write(a), corked': (a, t) => streamed(t, (stream) => {
      stream.cork()
      stream.write(head)
      stream.write(a)
      stream.write(a)
      stream.uncork()
      stream.end()
    }),
    'fs.createWriteStream({ flush }).end(a) of 200 KiB': { bytes: somethingOf(200 << 10), run: (a, t) => streamed(t, (stream) => stream.end(a), { flush: true }) },
    'fs.WriteStream().end(a)': (a, t) => streamed(t, (stream) => stream.end(a)),
    'fs.Utf8Stream().write(a)': (a, t) => {
      const file = t.file()
      const stream = new fs.Utf8Stream({ dest: file, sync: true, contentMode: 'buffer' })
      stream.write(a)
      stream.flushSync()
      stream.destroy()
      return fs.readFileSync(file)
    },

    'fs.readSync(fd, a)': into((a, t, fd) => fs.readSync(fd, a)),
    'fs.readSync(fd, a, options)': into((a, t, fd) => fs.readSync(fd, a, { offset: 4, length: 8, position: 2 })),
    'fs.readSync(fd, a, { position })': into((a, t, fd) => fs.readSync(fd, a, { position: 8 })),
    'fs.readSync(fd, a, offset, length, position)': into((a, t, fd) => fs.readSync(fd, a, 4, 8, 2)),
    'fs.readSync(fd, a, too long)': into((a, t, fd) => fs.readSync(fd, a, 0, 1000, 0)),
    'fs.read(fd, a)': into((a, t, fd) => called((done) => fs.read(fd, a, done))),
    'fs.read(fd, { buffer: a })': into((a, t, fd) => called((done) => fs.read(fd, { buffer: a }, done))),
    'fs.read(fd, { buffer: a, more })': into((a, t, fd) => called((done) => fs.read(fd, { buffer: a, offset: 4, length: 8, position: 2 }, done))),
    'fs.read(fd, a, options)': into((a, t, fd) => called((done) => fs.read(fd, a, { offset: 4, length: 8, position: 2 }, done))),
    'fs.read(fd, a, offset, length, position)': into((a, t, fd) => called((done) => fs.read(fd, a, 4, 8, 2, done))),
    'fs.readvSync(fd, [x, a])': into((a, t, fd) => fs.readvSync(fd, [Buffer.alloc(4), a])),
    'fs.readvSync(fd, [a], position)': into((a, t, fd) => fs.readvSync(fd, [a], 8)),
    'fs.readv(fd, [x, a])': into((a, t, fd) => called((done) => fs.readv(fd, [Buffer.alloc(4), a], done))),
    'fs.readv(fd, [a], position)': into((a, t, fd) => called((done) => fs.readv(fd, [a], 8, done))),
    'fs.readFileSync(path, { buffer: a })': { bytes: room, run: (a, t) => fs.readFileSync(t.file(something), { buffer: a }).length },
    'fs.readFile(path, { buffer: a })': { bytes: room, run: (a, t) => called((done) => fs.readFile(t.file(something), { buffer: a }, done)) },
    'fs.promises.readFile(path, { buffer: a })': { bytes: room, run: async (a, t) => (await promises.readFile(t.file(something), { buffer: a })).length },

    'fs.promises.open().read(a)': intoHandle((handle, a) => handle.read(a)),
    'fs.promises.open().read(a, options)': intoHandle((handle, a) => handle.read(a, { offset: 4, length: 8, position: 2 })),
    'fs.promises.open().read(a, offset)': intoHandle((handle, a) => handle.read(a, 4)),
    'fs.promises.open().read(a, offset, length, position)': intoHandle((handle, a) => handle.read(a, 4, 8, 2)),
    'fs.promises.open().read({ buffer: a })': intoHandle((handle, a) => handle.read({ buffer: a })),
    'fs.promises.open().read({ buffer: a, more })': intoHandle((handle, a) => handle.read({ buffer: a, offset: 4, length: 8, position: 2 })),
    'fs.promises.open().readv([x, a])': intoHandle((handle, a) => handle.readv([Buffer.alloc(4), a])),
    'fs.promises.open().readv([a], position)': intoHandle((handle, a) => handle.readv([a], 8)),
    'fs.promises.open().read(a) of 200 KiB': { ...intoHandle((handle, a) => handle.read(a)), bytes: Buffer.alloc(200 << 10) },
    'fs.promises.open().readableWebStream().read(a)': {
      bytes: room,
      run: async (a, t) => {
        const { handle } = await t.openHandle(something)
        const reader = handle.readableWebStream({ type: 'bytes' }).getReader({ mode: 'byob' })
        const { value } = await reader.read(a)
        return value
      }
    }
  },
  takesNoView: {
    fs: `Dir Dirent FileReadStream FileWriteStream ReadStream Stats F_OK R_OK W_OK X_OK _toUnixTimestamp close closeSync fchmod
      fchmodSync fchown fchownSync fdatasync fdatasyncSync fstat fstatSync fsync fsyncSync ftruncate ftruncateSync futimes futimesSync
      glob globSync lchmod lchmodSync mkdtempDisposableSync`,
    'fs.promises': 'glob lchmod mkdtempDisposable'
  }
}
