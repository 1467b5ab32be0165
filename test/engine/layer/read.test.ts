import { chmodSync, linkSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readLayer } from '../../../sdk/engine/layer/read-layer.ts'
import { digestOf } from '../../../sdk/oci/digest.ts'
import { must } from '../../helpers/program.ts'
import { debianRootfs } from '../../helpers/rootfs.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { failure, raw } from './lab.ts'

const read = suite('engine/layer/read')

/** A folder with one of everything that ordinary archives hold. */
const sample = () => {
  const folder = temporaryFolder()
  const long = 'directory-with-a-long-name/'.repeat(8)
  mkdirSync(join(folder, long), { recursive: true })
  writeFileSync(join(folder, long, 'file'), 'deep')
  writeFileSync(join(folder, 'grün'), 'umlaut')
  writeFileSync(join(folder, 'script'), '#!/bin/sh\n')
  chmodSync(join(folder, 'script'), 0o4750)
  linkSync(join(folder, 'script'), join(folder, 'twin'))
  symlinkSync(`/${long}file`, join(folder, 'link'))
  utimesSync(join(folder, 'grün'), new Date(-1_000_000), new Date(-1_000_000))
  return { folder, long }
}

const archive = async (folder: string, ...args: string[]) => {
  const path = join(temporaryFolder(), 'archive')
  await must('tar', [
    '--numeric-owner',
    '--owner=7',
    '--group=8',
    '--sort=name',
    ...args,
    '-cf',
    path,
    '-C',
    folder,
    '.',
  ])
  return readFileSync(path)
}

for (const format of ['gnu', 'oldgnu', 'posix', 'ustar', 'v7']) {
  read.needs(['tar'], `an archive of GNU tar in the format ${format} comes in whole`, async () => {
    const { folder, long } = sample()
    const without =
      format === 'ustar' || format === 'v7' ? ['--exclude=link', '--exclude=directory-with*', '--mtime=@1000'] : []
    const { entries, diffId } = await readLayer([await archive(folder, `--format=${format}`, ...without)], undefined)
    assert.match(diffId, /^sha256:/)
    assert.equal([entries.get('script')!.mode, entries.get('script')!.uid, entries.get('script')!.gid], [0o4750, 7, 8])
    assert.is(entries.get('twin')!.inode, entries.get('script')!.inode)
    assert.is(entries.get('twin')!.digest, digestOf('#!/bin/sh\n'))
    assert.is(entries.get('grün')!.digest, digestOf('umlaut'))
    if (without.length > 0) return
    assert.is(entries.get('grün')!.mtime, -1000)
    assert.is(entries.get(`${long}file`)!.digest, digestOf('deep'))
    assert.is(entries.get('link')!.link, `/${long}file`)
  })
}

for (const [flag, name] of [
  ['-z', 'gzip'],
  ['-j', 'bzip2'],
  ['-J', 'xz'],
  ['--zstd', 'zstd'],
] as const) {
  read.needs(['tar', name], `an archive is known as ${name} by its content, and damage to it is an error`, async () => {
    const { folder } = sample()
    const bytes = await archive(folder, flag)
    const { entries } = await readLayer([bytes], undefined)
    assert.is(entries.get('grün')!.digest, digestOf('umlaut'))
    for (const broken of [bytes.subarray(0, bytes.length - 20), flip(bytes, bytes.length >> 1)]) {
      assert.is((await failure(readLayer([broken], undefined))).code, 'LAYER_INVALID')
    }
  })
}

const flip = (bytes: Buffer, at: number) => {
  const copy = Buffer.from(bytes)
  copy[at]! ^= 0x10
  return copy
}

read.needs(['tar', 'truncate'], 'sparse files are refused by name, in each of their forms', async () => {
  const folder = temporaryFolder()
  await must('truncate', ['-s', '10M', join(folder, 'holes')])
  for (const form of [
    ['--format=gnu'],
    ['--format=posix', '--sparse-version=0.0'],
    ['--format=posix', '--sparse-version=0.1'],
    ['--format=posix', '--sparse-version=1.0'],
  ]) {
    const error = await failure(readLayer([await archive(folder, '--sparse', ...form)], undefined))
    assert.is(error.code, 'UNSUPPORTED', form.join(' '))
    assert.match(error.message, /sparse/)
  }
})

read('an archive comes in the same in pieces of any size', async () => {
  const long = 'n'.repeat(150)
  const pax = (record: string) => ({ name: 'p', type: 'pax-header', text: `${record.length + 4} ${record}\n` })
  const bytes = raw(
    { name: 'd', type: 'directory' },
    pax(`path=${'p'.repeat(50)}`),
    { name: 'x', text: 'content' },
    { name: 'e' },
    { name: long.slice(0, 90), text: 'z'.repeat(3000) },
  )
  const whole = await readLayer([bytes], undefined)
  assert.ok(whole.entries.has('p'.repeat(50)))
  for (const size of [1, 7, 511, 512, 513, 4096]) {
    const pieces = [...Array(Math.ceil(bytes.length / size)).keys()].map((at) =>
      bytes.subarray(at * size, at * size + size),
    )
    const { entries, diffId } = await readLayer(pieces, undefined)
    assert.is(diffId, whole.diffId)
    assert.equal([...entries], [...whole.entries])
  }
})

read('extended headers that are malformed are refused', async () => {
  for (const text of ['9 a=b\n', '-5 =\n', '6 a=b', '99999999999 a=b\n', '6 aab\n', 'x a=b\n', '0 a=b\n']) {
    const error = await failure(readLayer([raw({ name: 'p', type: 'pax-header', text }, { name: 'x' })], undefined))
    assert.is(error.code, 'LAYER_INVALID', JSON.stringify(text))
  }
  const huge = raw({ name: 'p', type: 'pax-header', text: Buffer.alloc((1 << 20) + 1) }, { name: 'x' })
  assert.match((await failure(readLayer([huge], undefined))).message, /extended header of 1048577 bytes/)
})

read('what stands after the end of the archive is ignored, what stands in between is refused', async () => {
  const [one, two] = [raw({ name: 'a' }), raw({ name: 'b' })]
  const { entries } = await readLayer([Buffer.concat([one, two])], undefined)
  assert.equal([...entries.keys()], ['a'])
  const lone = Buffer.concat([one.subarray(0, 1024), two])
  assert.is((await failure(readLayer([lone], undefined))).code, 'LAYER_INVALID')
})

read.needs(['mmdebstrap', 'tar'], 'a Debian root comes in with every entry that tar lists', async () => {
  const path = await debianRootfs()
  const { entries } = await readLayer([readFileSync(path)], undefined)
  const names = (await must('tar', ['-tf', path])).trim().split('\n')
  const wanted = names.map((name) => name.replace(/^\.?\//, '').replace(/\/$/, ''))
  assert.equal([...entries.keys()].sort(), [...new Set(wanted)].sort())
})

read.run()
