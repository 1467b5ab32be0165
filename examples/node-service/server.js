import { createServer } from 'node:http'

const port = Number(process.env.PORT ?? 3000)

if (process.argv.includes('--check')) {
  const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
  process.exit(answer?.ok ? 0 : 1)
}

const server = createServer((_, response) => response.end('hello\n'))
server.listen(port)
process.once('SIGTERM', () => server.close())
