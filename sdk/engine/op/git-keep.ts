/** `--keep-git-dir`: a `.git` of one commit, which holds nothing of this machine and the same bytes on each. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Remote } from './git-remote.ts'
import type { Repository } from './git-repository.ts'
import type { Wanted } from './git-resolve.ts'
import type { Git } from './git-run.ts'

/**
 * Makes `.git` in a work tree: HEAD at the commit, the ref that was asked for, an `origin` without credentials, no history. The index
 * knows no times, so git looks at each file once when it is first used.
 */
export async function keepGitFolder(
  workTree: string,
  { git, repository, remote, wanted }: { git: Git; repository: Repository; remote: Remote; wanted: Wanted },
): Promise<void> {
  const { commit } = repository
  const object = wanted.object ?? commit
  const folder = join(workTree, '.git')
  for (const part of ['objects/pack', 'objects/info', 'refs/heads', 'refs/tags'])
    mkdirSync(join(folder, part), { recursive: true })
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  write('HEAD', `${commit}\n`)
  write('shallow', `${commit}\n`)
  write('config', configOf(remote, commit.length === 64))
  if (wanted.name !== undefined) write('packed-refs', packedRef(wanted.name, object, commit))

  const bare = { repository: repository.path }
  const objects = await git(['rev-list', '--objects', '--no-walk', '--end-of-options', commit], bare)
  const input = Buffer.concat([Buffer.from(object === commit ? '' : `${object}\n`), objects])
  const pack = ['pack-objects', '--quiet', '--threads=1', '--no-reuse-delta', '--no-reuse-object']
  await git([...pack, join(folder, 'objects', 'pack', 'pack')], { ...bare, input })
  await git(['read-tree', commit], { repository: folder, index: join(folder, 'index') })
}

function configOf({ url }: Remote, sha256: boolean): string {
  const core = `[core]\n\trepositoryformatversion = ${sha256 ? 1 : 0}\n\tfilemode = true\n\tbare = false\n`
  const format = sha256 ? '[extensions]\n\tobjectFormat = sha256\n' : ''
  const quoted = url.replace(/["\\]/g, '\\$&')
  return `${core}${format}[remote "origin"]\n\turl = "${quoted}"\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`
}

function packedRef(name: string, object: string, commit: string): string {
  const peeled = object === commit ? '' : `^${commit}\n`
  return `# pack-refs with: peeled fully-peeled sorted \n${object} ${name}\n${peeled}`
}
