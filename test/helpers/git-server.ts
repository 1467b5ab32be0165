/** A real git server on loopback: `git http-backend` behind a small HTTP server, and repositories made in a test. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import { startServer } from './registry.ts'
import { temporaryFolder } from './temporary.ts'

/** A work tree whose commits a server hands out. */
export interface Origin {
  readonly folder: string
  git(...args: readonly string[]): string
  /** Writes files and commits them; answers the commit. */
  commit(files: Readonly<Record<string, string>>, time?: number): string
  /** Commits a submodule. Without `git submodule add`, which would ask the server of this process while it waits. */
  submodule(path: string, url: string, commit: string): void
}

/** A server of the repositories in a folder. */
export interface GitServer {
  readonly url: string
  /** `127.0.0.1:port` */
  readonly host: string
  /** What was asked: `GET /repo.git/info/refs?service=… <authorization>`. */
  readonly requests: string[]
  /** How many packs were asked for. */
  readonly fetches: number
  /** Where the repositories are. */
  readonly root: string
  /** A repository served as `/NAME.git`. */
  origin(name: string, format?: 'sha1' | 'sha256'): Origin
  stop(): Promise<void>
}

const identity = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C' }

/** Runs git in a folder as a user of the test's. */
export function gitIn(folder: string, args: readonly string[], time = 1_600_000_000): string {
  const date = `${time} +0000`
  const env = { ...identity, PATH: process.env['PATH'], GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
  const config = [
    'user.name=Test',
    'user.email=test@example.com',
    'protocol.file.allow=always',
    'init.defaultBranch=main',
  ]
  const all = [...config.flatMap((setting) => ['-c', setting]), ...args]
  return execFileSync('git', all, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

/** @param before  sees each request first; answers true when it has dealt with it */
export async function startGitServer(
  before: (request: IncomingMessage, response: ServerResponse) => boolean = () => false,
): Promise<GitServer> {
  const root = temporaryFolder()
  const requests: string[] = []
  let fetches = 0
  const { host, stop } = await startServer((request, response) => {
    request.on('data', (piece: Buffer) => {
      if (piece.includes('command=fetch')) fetches++
    })
    requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? '-'}`)
    if (!before(request, response)) backend(root, request, response)
  })
  return {
    url: `http://${host}`,
    host,
    requests,
    get fetches() {
      return fetches
    },
    root,
    origin: (name, format = 'sha1') => makeOrigin(join(root, `${name}.git`), format),
    stop,
  }
}

function makeOrigin(folder: string, format: string): Origin {
  mkdirSync(folder)
  gitIn(folder, ['init', '--quiet', `--object-format=${format}`])
  const git = (...args: readonly string[]) => gitIn(folder, args)
  return {
    folder,
    git,
    submodule(path, url, commit) {
      git('config', '-f', '.gitmodules', `submodule.${path}.path`, path)
      git('config', '-f', '.gitmodules', `submodule.${path}.url`, url)
      git('add', '.gitmodules')
      git('update-index', '--add', '--cacheinfo', `160000,${commit},${path}`)
      git('commit', '--quiet', '--message', 'a submodule')
    },
    commit(files, time) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), text)
      }
      gitIn(folder, ['add', '--all'])
      gitIn(folder, ['commit', '--quiet', '--allow-empty', '--message', 'a commit'], time)
      return gitIn(folder, ['rev-parse', 'HEAD'])
    },
  }
}

/** One request as CGI. Source: git-http-backend(1), RFC 3875. */
function backend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url!, 'http://x')
  const child = spawn('git', ['-c', 'safe.directory=*', 'http-backend'], {
    env: {
      ...identity,
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  request.pipe(child.stdin)
  child.stdin.on('error', () => {})
  response.on('close', () => child.kill('SIGKILL'))
  let head = Buffer.alloc(0)
  child.stdout.on('data', (piece: Buffer) => {
    if (response.headersSent) return void response.write(piece)
    head = Buffer.concat([head, piece])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    const fields = head.subarray(0, end).toString().split('\r\n')
    const headers = fields.map((line) => /^([^:]+):\s*(.*)$/.exec(line)!.slice(1) as [string, string])
    const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1]
    const rest = headers.filter(([name]) => name.toLowerCase() !== 'status')
    response.writeHead(status ? Number.parseInt(status, 10) : 200, Object.fromEntries(rest))
    response.write(head.subarray(end + 4))
  })
  child.stdout.on('end', () => response.end())
}
