import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { parseIgnore } from '../../../sdk/dockerfile/ignore.ts'
import { openContext } from '../../../sdk/engine/context/context.ts'
import { digestRows } from '../../../sdk/engine/context/scan.ts'
import { prepareFile } from '../../../sdk/engine/op/file.ts'
import type { Tree } from '../../../sdk/engine/ports.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { collect, copy, failure, show, withFolder } from '../op/lab.ts'

const context = suite('engine/context')

const row = new Float64Array(7)
const text = (tree: Tree, path: string) => Buffer.concat([...tree.read(tree.entry(path)!)]).toString()

context('D6.28 entries belong to root, and keep mode, time and links', async () => {
  await withFolder({ 'd/f': 'hello', 'd/l': '-> ../x' }, (folder) => {
    chmodSync(`${folder}/d/f`, 0o6751)
    utimesSync(`${folder}/d/f`, 77.9, 77.9)
    const tree = openContext(folder)
    assert.equal(tree.entry('d/f'), { path: 'd/f', type: 'file', mode: 0o6751, uid: 0, gid: 0, size: 5, mtime: 77 })
    assert.is(tree.entry('d/l')?.link, '../x')
    assert.is(tree.entry('d/l')?.mode, 0o777)
    assert.is(tree.entry('d')?.type, 'directory')
    assert.is(tree.entry('')?.type, 'directory')
    assert.equal(tree.names('d'), ['f', 'l'])
    assert.equal(tree.names('d/f'), [])
    assert.is(tree.entry('no/thing'), undefined)
    assert.is(tree.entry('d/l/f'), undefined, 'lookups never follow links')
    assert.is(text(tree, 'd/f'), 'hello')
  })
})

context('D6.9 hard links show by inode, sockets as empty files', async () => {
  await withFolder({ a: 'x', c: 'x' }, async (folder) => {
    linkSync(`${folder}/a`, `${folder}/b`)
    const server = createServer().listen(`${folder}/s`)
    await once(server, 'listening')
    const tree = openContext(folder)
    assert.ok(tree.entry('a')?.inode)
    assert.is(tree.entry('a')?.inode, tree.entry('b')?.inode)
    assert.is(tree.entry('c')?.inode, undefined)
    const socket = tree.entry('s')!
    assert.equal([socket.type, socket.size, [...tree.read(socket)]], ['file', 0, []])
    server.close()
    await once(server, 'close')
  })
})

context.needs(['root', 'linux'], 'devices and FIFOs are seen, never opened', async () => {
  await withFolder({}, (folder) => {
    execFileSync('mkfifo', [`${folder}/p`])
    execFileSync('mknod', [`${folder}/c`, 'c', '1', '3'])
    const tree = openContext(folder)
    assert.is(tree.entry('p')?.type, 'fifo')
    assert.equal([...tree.read(tree.entry('p')!)], [])
    assert.equal(tree.entry('c')?.device, { major: 1, minor: 3 })
  })
})

context('big files come in pieces, whole', async () => {
  await withFolder({}, (folder) => {
    const bytes = Buffer.alloc(3 * 2 ** 20 + 17, 'abc')
    writeFileSync(`${folder}/f`, bytes)
    const tree = openContext(folder)
    assert.ok(Buffer.concat([...tree.read(tree.entry('f')!)]).equals(bytes))
    writeFileSync(`${folder}/g`, bytes.subarray(0, 2 ** 20))
    assert.is(Buffer.concat([...openContext(folder).read(openContext(folder).entry('g')!)]).length, 2 ** 20)
  })
})

context('D7.12 what is ignored is not there; D7.9 what is let in again brings its directories', async () => {
  const files = { 'keep/x': '1', 'keep/y': '2', other: '3', 'empty/z': '4', 'deep/a/b/x': '5' }
  await withFolder(files, async (folder) => {
    const ignored = (path: string) => !path.endsWith('/x')
    const tree = openContext(folder, { ignore: { ignored, mayContain: () => true } })
    assert.equal(tree.names(''), ['deep', 'keep'])
    assert.equal(tree.names('keep'), ['x'])
    assert.is(tree.entry('keep')?.type, 'directory')
    assert.is(tree.entry('keep/y'), undefined)
    assert.is(tree.entry('empty'), undefined)
    assert.is(text(tree, 'deep/a/b/x'), '5')
    const closed = openContext(folder, { ignore: { ignored: (path) => path === 'deep', mayContain: () => false } })
    assert.equal(closed.names(''), ['empty', 'keep', 'other'])
    assert.is(closed.entry('deep/a'), undefined)
  })
})

context('D14.99 D14.100 contexts with a .dockerignore', async () => {
  const files = {
    'keep/x': '1',
    'keep/y': '2',
    other: '3',
    'd/a.log': '4',
    'a.log': '5',
    '!': '6',
    a: '7',
    ' # x': '8',
  }
  await withFolder(files, async (folder) => {
    const under = (text: string) => ({ local: openContext(folder, { ignore: parseIgnore(text) }) })
    const copied = async (text: string, src: string) => {
      const { local } = under(text)
      const action = { input: -1, secondaryInput: 0, output: 0, Action: copy(src, '/k/') }
      const entries = await collect(await prepareFile({ actions: [action] }, [{ tree: local, local }], { now: 1 }))
      return entries.map(({ path }) => path)
    }
    assert.equal(await copied('*\n!keep/x', '/keep'), ['k', 'k/x'])
    assert.is((await failure(() => copied('*\n!keep/x', '/other'))).code, 'COPY_SOURCE_MISSING')
    assert.ok((await copied('*.log', '/')).includes('k/d/a.log'))
    assert.not((await copied('*.log', '/')).includes('k/a.log'))
    assert.not((await copied('**/*.log', '/')).includes('k/d/a.log'))
    assert.equal(await copied('d/', '/d*'), [])
    assert.ok((await copied('[!a]', '/')).includes('k/other'))
    assert.equal(await copied('[!a]', '/[!a]'), [])
  })
})

context('names and links are bytes: those that are not UTF-8 come out as they went in', async () => {
  await withFolder({ a: '0' }, async (folder) => {
    const at = (name: string) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')])
    mkdirSync(at('d\xff'))
    writeFileSync(at('d\xff/x\xfe'), 'one')
    writeFileSync(at('x\xfe'), 'two')
    symlinkSync(Buffer.from('x\xfe', 'latin1'), at('l'))
    const tree = openContext(folder)
    assert.equal(tree.names(''), ['a', 'd\udcff', 'l', 'x\udcfe'])
    assert.is(text(tree, 'd\udcff/x\udcfe'), 'one')
    assert.is(text(tree, 'x\udcfe'), 'two')
    assert.is(tree.entry('l')?.link, 'x\udcfe')
    const ignoring = openContext(folder, { ignore: parseIgnore('x?\nd*') })
    assert.equal(ignoring.names(''), ['a', 'l'])
  })
})

context('keys tell names apart that differ in bytes that are not UTF-8', async () => {
  assert.is.not(digestRows(['x\udcfe'], row, String), digestRows(['x\udcfd'], row, String))
  await withFolder({}, async (folder) => {
    const keyWith = async (name: string) => {
      const path = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')])
      writeFileSync(path, '')
      const action = { input: -1, secondaryInput: 0, output: 0, Action: copy('/', '/') }
      const { quickKey } = await prepareFile({ actions: [action] }, [{ tree: openContext(folder) }], { now: 1 })
      rmSync(path)
      return quickKey
    }
    assert.is(await keyWith('x\xfe'), await keyWith('x\xfe'))
    assert.is.not(await keyWith('x\xfe'), await keyWith('x\xfd'))
  })
})

context('the folder itself must be a directory; a link to one is fine', async () => {
  await withFolder({ 'd/f': 'x', f: 'y', l: '-> d' }, async (folder) => {
    assert.is((await failure(() => openContext(`${folder}/no`))).code, 'CONTEXT_INVALID')
    assert.is((await failure(() => openContext(`${folder}/f`))).code, 'CONTEXT_INVALID')
    assert.is(openContext(`${folder}/l`).folder.endsWith('/d'), true)
  })
})

context('the root of the machine can be a context', () => {
  const tree = openContext('/')
  assert.is(tree.folder, '/')
  assert.is(tree.entry('tmp')?.type, 'directory')
})

context('each directory is listed once', async () => {
  await withFolder({ 'd/f': 'x' }, (folder) => {
    const tree = openContext(folder)
    tree.names('d')
    writeFileSync(`${folder}/d/g`, '')
    assert.equal(tree.names('d'), ['f'])
  })
})

context(
  'a file that is gone, grown, shrunk or replaced while it is read is an error, not a corrupt layer',
  async () => {
    const changes: Record<string, (path: string) => void> = {
      gone: (path) => rmSync(path),
      grown: (path) => appendFileSync(path, 'more'),
      shrunk: (path) => truncateSync(path, 2),
      replaced: (path) => {
        writeFileSync(`${path}.new`, 'other')
        renameSync(`${path}.new`, path)
      },
      'a directory': (path) => {
        rmSync(path)
        mkdirSync(path)
      },
      'a FIFO': (path) => {
        rmSync(path)
        execFileSync('mkfifo', [path])
      },
    }
    for (const [what, change] of Object.entries(changes)) {
      await withFolder({ 'd/f': 'hello' }, async (folder) => {
        const tree = openContext(folder)
        const entry = tree.entry('d/f')!
        change(`${folder}/d/f`)
        const error = await failure(() => [...tree.read(entry)])
        assert.is(error.code, 'CONTEXT_INVALID', what)
        assert.match(error.message, 'd/f')
        tree.close()
      })
    }
  },
)

context('a file that changes between two pieces is an error', async () => {
  for (const change of [
    (path: string) => appendFileSync(path, 'x'),
    (path: string) => truncateSync(path, 2 ** 20 + 5),
  ]) {
    await withFolder({}, async (folder) => {
      writeFileSync(`${folder}/f`, Buffer.alloc(2 ** 21))
      const tree = openContext(folder)
      const pieces = tree.read(tree.entry('f')!)[Symbol.iterator]()
      pieces.next()
      change(`${folder}/f`)
      const error = await failure(() => {
        for (let piece = pieces.next(); !piece.done; piece = pieces.next());
      })
      assert.is(error.code, 'CONTEXT_INVALID')
    })
  }
})

context('A22 a file or directory swapped for a link is not followed', async () => {
  const outside = { 'etc/shadow': 'secret!', 'd/shadow': 'public!' }
  await withFolder(outside, async (folder) => {
    const swaps: [string, (root: string) => void][] = [
      ['the file', (root) => replace(`${root}/d/shadow`, `${folder}/etc/shadow`)],
      ['its directory', (root) => replace(`${root}/d`, `${folder}/etc`)],
    ]
    for (const [what, swap] of swaps) {
      const root = join(folder, what)
      mkdirSync(`${root}/d`, { recursive: true })
      writeFileSync(`${root}/d/shadow`, 'public!')
      const tree = openContext(root)
      const entry = tree.entry('d/shadow')!
      swap(root)
      const error = await failure(() =>
        text({ ...tree, read: () => tree.read(entry), entry: () => entry, names: () => [] }, 'd/shadow'),
      )
      assert.is(error.code, 'CONTEXT_INVALID', what)
    }
  })
})

function replace(path: string, target: string): void {
  rmSync(path, { recursive: true })
  symlinkSync(target, path)
}

context(
  'A22 while another process swaps a directory and a link all the time, nothing from outside is read',
  async () => {
    await withFolder({ 'out/f': 'secret', 'ctx/d/f': 'public' }, async (folder) => {
      const script = `
      const { renameSync, symlinkSync } = require('node:fs')
      symlinkSync('${folder}/out', '${folder}/ctx/l')
      console.log('ready')
      for (;;) {
        renameSync('${folder}/ctx/d', '${folder}/ctx/t'); renameSync('${folder}/ctx/l', '${folder}/ctx/d'); renameSync('${folder}/ctx/t', '${folder}/ctx/l')
        renameSync('${folder}/ctx/d', '${folder}/ctx/t'); renameSync('${folder}/ctx/l', '${folder}/ctx/d'); renameSync('${folder}/ctx/t', '${folder}/ctx/l')
      }`
      const swapper = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
      try {
        await once(swapper.stdout, 'data')
        const seen = new Set<string>()
        for (const end = Date.now() + 400; Date.now() < end; ) {
          const tree = openContext(`${folder}/ctx`)
          try {
            const entry = tree.entry('d/f')
            if (entry) seen.add(Buffer.concat([...tree.read(entry)]).toString())
          } catch (error) {
            seen.add((error as { code: string }).code)
          } finally {
            tree.close()
          }
        }
        assert.ok(seen.has('public'), [...seen].join())
        assert.not(seen.has('secret'))
        seen.delete('public')
        seen.delete('CONTEXT_INVALID')
        assert.is(seen.size, 0, [...seen].join())
      } finally {
        swapper.kill('SIGKILL')
        await once(swapper, 'exit')
      }
    })
  },
)

context('a signature changes with content, mode, names and links, not with what is ignored', async () => {
  const make = async (change: (folder: string) => void) =>
    withFolder({ 'd/f': 'x', 'd/s/g': 'y', 'd/l': '-> f', 'log/x': '' }, (folder) => {
      const ignore = { ignored: (path: string) => path.startsWith('d/tmp'), mayContain: () => false }
      const before = openContext(folder, { ignore }).signature('d')
      change(folder)
      return before === openContext(folder, { ignore }).signature('d')
    })
  assert.ok(await make(() => {}))
  assert.ok(await make((folder) => writeFileSync(`${folder}/d/tmp1`, '')))
  assert.ok(await make((folder) => writeFileSync(`${folder}/log/y`, '')))
  assert.not(await make((folder) => writeFileSync(`${folder}/d/f`, 'xx')))
  assert.not(await make((folder) => chmodSync(`${folder}/d/s/g`, 0o600)))
  assert.not(await make((folder) => chmodSync(`${folder}/d/s`, 0o700)))
  assert.not(await make((folder) => renameSync(`${folder}/d/s/g`, `${folder}/d/s/h`)))
  assert.not(await make((folder) => mkdirSync(`${folder}/d/s/new`)))
  assert.not(await make((folder) => replace(`${folder}/d/l`, 's')))
})

context('the times of a context that was just written are not trusted', async () => {
  await withFolder({ f: 'x' }, async (folder) => {
    writeFileSync(`${folder}/f`, 'y')
    const tree = openContext(folder)
    tree.signature('')
    assert.ok(tree.unsettled)
    await new Promise((resolve) => setTimeout(resolve, 40))
    const later = openContext(folder)
    later.signature('')
    assert.not(later.unsettled)
  })
})

context('COPY of a context with everything odd in it', async () => {
  await withFolder({ 'ctx/a/f': 'x', 'ctx/l': '-> a', 'ctx/a/ü\n': 'y' }, async (folder) => {
    linkSync(`${folder}/ctx/a/f`, `${folder}/ctx/a/h`)
    const entries = await show([copy('/', '/o/')], { from: `${folder}/ctx` })
    assert.equal(entries, {
      o: 'dir 755 0:0',
      'o/a': `dir ${(lstatSync(`${folder}/ctx/a`).mode & 0o777).toString(8)} 0:0`,
      'o/a/f': '644 0:0 x',
      'o/a/h': '= o/a/f',
      'o/a/ü\n': '644 0:0 y',
      'o/l': '-> a',
    })
  })
})

context.run()
