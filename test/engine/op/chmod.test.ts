import { parseMode } from '../../../sdk/engine/op/chmod.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { copy, failure, layer, show } from './lab.ts'

const chmod = suite('engine/op/chmod')

const apply = (text: string, mode: number, directory = false) => parseMode(text)(mode, directory).toString(8)

chmod('D6.40 symbolic modes, as setmode(3) reads them', () => {
  const cases: [string, number, string][] = [
    ['u=rwx,go=rx', 0o600, '755'],
    ['+x', 0o644, '755'],
    ['+X', 0o700, '711'],
    ['+u', 0o600, '666'],
    ['g+u', 0o610, '670'],
    ['a-w', 0o777, '555'],
    ['go=', 0o777, '700'],
    ['=', 0o7777, '1000'],
    ['g=u', 0o640, '660'],
    ['go=u-w', 0o700, '755'],
    ['o-g', 0o675, '670'],
    ['u+s', 0o755, '4755'],
    ['g+s', 0o755, '2755'],
    ['+s', 0o755, '6755'],
    ['+t', 0o755, '1755'],
    ['o+t', 0o755, '755'],
    ['o+s', 0o755, '755'],
    ['u+t', 0o755, '1755'],
    ['-t', 0o1755, '755'],
    ['u=rwX', 0o644, '644'],
    ['u=rwX', 0o645, '745'],
    ['u+r-w+x', 0o200, '500'],
    ['ugo+rwx', 0, '777'],
    ['u=rg', 0o750, '550'],
    ['750', 0o644, '750'],
    ['g=rwx', 0, '70'],
    ['g=x', 0o640, '610'],
    ['a-X', 0o755, '644'],
    ['u+X,g=u', 0o700, '770'],
    ['u=gr', 0o40, '440'],
    ['o+s', 0o640, '640'],
    ['o=s', 0o647, '640'],
    ['g=st', 0o640, '3600'],
    ['go=t', 0o6777, '5700'],
    ['u+rt', 0, '1400'],
    ['o+xt', 0o640, '641'],
    ['+xt', 0o640, '1640'],
    ['=t', 0o755, '1755'],
    ['=rwxXst', 0o600, '1600'],
    ['-', 0o644, '644'],
    ['ugo=ugo', 0o640, '666'],
    ['o+r-t', 0o1600, '1604'],
  ]
  for (const [text, mode, expected] of cases) assert.is(apply(text, mode), expected, `${text} on ${mode.toString(8)}`)
})

chmod('D6.40 X counts directories as executable, and looks at the mode before any change', () => {
  assert.is(apply('a+X', 0o600, true), '711')
  assert.is(apply('a+X', 0o600), '600')
  assert.is(apply('u-x,a+X', 0o700), '711')
})

chmod('D6.40 anything else is an error', async () => {
  for (const text of ['', 'u', 'u=q', 'z+x', 'u+x,', '8', '10000', '0o755', '64a', 'u+x g+x']) {
    assert.is((await failure(() => parseMode(text))).code, 'ARGUMENT_VALUE', text)
  }
})

chmod('D6.41 a number is for files and directories alike, never for links', async () => {
  const from = { 'd/s/f': 'x', 'd/l': '-> s' }
  assert.equal(await show([copy('/d', '/o/', { mode: 0o644 })], { from }), {
    o: 'dir 644 0:0',
    'o/l': '-> s',
    'o/s': 'dir 644 0:0',
    'o/s/f': '644 0:0 x',
  })
  for (const more of [{ mode: 0o600 }, { mode: 0, modeStr: 'a=r' }]) {
    const [, link] = await layer([copy('/d', '/o/', more)], { from: { 'd/l': '-> s' } })
    assert.is(link!.mode, 0o777)
  }
})

chmod('D6.41 letters start from each source entry, and leave made directories alone', async () => {
  const from = { 'd/s/': { mode: 0o700 }, 'd/s/f': { text: 'x', mode: 0o600 }, 'd/g': { text: 'y', mode: 0o711 } }
  const entries = await show([copy('/d', '/o/', { mode: 0, modeStr: 'go=rX' })], {
    from,
    base: { 'o/': { mode: 0o700 } },
  })
  assert.equal(entries, { o: 'dir 700 0:0', 'o/g': '755 0:0 y', 'o/s': 'dir 755 0:0', 'o/s/f': '644 0:0 x' })
  const closed = await show([copy('/d', '/o/', { mode: 0, modeStr: 'go=rX' })], { from: { 'd/s/': { mode: 0o600 } } })
  assert.is(closed['o/s'], 'dir 655 0:0', 'a directory that nobody may enter')
  const made = await show([copy('/d/g', '/n/m/', { mode: 0, modeStr: 'go=' })], { from })
  assert.equal(made, { n: 'dir 755 0:0', 'n/m': 'dir 755 0:0', 'n/m/g': '700 0:0 y' })
})

chmod('D6.42 special bits go to what is copied', async () => {
  const [directory, entry] = await layer([copy('/f', '/a/f', { mode: 0o6711 })], { from: { f: 'x' } })
  assert.is(directory!.mode, 0o711)
  assert.is(entry!.mode, 0o6711)
})

chmod.run()
