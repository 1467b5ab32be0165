/** The files of git sources beside those that the BuildKit in Debian's docker checks out, for every form of a ref it knows. */
import { chmodSync, existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { build } from '../../../sdk/engine/index.ts'
import { parse } from '../../../sdk/index.ts'
import { startDocker } from '../../helpers/docker.ts'
import { startGitServer } from '../../helpers/git-server.ts'
import { must } from '../../helpers/program.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { temporaryFolder } from '../../helpers/temporary.ts'
import { flattenedTar } from '../../verb/flattened.ts'

const git = suite('engine/op/git-docker')

/** A docker without the buildx plug-in builds through BuildKit only when it is as old as Debian's. */
const client = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker'
/** Of a remote context, docker takes the Dockerfile that is in it. */
const all = 'FROM scratch\nCOPY . /\n'

git.needs(['root', 'linux', 'git', 'dockerd', 'docker'], 'the same paths, modes, owners, links and bytes', async () => {
  const [server, docker] = await Promise.all([startGitServer(), startDocker()])
  const folder = temporaryFolder()
  const env = { DOCKER_HOST: `unix://${docker.socket}`, DOCKER_CONFIG: folder, DOCKER_BUILDKIT: '1' }
  const [theirs, ours] = [join(folder, 'theirs.tar'), join(folder, 'ours.tar')]
  try {
    const inner = server.origin('inner').commit({ deep: 'x', 'sub/y': '1' })
    const origin = server.origin('repo')
    const first = origin.commit({
      Dockerfile: all,
      'dir/run.sh': '#!/bin/sh\n',
      'dir/deep/b': 'b',
    })
    origin.git('tag', '-a', 'v1', '-m', 'x')
    origin.git('branch', 'topic/x')
    // what so old a BuildKit takes for the default branch
    origin.git('branch', '--move', 'master')
    for (const [to, at] of Object.entries({
      '../a': 'dir/up',
      '/etc/passwd': 'out',
      nowhere: 'dangling',
      deep: 'dir/in',
    }))
      symlinkSync(to, join(origin.folder, at))
    chmodSync(join(origin.folder, 'dir/run.sh'), 0o755)
    origin.commit({
      'with space': '1',
      ünï: '2',
      '.hidden': '3',
      '.gitattributes': '*.crlf text eol=crlf\n',
      'x.crlf': 'a\n',
    })
    const hidden = origin.git('rev-parse', 'HEAD')
    origin.submodule('lib/inner', `${server.url}/inner.git`, inner)

    // folders it does not know yet; and of a submodule that it has seen it leaves the files in older commits
    for (const ref of ['#v1', '#topic/x', `#${first}`, `#${hidden}`, '', '#master']) {
      const url = `${server.url}/repo.git${ref}`
      await must(client, ['build', '--no-cache', '-o', `type=tar,dest=${theirs}`, url], { env })
      const outputs = [`type=tar,dest=${ours}`]
      await build(parse(`FROM scratch\nADD ${url} /\n`), { store: join(folder, 'store'), outputs })
      // of a submodule BuildKit leaves a .git that points nowhere
      const files = async (path: string) => (await flattenedTar(path)).filter((line) => !/(^|\/)\.git /.test(line))
      const found = await files(ours)
      assert.ok(found.length > 2, ref)
      assert.equal(found, await files(theirs), ref)
    }
  } finally {
    await Promise.all([docker.stop(), server.stop()])
  }
})

git.run()
