'use strict'

// The documentation holds together: its links lead somewhere, in a clone and in the package, and its first example runs.

const assert = require('node:assert/strict')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const { run } = require('../support/child')

const ROOT = path.join(__dirname, '..', '..')
const { files } = require('../../package.json')
const names = Object.keys(require('../..'))

const read = (page) => fs.readFileSync(path.join(ROOT, page), 'utf8')
const pagesIn = (folder) => fs.readdirSync(path.join(ROOT, folder)).filter((name) => name.endsWith('.md')).map((name) => path.join(folder, name))
const pages = [...pagesIn('.'), ...pagesIn('docs')]

/** As GitHub and npm make the anchor of a heading. */
const anchorOf = (heading) => heading.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-')
const anchorsOf = (page) => [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading))

/** `{ target, page, anchor }` of each link that leads to a file of the repository. */
function linksOf (page) {
  const targets = [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target]) => target)
  return targets.map((target) => {
    const [file, anchor] = target.split('#')
    return { target, anchor, page: file === '' ? page : path.join(path.dirname(page), file) }
  })
}

const isShipped = (page) =>
  page === 'README.md' || files.some((entry) => entry === page || (entry.endsWith('/') && page.startsWith(entry)))

describe('the documentation', () => {
  for (const page of pages) {
    it(`${page} has no link that leads nowhere`, () => {
      const broken = linksOf(page).filter(({ page, anchor }) =>
        !fs.existsSync(path.join(ROOT, page)) || (anchor !== undefined && !anchorsOf(page).includes(anchor)))
      assert.deepEqual(broken.map(({ target }) => target), [])
    })
  }

  it('links to nothing that the package does not have', () => {
    const links = pages.filter(isShipped).flatMap(linksOf)
    assert.deepEqual(links.filter(({ page }) => !isShipped(page.replaceAll(path.sep, '/'))), [])
  })

  it('has a first page of at most 1,500 words', () => {
    assert(read('README.md').trim().split(/\s+/).length <= 1500)
  })

  it('has a section for everything that is exported, and says what Node 0.12 did not have', () => {
    const [, row] = /^\| D1 \|(.*)$/m.exec(read('docs/node-0.12.md'))
    assert.deepEqual(names.filter((name) => !anchorsOf('docs/api.md').includes(name.toLowerCase())), [])
    assert.deepEqual(names.filter((name) => !read('README.md').includes(`(docs/api.md#${name.toLowerCase()})`)), [])
    assert.deepEqual(names.filter((name) => !row.includes(`\`${name}\``)), [])
  })

  it('begins with an example that reads a file, hashes it and frees the memory', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'smalloc-example-'))
    fs.writeFileSync(path.join(folder, 'frame.raw'), 'abc')
    // Not a link to a folder: Wine makes none.
    fs.mkdirSync(path.join(folder, 'node_modules'))
    fs.writeFileSync(path.join(folder, 'node_modules', 'smalloc.js'), `module.exports = require(${JSON.stringify(ROOT)})`)
    const [, example] = /```js\n([^]*?)```/.exec(read('README.md'))
    const file = path.join(folder, 'example.cjs')
    fs.writeFileSync(file, `${example}\nconsole.log(Object.keys(frame).length, bytes.length)`)
    const { stdout, stderr } = await run(file, [], { cwd: folder })
    fs.rmSync(folder, { recursive: true })
    assert.equal(stderr, '')
    assert.equal(stdout, '97 3\nba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n0 0\n')
  })
})
