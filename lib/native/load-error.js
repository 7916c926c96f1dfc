'use strict'

// Says why the addon could not be loaded, and what to do.

const fs = require('node:fs')
const path = require('node:path')
const { IN_A_BUNDLE } = require('./bundle')
const { libc } = require('./platform')

const RUST = 'Rust 1.88 or newer (https://rustup.rs)'

/** `failures` lists each file that was tried, with its error. */
function loadError (root, failures) {
  const { name, version } = require('../../package.json')
  const tried = failures.map(({ file, error }) => ({ file, error, isThere: exists(file) || isForbidden(error) }))
  const broken = tried.find(({ isThere }) => isThere)
  const lines = [
    `${name} ${version} could not load its native addon on ${system()}.`,
    'Tried:',
    ...tried.map(({ file, error, isThere }) => `- ${file}: ${isThere ? reasonOf(error) : 'there is no such file'}`),
    ...causeAndFix(root, broken).map((line) => line.replaceAll('NAME', name).replaceAll('VERSION', version))
  ]
  return Object.assign(new Error(lines.join('\n'), { cause: (broken ?? tried[0]).error }), { code: 'ERR_DLOPEN_FAILED' })
}

/** False as well if `--permission` forbids to look: existsSync throws then. */
function exists (file) {
  try {
    return fs.existsSync(file)
  } catch (error) {
    return false
  }
}

const isForbidden = ({ code }) => code === 'ERR_ACCESS_DENIED'

function causeAndFix (root, broken) {
  if (isBundled(root, broken)) return IN_A_BUNDLE
  if (broken?.error.code === 'ERR_DLOPEN_DISABLED') return isDisabled()
  if (broken !== undefined && isForbidden(broken.error)) return isUnreadable(root)
  return [
    ...(broken ? doesNotLoad(broken.error) : isMissing(root)),
    ...howToBuild(root),
    'Or install it anew, on this system: npm uninstall NAME && npm install NAME@VERSION'
  ]
}

/** The message without the list of requiring modules, which Node adds to "Cannot find module". */
const reasonOf = (error) => error.message.split('\nRequire stack:')[0].trim()

/** Whether a bundler has moved this file away from its package.json, or has put its own `require` in place of Node's. */
function isBundled (root, broken) {
  if (broken?.error.code === 'MODULE_NOT_FOUND') return true
  try {
    return JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).name !== require('../../package.json').name
  } catch (error) {
    return !isForbidden(error)
  }
}

function isDisabled () {
  if (process.permission !== undefined && !isFlagGiven('--no-addons')) {
    return [
      'Cause: Node.js was started with its permission model, which disables native addons.',
      `To fix it, start it with --allow-addons, too: node ${permission()} --allow-addons`
    ]
  }
  return [
    'Cause: Node.js was started with --no-addons, which disables native addons.',
    'To fix it, start it without that flag; it may be in NODE_OPTIONS.'
  ]
}

function isUnreadable (root) {
  return [
    'Cause: Node.js was started with its permission model, which does not let it read the addon.',
    `To fix it, start it with "--allow-fs-read=${path.join(root, '*')}" and --allow-addons, too.`
  ]
}

const permission = () => isFlagGiven('--experimental-permission') ? '--experimental-permission' : '--permission'

const isFlagGiven = (flag) => [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(' ')].includes(flag)

function system () {
  const { platform, arch, version } = process
  return [`${platform} ${arch}`, libc(), `Node ${version}`].filter(Boolean).join(', ')
}

function doesNotLoad ({ message }) {
  if (/GLIBC_[\d.]+.*not found|version `GLIBC/.test(message)) {
    return ['Cause: the C library of this system is older than the one that the addon was built for.']
  }
  return ['Cause: the file is damaged, or built for another system.']
}

function isMissing (root) {
  const others = filesIn(root).filter((file) => file.endsWith('.node'))
  if (others.length > 0) {
    return [`Cause: this copy of NAME has an addon for other systems only (${others.join(', ')}).`]
  }
  return [
    'Cause: this copy of NAME has no addon. Where it came from a git repository, its script `prepare` did not run or found',
    'no Rust. Package managers skip scripts with --ignore-scripts, and some those of packages that are not approved.'
  ]
}

function filesIn (folder) {
  try {
    return fs.readdirSync(folder)
  } catch (error) {
    return []
  }
}

function howToBuild (root) {
  const script = path.join(root, 'install', 'build-from-source.js')
  if (!exists(script)) {
    return [`To fix it: ${script} is missing too. If a bundler has moved this file, declare the package external to it.`]
  }
  const first = hasCargo() ? '' : `first install ${RUST}: there is no cargo on the PATH. Then `
  return [`To fix it, ${first}build it: node ${quoted(script)}`]
}

const quoted = (file) => /\s/.test(file) ? `"${file}"` : file

function hasCargo () {
  const program = process.platform === 'win32' ? 'cargo.exe' : 'cargo'
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  return folders.some((folder) => exists(path.join(folder, program)))
}

module.exports = { loadError, RUST }
