'use strict'

const { once } = require('node:events')
const fs = require('node:fs')
const { called, collect, given, large, room, something, writes, writesCorked } = require('../tools')

const { promises } = fs
const head = Buffer.from('head')

/** What `write(path)` returns, and the file then; it has had four bytes. */
const changed = async (t, write) => {
  const file = t.file(head)
  return [await write(file), fs.readFileSync(file)]
}

/** What `write(fd)` returns, and the file then. */
const written = async (t, write) => {
  const { file, fd } = t.open()
  return [await write(fd), fs.readFileSync(file)]
}

const writtenByHandle = async (t, write) => {
  const { file, handle } = await t.openHandle()
  return [await write(handle), fs.readFileSync(file)]
}

const readByHandle = async (t, read) => read((await t.openHandle(something)).handle)

/** What `write(stream)` leaves in a file. */
const streamed = async (t, write, options) => {
  const file = t.file()
  const stream = fs.createWriteStream(file, options)
  t.later(() => stream.destroy())
  const closed = new Promise((resolve, reject) => stream.on('close', resolve).on('error', reject))
  await once(stream, 'open')
  write(stream)
  await closed
  return fs.readFileSync(file)
}

const more = { offset: 4, length: 8, position: 2 }
const oneView = {
  a: (a) => [a],
  'a, options': (a) => [a, more],
  'a, { offset }': (a) => [a, { offset: 4 }],
  'a, { position }': (a) => [a, { position: 8 }],
  'a, offset': (a) => [a, 4],
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
    const add = (call, run) => { fileCalls[call] = given(room, run) }
    add(`fs.${name}Sync(fd, ${form})`, (a, t) => fs[`${name}Sync`](t.open(something).fd, ...from(a)))
    add(`fs.${name}(fd, ${form})`, (a, t) => called((done) => fs[name](t.open(something).fd, ...from(a), done)))
    add(`fs.promises.open().${name}(${form})`, (a, t) => readByHandle(t, (handle) => handle[name](...from(a))))
  }
}
for (const name of ['writeFile', 'appendFile']) {
  fileCalls[`fs.${name}Sync(path, a)`] = (a, t) => changed(t, (file) => fs[`${name}Sync`](file, a))
  fileCalls[`fs.${name}Sync(fd, a)`] = (a, t) => written(t, (fd) => fs[`${name}Sync`](fd, a))
  fileCalls[`fs.${name}(path, a)`] = (a, t) => changed(t, (file) => called((done) => fs[name](file, a, done)))
  fileCalls[`fs.${name}(fd, a)`] = (a, t) => written(t, (fd) => called((done) => fs[name](fd, a, done)))
  fileCalls[`fs.promises.${name}(path, a)`] = (a, t) => changed(t, (file) => promises[name](file, a))
  fileCalls[`fs.promises.open().${name}(a)`] = (a, t) => writtenByHandle(t, (handle) => handle[name](a))
}

/** Paths may be given as bytes: that of `name` in a folder with a file, a directory and a link. Slashes make it longer. */
const withPath = (use, name = 'x') => given(Buffer.from(`.${'/'.repeat(something.length - 2)}${name}`), async (a, t) => {
  const before = process.cwd()
  process.chdir(t.folder())
  t.later(() => process.chdir(before))
  fs.mkdirSync('d')
  fs.writeFileSync('x', head)
  fs.symlinkSync('x', 's')
  const result = await use(a)
  if (typeof result === 'number') fs.closeSync(result)
  await result?.close?.()
  return [typeof result, result?.size, fs.readdirSync('.').sort().map(stateOf)]
})

const stateOf = (name) => {
  const { size, mode, atimeMs } = fs.lstatSync(name)
  return [name.replace(/^x\w{6}$/, 'x......'), size, mode, atimeMs < 1e9]
}

/** The names of what is there for some of them; others take the file x. */
const namesFor = { mkdir: 'n', opendir: 'd', readdir: 'd', readlink: 's', rmdir: 'd' }

/** By name of a function that takes a path: the arguments after it. */
const pathFunctions = {
  access: [], appendFile: ['more'], chmod: [0o600], chown: [-1, -1], cp: ['y'], copyFile: ['y'], lchown: [-1, -1], link: ['y'],
  lstat: [], lutimes: [1, 1], mkdir: [], mkdtemp: [], open: [], opendir: [], readFile: [], readdir: [], readlink: ['buffer'],
  realpath: [], rename: ['y'], rm: [], rmdir: [], stat: [], statfs: [], symlink: ['y'], truncate: [2], unlink: [], utimes: [1, 1],
  writeFile: ['new']
}

const pathCalls = {}
for (const [name, rest] of Object.entries(pathFunctions)) {
  const add = (call, run) => { pathCalls[call] = withPath(run, namesFor[name]) }
  add(`fs.${name}Sync(path a)`, (a) => fs[`${name}Sync`](a, ...rest))
  add(`fs.${name}(path a)`, (a) => called((done) => fs[name](a, ...rest, done)))
  if (promises[name] !== undefined) add(`fs.promises.${name}(path a)`, (a) => promises[name](a, ...rest))
}

module.exports = {
  modules: { fs, 'fs.promises': promises },
  calls: {
    ...pathCalls,
    ...fileCalls,
    'fs.existsSync(path a)': withPath((a) => ({ size: fs.existsSync(a) })),
    'fs.exists(path a)': withPath(async (a) => ({ size: await new Promise((resolve) => { fs.exists(a, resolve) }) })),
    'fs.createReadStream(path a)': withPath(async (a) => ({ size: (await collect(fs.createReadStream(a))).length })),
    'fs.createWriteStream(path a)': withPath((a) => new Promise((resolve, reject) => {
      fs.createWriteStream(a).on('error', reject).end('written', resolve)
    })),
    'fs.openAsBlob(path a)': withPath((a) => fs.openAsBlob(a)),
    'fs.openAsBlobSync(path a)': withPath((a) => fs.openAsBlobSync(a)),
    'fs.watch(path a)': withPath((a) => fs.watch(a)),
    'fs.watchFile(path a)': withPath((a) => {
      fs.watchFile(a, () => {})
      fs.unwatchFile(a)
    }),
    'fs.unwatchFile(path a)': withPath((a) => fs.unwatchFile(a)),
    'fs.promises.watch(path a)': withPath((a) => promises.watch(a, { signal: AbortSignal.timeout(20) }).next()),

    'fs.writeFileSync(path, a, { flush })': (a, t) => changed(t, (file) => fs.writeFileSync(file, a, { flush: true })),
    'fs.writeFileSync(path, a) of 200 KiB': given(large, (a, t) => changed(t, (file) => fs.writeFileSync(file, a))),
    'fs.promises.writeFile(path, [a])': (a, t) => changed(t, (file) => promises.writeFile(file, [a, a])),
    'fs.promises.writeFile(path, a) of 200 KiB': given(large, (a, t) => changed(t, (file) => promises.writeFile(file, a))),

    'fs.createWriteStream().write(a)': (a, t) => streamed(t, writes(a)),
    'fs.createWriteStream().write(a), corked': (a, t) => streamed(t, writesCorked(head, a, a)),
    'fs.createWriteStream({ flush }).end(a) of 200 KiB': given(large, (a, t) => streamed(t, (stream) => stream.end(a), { flush: true })),
    'fs.promises.open().createWriteStream().end(a)': (a, t) => writtenByHandle(t, (handle) => new Promise((resolve, reject) => {
      handle.createWriteStream().on('error', reject).on('close', resolve).end(a)
    })),
    'fs.Utf8Stream().write(a)': (a, t) => {
      const file = t.file()
      const stream = new fs.Utf8Stream({ dest: file, sync: true, contentMode: 'buffer' })
      stream.write(a)
      stream.flushSync()
      stream.destroy()
      return fs.readFileSync(file)
    },

    'fs.readFileSync(path, { buffer: a })': given(room, (a, t) => fs.readFileSync(t.file(something), { buffer: a }).length),
    'fs.readFile(path, { buffer: a })': given(room, (a, t) => called((done) => fs.readFile(t.file(something), { buffer: a }, done))),
    'fs.promises.readFile(path, { buffer: a })': given(
      room, async (a, t) => (await promises.readFile(t.file(something), { buffer: a })).length),
    'fs.promises.open().read(a) of 200 KiB': given(Buffer.alloc(large.length), (a, t) => readByHandle(t, (handle) => handle.read(a))),
    'fs.promises.open().readableWebStream().read(a)': given(
      room, (a, t) => readByHandle(t, async (handle) => (await handle.readableWebStream({ type: 'bytes' }).getReader({ mode: 'byob' }).read(a)).value))
  },
  takesNoView: {
    fs: `Dir Dirent FileReadStream FileWriteStream ReadStream Stats WriteStream F_OK R_OK W_OK X_OK _toUnixTimestamp close closeSync
      fchmod fchmodSync fchown fchownSync fdatasync fdatasyncSync fstat fstatSync fsync fsyncSync ftruncate ftruncateSync futimes
      futimesSync glob globSync lchmod lchmodSync mkdtempDisposableSync`,
    'fs.promises': 'glob lchmod mkdtempDisposable'
  }
}
