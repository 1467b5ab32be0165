/** Who a RUN runs as. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findUser } from '../../../sdk/engine/run/user.ts'
import { assert, suite } from '../../helpers/suite.ts'

const users = suite('engine/run/user')
const folder = mkdtempSync(join(tmpdir(), 'imgsdk-user-'))
users.after(() => rmSync(folder, { recursive: true }))

let count = 0
function root(passwd?: string, group?: string): string {
  const path = join(folder, String(count++))
  mkdirSync(join(path, 'etc'), { recursive: true })
  if (passwd !== undefined) writeFileSync(join(path, 'etc/passwd'), passwd)
  if (group !== undefined) writeFileSync(join(path, 'etc/group'), group)
  return path
}

const fails = (body: () => unknown, text: RegExp) =>
  assert.throws(
    body,
    (thrown: { code?: string; message: string }) => thrown.code === 'USER_UNKNOWN' && text.test(thrown.message),
  )

users('D4.2.5 without files only numbers are users', () => {
  const bare = root()
  assert.equal(findUser(bare, ''), { uid: 0, gid: 0, groups: [0], home: '/' })
  assert.equal(findUser(bare, '7'), { uid: 7, gid: 0, groups: [0], home: '/' })
  assert.equal(findUser(bare, '7:8'), { uid: 7, gid: 8, groups: [8], home: '/' })
  assert.equal(findUser(bare, 'root:root'), { uid: 0, gid: 0, groups: [0], home: '/' })
  fails(() => findUser(bare, 'root'), /unable to find user "root".*no \/etc\/passwd/)
  fails(() => findUser(bare, '7:staff'), /unable to find group "staff"/)
})

users('D4.2.5 the first line that has the name or the number counts', () => {
  const image = root('\nbroken\n 9:x:1:2::/nine: \nnine:x:9:3::/later:\n', 'g:x:5:9,other\nh:x:6:nine\n')
  assert.equal(findUser(image, '9'), { uid: 1, gid: 2, groups: [2, 5], home: '/nine' })
  assert.equal(findUser(image, 'nine'), { uid: 9, gid: 3, groups: [3, 6], home: '/later' })
  assert.equal(findUser(image, 'nine:g'), { uid: 9, gid: 5, groups: [5], home: '/later' })
  assert.equal(findUser(image, ':g').gid, 5)
})

users('D4.2.5 refuses ids out of range, files that are none, and files that are too large', () => {
  fails(() => findUser(root(''), '4294967296'), /expected 0 to/)
  fails(() => findUser(root(''), '1:-5'), /expected 0 to/)
  fails(() => findUser(root('x:x:99999999999:0::/:'), 'x'), /expected 0 to/)
  const outside = root()
  symlinkSync('/etc/passwd', join(outside, 'etc/passwd'))
  fails(() => findUser(outside, 'root'), /unable|circle/)
  fails(() => findUser(root('a:x:1:1::/:\n' + 'x'.repeat(10 << 20)), 'a'), /bytes/)
})

users.run()
