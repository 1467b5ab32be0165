/** The mounts of RUN: what they show, what is kept, and what hostile images and builds cannot do with them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Mount } from '../../../sdk/plan/op.ts'
import { failure } from '../../helpers/failure.ts'
import { assert, suite } from '../../helpers/suite.ts'
import { Bench, type RunMore } from '../run/fixture.ts'

const exec = suite('engine/op/exec-mounts')
const needs = ['linux', 'root', 'busybox']

const bench = new Bench()
const base = bench.busybox()
exec.after(() => bench.remove())

const run = (script: string, mounts: readonly Mount[], more: RunMore = {}) =>
  bench.run(script, { layers: [base], ...more, op: { ...more.op, mounts } })

const cache = (id: string, more: Partial<Mount> = {}): Mount => ({
  dest: '/c',
  mountType: 3,
  cacheOpt: { ID: id },
  ...more,
})
const secret = (id: string, more: object = {}): Mount => ({
  dest: '/run/secrets/s',
  mountType: 1,
  readonly: true,
  secretOpt: { ID: id, mode: 0o400, ...more },
})

const source = () =>
  bench.make((folder) => {
    mkdirSync(join(folder, 'sub'))
    writeFileSync(join(folder, 'sub/file'), 'content')
    symlinkSync('/sub', join(folder, 'absolute'))
    symlinkSync('/../../../../etc', join(folder, 'outside'))
    symlinkSync('/', join(folder, 'slash'))
  })

exec.needs(needs, 'D5.20 bind shows a snapshot read-only, and its selected part', async () => {
  const mounts = [{ snapshot: { layers: [source()] } }]
  const { said, directory } = await run(
    'cat /src/file; touch /src/new || echo refused',
    [{ dest: '/src', selector: '/sub', readonly: true }],
    { mounts },
  )
  assert.match(said, 'content')
  assert.match(said, 'Read-only file system')
  assert.match(said, 'refused')
  assert.equal(readdirSync(directory), [])
  const file = await run('cat /one', [{ dest: '/one', selector: 'absolute/file', readonly: true }], { mounts })
  assert.is(file.said, 'content')
  assert.equal(readdirSync(file.directory), [])
})

exec.needs(needs, 'D5.20 what is written to a writable bind is thrown away', async () => {
  const layer = source()
  const mounts = [{ snapshot: { layers: [layer] } }]
  const { said, outputs } = await run('echo new > /src/sub/file; cat /src/sub/file', [{ dest: '/src', output: -1 }], {
    mounts,
  })
  assert.is(said, 'new\n')
  assert.is(outputs.length, 1)
  assert.is(readFileSync(join(await layer.directory(), 'sub/file'), 'utf8'), 'content')
})

exec.needs(needs, 'gives the layer of a writable bind that has an output', async () => {
  const { outputs } = await run('echo new > /src/more', [{ dest: '/src', output: 1 }], {
    mounts: [{ snapshot: { layers: [source()] } }],
  })
  assert.is(outputs.length, 2)
  assert.equal(readdirSync(await outputs[1]!.directory()), ['more'])
})

exec.needs(needs, 'D5.12 says which source of a mount is missing', async () => {
  const error = await failure(
    run('true', [{ dest: '/src', selector: '/none', readonly: true }], {
      mounts: [{ snapshot: { layers: [source()] } }],
    }),
  )
  assert.is(error.code, 'MOUNT_FAILED')
  assert.match(error.message, '"/none"')
})

exec.needs(needs, 'A17 a source that is a link leads nowhere outside of its own root', async () => {
  const mounts = [{ snapshot: { layers: [source()] } }]
  const slash = await run('ls /src', [{ dest: '/src', selector: 'slash', readonly: true }], { mounts })
  assert.is(slash.said, 'absolute\noutside\nslash\nsub\n')
  for (const selector of ['outside', '../../../etc', 'absolute/../../../etc/passwd']) {
    const error = await failure(run('ls /src', [{ dest: '/src', selector, readonly: true }], { mounts }))
    assert.is(error.code, 'MOUNT_FAILED')
  }
})

exec.needs(
  needs,
  'D4.2.7 A18 a mount target that the RUN replaces is not followed when stubs are taken away',
  async () => {
    const victim = join(bench.folder, 'victim')
    mkdirSync(victim)
    mkdirSync(join(victim, 'd'))
    const { directory } = await run(
      `mv /a /b && ln -s ${victim} /a; mkdir -p /keep/x; rm /etc/motd 2>/dev/null; true`,
      [cache('a18', { dest: '/a/d' })],
    )
    assert.ok(existsSync(join(victim, 'd')))
    assert.ok(readdirSync(directory).includes('keep'))
  },
)

exec.needs(needs, 'D4.2.7 keeps a target that the image or the RUN gave content', async () => {
  const layer = bench.make((folder) => mkdirSync(join(folder, 'c')))
  const had = await run('true', [cache('kept')], { layers: [base, layer] })
  assert.equal(readdirSync(had.directory), [])
  const parents = await run('touch /p/q/mine', [cache('kept', { dest: '/p/q/c' })])
  assert.equal(readdirSync(join(parents.directory, 'p/q')), ['mine'])
})

exec.needs(needs, 'A14 devices and system folders of the image that are links lead nowhere', async () => {
  const victim = join(bench.folder, 'a14')
  mkdirSync(victim)
  writeFileSync(join(victim, 'null'), 'untouched')
  const image = bench.make((folder) => {
    mkdirSync(join(folder, 'dev'))
    symlinkSync(join(victim, 'null'), join(folder, 'dev/null'))
    symlinkSync(victim, join(folder, 'dev/pts'))
    symlinkSync('/proc/self/fd', join(folder, 'srv'))
  })
  await run('echo x > /dev/null; test -c /dev/null; ls /dev/pts', [], { layers: [base, image] })
  const linked = bench.make((folder) => {
    for (const name of ['proc', 'sys', 'dev']) symlinkSync(victim, join(folder, name))
    mkdirSync(join(folder, 'run'))
    symlinkSync(victim, join(folder, 'run/secrets'))
  })
  bench.secrets.set('s', 'shown')
  await run('true', [secret('s')], { layers: [base, linked] }).catch(() => {})
  assert.equal(readdirSync(victim), ['null'])
  assert.is(readFileSync(join(victim, 'null'), 'utf8'), 'untouched')
})

exec.needs(needs, 'D5.21 D5.24 a cache is there again in the next RUN, and in no layer', async () => {
  const first = await run('echo kept > /c/file', [cache('again')])
  assert.equal(readdirSync(first.directory), [])
  assert.is((await run('cat /c/file', [cache('again')])).said, 'kept\n')
  assert.is((await run('ls /c', [cache('other')])).said, '')
  assert.is((await run('ls /c', [cache('again')], { cacheNamespace: 'ns' })).said, '')
  const readonly = await run('cat /c/file; touch /c/x || echo refused', [cache('again', { readonly: true })])
  assert.match(readonly.said, 'kept')
  assert.match(readonly.said, 'refused')
})

exec.needs(needs, 'A15 the id of a cache is no path', async () => {
  const before = readdirSync(bench.folder).filter((name) => !name.startsWith('layer-'))
  for (const id of ['../../..', '/etc', '..', 'a/../../b', '\0']) await run('echo x > /c/escaped', [cache(id)])
  assert.equal(
    readdirSync(bench.folder).filter((name) => !name.startsWith('layer-')),
    before,
  )
  assert.not.ok(existsSync('/etc/escaped'))
})

exec.needs(needs, 'D5.22 a new cache starts with a snapshot, and belongs to whom that says', async () => {
  const start = bench.make((folder) => {
    mkdirSync(join(folder, 'cache'), { mode: 0o750 })
    writeFileSync(join(folder, 'cache/first'), '1')
  })
  const mounts = [{ snapshot: { layers: [start] } }]
  const first = await run('cat /c/first; rm /c/first; stat -c %a /c', [cache('start', { selector: '/cache' })], {
    mounts,
  })
  assert.is(first.said, '1750\n')
  assert.is((await run('ls /c', [cache('start', { selector: '/cache' })], { mounts })).said, '')
  const error = await failure(run('ls /c', [cache('start', { selector: '/none' })], { mounts }))
  assert.is(error.code, 'MOUNT_FAILED')
})

exec.needs(
  needs,
  'A15 A16 the source in a cache is a link that leads out, or is swapped for one meanwhile',
  async () => {
    await run('ln -s / /c/root; ln -s ../../../../../../../../etc /c/out; mkdir /c/dir; touch /c/dir/inside', [
      cache('a16'),
    ])
    const root = await run('ls /c', [cache('a16', { selector: 'root' })])
    assert.match(root.said, 'dir')
    const error = await failure(run('ls /c', [cache('a16', { selector: 'out' })]))
    assert.is(error.code, 'MOUNT_FAILED')
    const stop = new AbortController()
    const swapping = run(
      'while :; do mv /c/dir /c/dir2; ln -s /etc /c/dir; rm /c/dir; mv /c/dir2 /c/dir; done',
      [cache('a16')],
      { signal: stop.signal },
    ).catch(() => {})
    const other = new Bench(bench.folder)
    for (let round = 0; round < 15; round++) {
      const seen = await other
        .run('ls /c', { layers: [base], op: { mounts: [cache('a16', { selector: 'dir' })] } })
        .then(
          ({ said }) => said,
          () => '',
        )
      assert.ok(seen === '' || seen === 'inside\n', seen)
    }
    stop.abort()
    await swapping
  },
)

exec.needs(needs, 'D5.21 locked waits, private makes another, shared shares', async () => {
  const other = new Bench(bench.folder)
  const both = async (sharing: 0 | 1 | 2) => {
    const mounts = [cache(`sharing-${sharing}`, { cacheOpt: { ID: `sharing-${sharing}`, sharing } })]
    // Each waits for the other: for long where they are to meet, for a moment where they are not.
    const tries = sharing === 0 ? 100 : 4
    const script = `me=/c/$(cat /proc/sys/kernel/random/uuid); touch $me; n=0
      while [ $n -lt ${tries} ]; do
        if [ $(ls /c | wc -l) -gt 1 ]; then echo met; sleep 1; break; fi
        sleep 0.1; n=$((n + 1))
      done; rm -f $me`
    const all = await Promise.all([bench, other].map((one) => one.run(script, { layers: [base], op: { mounts } })))
    return all.map(({ said }) => said).join('')
  }
  assert.match(await both(0), /met/)
  assert.is(await both(1), '')
  assert.is(await both(2), '')
})

exec.needs(needs, 'one cache mounted twice in one RUN is one directory, even when it is locked', async () => {
  const twice = ['/c', '/d'].map((dest) => cache('twice', { dest, cacheOpt: { ID: 'twice', sharing: 2 } }))
  assert.is((await run('touch /c/x; ls /d', twice)).said, 'x\n')
})

exec.needs(needs, 'D5.25 tmpfs is empty, has its size, and is gone afterwards', async () => {
  const mounts: Mount[] = [{ dest: '/tmp', mountType: 4, TmpfsOpt: { size: 1 << 20 } }]
  const { said, directory } = await run(
    'df -k /tmp | tail -1 | tr -s " " | tr "\\n" " "; echo x > /tmp/x; ls -A /tmp',
    mounts,
  )
  assert.match(said, /\b1024 .*x\n$/)
  assert.equal(readdirSync(directory), [])
})

exec.needs(needs, 'D5.26 a secret is a read-only file with its owner and mode', async () => {
  bench.secrets.set('token', 'hush')
  const { said, directory } = await run(
    'cat /run/secrets/s; stat -c " %a %u:%g" /run/secrets/s; echo x > /run/secrets/s || grep secrets /proc/mounts',
    [secret('token', { mode: 0o440, uid: 1000, gid: 50 })],
  )
  assert.match(said, /^hush 440 1000:50\n/)
  assert.match(said, /\/run\/secrets\/s tmpfs ro,nosuid,nodev,noexec/)
  assert.equal(readdirSync(directory), [])
})

exec.needs(needs, 'D5.28 a secret that is missing is skipped, unless it is required', async () => {
  assert.match((await run('test -e /run/secrets/s || echo none', [secret('absent', { optional: true })])).said, 'none')
  const error = await failure(run('true', [secret('absent')]))
  assert.is(error.code, 'MOUNT_FAILED')
  assert.match(error.hint ?? '', '--secret id=absent')
})

exec.needs(needs, 'D5.27 a secret is a variable, after all others', async () => {
  bench.secrets.set('token', 'hush')
  const op = {
    secretenv: [
      { ID: 'token', name: 'TOKEN' },
      { ID: 'absent', name: 'ABSENT', optional: true },
    ],
  }
  const { said } = await run('echo "$TOKEN ${ABSENT-unset}"', [], { op, meta: { env: ['TOKEN=plain'] } })
  assert.is(said, 'hush unset\n')
})

exec.needs(
  needs,
  'A30 no secret lies in a file, in a command line or in an event, while it runs or after',
  async () => {
    const canary = 'canary-5f2d8c'
    bench.secrets.set('canary', canary)
    const running = run('sha256sum /run/secrets/s >/dev/null; sleep 1', [secret('canary')], {
      op: { secretenv: [{ ID: 'canary', name: 'CANARY' }] },
    })
    let looked = 0
    for (let round = 0; round < 4; round++) {
      await new Promise((resolve) => setTimeout(resolve, 150))
      looked += search(bench.folder, canary)
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
          assert.not.match(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), canary)
        } catch (thrown) {
          if ((thrown as NodeJS.ErrnoException).code === undefined) throw thrown
        }
      }
    }
    const { directory } = await running
    assert.ok(looked > 0)
    search(bench.folder, canary)
    assert.equal(readdirSync(directory), [])
    assert.not.match(JSON.stringify(bench.events), canary)
    const error = await failure(run('exit 3', [secret('canary')]))
    assert.not.match(JSON.stringify(error) + error.message, canary)
  },
)

/** Looks for a text in all small files below a folder; how many were read. */
function search(folder: string, text: string): number {
  let count = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name)
    if (!entry.isFile() || !existsSync(path) || statSync(path).size > 1 << 20) continue
    assert.not.match(readFileSync(path, 'latin1'), text)
    count++
  }
  return count
}

exec.needs(needs, 'D5.29 ssh gives the socket of an agent', async () => {
  const socket = join(bench.folder, 'agent')
  const server = createServer((client) => client.end('agent says hi\n'))
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  bench.agents.set('default', socket)
  const ssh: Mount = { dest: '/run/buildkit/ssh_agent.0', mountType: 2, SSHOpt: { ID: '', mode: 0o600 } }
  try {
    const { said, directory } = await run('test -S /run/buildkit/ssh_agent.0 && echo socket', [ssh])
    assert.is(said, 'socket\n')
    assert.equal(readdirSync(directory), [])
  } finally {
    server.close()
    bench.agents.clear()
  }
  const error = await failure(run('true', [ssh]))
  assert.is(error.code, 'MOUNT_FAILED')
  await run('true', [{ ...ssh, SSHOpt: { ID: '', optional: true } }])
})

exec.needs(needs, 'mounts inside mounts, in the order of the op', async () => {
  const { said } = await run(
    'ls /c; cat /c/sub/file',
    [cache('nested'), { dest: '/c/sub', selector: 'sub', readonly: true }],
    { mounts: [{}, { snapshot: { layers: [source()] } }] },
  )
  assert.is(said, 'sub\ncontent')
})

exec.needs(needs, 'D1.61 a here-document lies below /dev', async () => {
  const script = bench.make((folder) =>
    writeFileSync(join(folder, 'EOF'), '#!/bin/sh\necho from here', { mode: 0o755 }),
  )
  const { said, directory } = await run('/dev/pipes/EOF', [{ dest: '/dev/pipes/', readonly: true }], {
    mounts: [{ snapshot: { layers: [script] } }],
  })
  assert.is(said, 'from here\n')
  assert.equal(readdirSync(directory), [])
})

exec.run()
