'use strict'

const { once } = require('node:events')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { hasExternalData } = require('../../..')
const { bytesOf } = require('../objects')
const { called, collect, room, something, large, writes, writesCorked } = require('../tools')

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

const readByHandle = async (t, read) => {
  const { bytesRead, buffer, buffers } = await read((await t.openHandle(something)).handle)
  return [bytesRead, buffer, buffers]
}

const more = { offset: 4, length: 8, position: 2 }
const oneView = {
  a: (a) => [a],
  'a, options': (a) => [a, more],
  'a, { offset }': (a) => [a, { offset: 4 }],
  'a, { position }': (a) => [a, { position: 8 }],
  'a, offset': (a) => [a, 4],
  'a, offset, length': (a) => [a, 4, 8],
  'a, offset, length, position': (a) => [a, 4, 8, 2],
  'a, too long': (a) => [a, 0, 1000]
}
const someViews = {
  '[x, a, a]': (a) => [[Buffer.from(head), a, a]],
  '[a], position': (a) => [[a], 3]
}
const optionsWithView = {
  '{ buffer: a }': (a) => [{ buffer: a }],
  '{ buffer: a, more }': (a) => [{ buffer: a, ...more }]
}

/** By name of a method, the ways to pass a view to it. Each has three variants: sync, with a callback, and of a FileHandle. */
const writers = { write: oneView, writev: someViews }
const readers = { read: { ...oneView, ...optionsWithView }, readv: someViews }

const fileCalls = {}
for (const [name, forms] of Object.entries(writers)) {
  for (const [form, from] of Object.entries(forms)) {
    fileCalls[`fs.${name}Sync(fd, ${form})`] = (a, t) => written(t, (fd) => fs[`${name}Sync`](fd, ...from(a)))
    fileCalls[`fs.${name}(fd, ${form})`] = (a, t) => written(t, (fd) => called((done) => fs[name](fd, ...from(a), done)))
    fileCalls[`fs.promises.open().${name}(${form})`] = (a, t) => writtenByHandle(t, (handle) => handle[name](...from(a)))
  }
}
for (const [name, forms] of Object.entries(readers)) {
  for (const [form, from] of Object.entries(forms)) {
    const runs = {
      [`fs.${name}Sync(fd, ${form})`]: (a, t) => fs[`${name}Sync`](t.open(something).fd, ...from(a)),
      [`fs.${name}(fd, ${form})`]: (a, t) => called((done) => fs[name](t.open(something).fd, ...from(a), done)),
      [`fs.promises.open().${name}(${form})`]: (a, t) => readByHandle(t, (handle) => handle[name](...from(a)))
    }
    for (const [call, run] of Object.entries(runs)) fileCalls[call] = { bytes: room, run }
  }
}

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

/** By name of a function that takes a path: the arguments after it. '*' is another path. */
const pathFunctions = {
  access: [], appendFile: ['more'], chmod: [0o600], chown: [-1, -1], cp: ['*'], copyFile: ['*'], lchown: [-1, -1], link: ['*'],
  lstat: [], lutimes: [1, 1], mkdir: [], mkdtemp: [], open: [], opendir: [], readFile: [], readdir: [], readlink: ['buffer'],
  realpath: [], rename: ['*'], rm: [], rmdir: [], stat: [], statfs: [], symlink: ['*'], truncate: [2], unlink: [], utimes: [1, 1],
  writeFile: ['new']
}

const pathCalls = {}
for (const [name, rest] of Object.entries(pathFunctions)) {
  const add = (call, run) => {
    pathCalls[call] = withPath(async (a, folder) => {
      const args = rest.map((argument) => argument === '*' ? path.join(folder, 'y') : argument)
      return [...await resultOf(await run(a, ...args)), stateOf(folder)]
    }, namesFor[name])
  }
  add(`fs.${name}Sync(path a)`, fs[`${name}Sync`])
  add(`fs.${name}(path a)`, (...args) => called((done) => fs[name](...args, done)))
  if (promises[name] !== undefined) add(`fs.promises.${name}(path a)`, promises[name])
}

/** What a function returned, without what differs from call to call. */
async function resultOf (value) {
  if (value?.close !== undefined) await value.close()
  if (typeof value === 'number') fs.closeSync(value)
  const isPlain = Buffer.isBuffer(value) || typeof value !== 'object' || Array.isArray(value)
  return [isPlain && !['number', 'string'].includes(typeof value) ? value : typeof value, value?.size]
}

module.exports = {
  modules: { fs, 'fs.promises': promises },
  calls: {
    ...pathCalls,
    ...fileCalls,
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
    'fs.promises.writeFile(path, a) of 200 KiB': { bytes: large, run: (a, t) => changed(t, (file) => promises.writeFile(file, a)) },
    'fs.writeFileSync(path, a) of 200 KiB': { bytes: large, run: (a, t) => changed(t, (file) => fs.writeFileSync(file, a)) },

    'fs.promises.open().writeFile(a)': (a, t) => writtenByHandle(t, (handle) => handle.writeFile(a)),
    'fs.promises.open().appendFile(a)': (a, t) => writtenByHandle(t, (handle) => handle.appendFile(a)),
    'fs.promises.open().createWriteStream().end(a)': (a, t) => writtenByHandle(t, (handle) => new Promise((resolve, reject) => {
      handle.createWriteStream().on('error', reject).on('close', () => resolve()).end(a)
    })),

    'fs.createWriteStream().write(a)': (a, t) => streamed(t, writes(a)),
    'fs.createWriteStream().end(a)': (a, t) => streamed(t, (stream) => stream.end(a)),
    'fs.createWriteStream().write(a), corked': (a, t) => streamed(t, writesCorked(head, a, a)),
    'fs.createWriteStream({ flush }).end(a) of 200 KiB': { bytes: large, run: (a, t) => streamed(t, (stream) => stream.end(a), { flush: true }) },
    'fs.WriteStream().end(a)': (a, t) => streamed(t, (stream) => stream.end(a)),
    'fs.Utf8Stream().write(a)': (a, t) => {
      const file = t.file()
      const stream = new fs.Utf8Stream({ dest: file, sync: true, contentMode: 'buffer' })
      stream.write(a)
      stream.flushSync()
      stream.destroy()
      return fs.readFileSync(file)
    },

    'fs.readFileSync(path, { buffer: a })': { bytes: room, run: (a, t) => fs.readFileSync(t.file(something), { buffer: a }).length },
    'fs.readFile(path, { buffer: a })': { bytes: room, run: (a, t) => called((done) => fs.readFile(t.file(something), { buffer: a }, done)) },
    'fs.promises.readFile(path, { buffer: a })': { bytes: room, run: async (a, t) => (await promises.readFile(t.file(something), { buffer: a })).length },

    'fs.promises.open().read(a) of 200 KiB': {
      bytes: Buffer.alloc(200 << 10), run: (a, t) => readByHandle(t, (handle) => handle.read(a))
    },
    'fs.promises.open().readableWebStream().read(a)': {
      bytes: room,
      run: async (a, t) => {
        const { handle } = await t.openHandle(something)
        return (await handle.readableWebStream({ type: 'bytes' }).getReader({ mode: 'byob' }).read(a)).value
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
