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

find.run()
