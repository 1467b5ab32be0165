import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { findIgnoreFile } from '../../../sdk/engine/context/ignore-file.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { withFolder } from '../op/lab.ts'

const ignoreFile = suite('engine/context/ignore-file')

ignoreFile(
  'D7.1 the file named after the Dockerfile comes before that of the context; they are not merged',
  async () => {
    await withFolder(
      { 'ctx/.dockerignore': 'a', 'web.Dockerfile': '', 'web.Dockerfile.dockerignore': 'b' },
      (folder) => {
        assert.is(findIgnoreFile(`${folder}/ctx`, `${folder}/web.Dockerfile`)?.text, 'b')
        assert.is(findIgnoreFile(`${folder}/ctx`, `${folder}/other.Dockerfile`)?.text, 'a')
        assert.is(findIgnoreFile(`${folder}/ctx`)?.path, `${folder}/ctx/.dockerignore`)
        assert.is(findIgnoreFile(folder), undefined)
      },
    )
  },
)

ignoreFile('D7.1 the lower-case fallback still asks for Dockerfile.dockerignore', async () => {
  await withFolder({ dockerfile: '', 'Dockerfile.dockerignore': 'x', 'dockerfile.dockerignore': 'y' }, (folder) => {
    assert.is(findIgnoreFile(folder, `${folder}/Dockerfile`)?.text, 'x')
    rmSync(`${folder}/Dockerfile.dockerignore`)
    assert.is(findIgnoreFile(folder, `${folder}/Dockerfile`)?.text, 'y')
    writeFileSync(`${folder}/Dockerfile`, '')
    assert.is(findIgnoreFile(folder, `${folder}/Dockerfile`), undefined)
  })
})

ignoreFile('D7.1 a file that was named dockerfile has its own ignore file and no other', async () => {
  await withFolder({ dockerfile: '', 'Dockerfile.dockerignore': 'x' }, (folder) => {
    assert.is(findIgnoreFile(folder, `${folder}/dockerfile`), undefined)
    writeFileSync(`${folder}/dockerfile.dockerignore`, 'y')
    assert.is(findIgnoreFile(folder, `${folder}/dockerfile`)?.text, 'y')
  })
})

ignoreFile('D7.1 what cannot be read does not count', async () => {
  await withFolder({ 'Dockerfile.dockerignore/': '', '.dockerignore': 'x' }, (folder) => {
    assert.is(findIgnoreFile(folder, `${folder}/Dockerfile`)?.text, 'x')
  })
  await withFolder({}, (folder) => {
    execFileSync('mkfifo', [`${folder}/.dockerignore`])
    assert.is(findIgnoreFile(folder), undefined)
  })
})

ignoreFile.run()
