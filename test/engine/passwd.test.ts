import { lookupGroup, lookupUser, parseGroup, parsePasswd } from '../../sdk/engine/passwd.ts'
import { assert, suite } from '../helpers/suite.ts'
import { memory } from './op/lab.ts'

const passwd = suite('engine/passwd')

passwd('lines are read as they come, short ones too', () => {
  assert.equal(parsePasswd('root:x:0:0:root:/root:/bin/sh\r\n\n  a:b\n'), [
    { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/sh' },
    { name: 'a', uid: 0, gid: 0, home: '', shell: '' },
  ])
  assert.equal(parseGroup('#g\ng:x:5:a,b\nh:x:6:\n'), [
    { name: 'g', gid: 5, members: ['a', 'b'] },
    { name: 'h', gid: 6, members: [] },
  ])
})

passwd('the first line of a name counts', () => {
  const tree = memory({ 'etc/passwd': 'a:x:1:2::/:\na:x:3:4::/:\n', 'etc/group': 'g:x:7:\n' })
  assert.equal(lookupUser(tree, 'a'), { uid: 1, gid: 2 })
  assert.is(lookupUser(tree, 'b'), undefined)
  assert.is(lookupGroup(tree, 'g'), 7)
  assert.is(lookupGroup(memory({}), 'g'), undefined)
})

passwd.run()
