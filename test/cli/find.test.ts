/** Which file describes the image. */
import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { findImageFile } from '../../cli/find.ts'
import { assert, suite } from '../helpers/suite.ts'
import { temporaryFolder } from '../helpers/temporary.ts'

const find = suite('cli/find')

find('D7.13 where there is no Dockerfile, dockerfile will do', async () => {
  const folder = await temporaryFolder()
  writeFileSync(join(folder, 'dockerfile'), 'FROM scratch\n')
  for (const given of [folder, join(folder, 'Dockerfile'), join(folder, 'dockerfile')]) {
    const { file, spelling } = findImageFile(given)
    assert.equal([basename(file), spelling], ['dockerfile', 'dockerfile'])
  }
  assert.throws(() => findImageFile(join(folder, 'Other')), /there is no file/)
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n')
  assert.is(basename(findImageFile(folder).file), 'Dockerfile')
})

find('a file of nearly the right name is offered', () => {
  for (const name of ['Image.ts', 'images.ts', 'Dockerfil']) {
    const folder = temporaryFolder()
    writeFileSync(join(folder, name), '')
    try {
      findImageFile(folder)
      assert.unreachable()
    } catch (error) {
      assert.is((error as { hint?: string }).hint, `did you mean ${name}? name it as the first argument`)
    }
  }
})

find('every ending of a script makes it one', () => {
  const folder = temporaryFolder()
  for (const end of ['ts', 'mts', 'cts', 'tsx', 'js', 'mjs', 'cjs', 'jsx']) {
    writeFileSync(join(folder, `web.${end}`), '')
    assert.is(findImageFile(join(folder, `web.${end}`)).spelling, 'typescript')
  }
})

find.run()
