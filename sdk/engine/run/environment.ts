/** The environment of a RUN. Source: conformance D3.26, D3.30, D3.31; buildkit solver/llbsolver/ops/exec.go. */
import type { ExecMeta, ProxyEnv } from '../../plan/op.ts'

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** `NAME=value`, each name once: of two, the later counts. */
export function environment(meta: ExecMeta, home: string, secrets: readonly string[]): readonly string[] {
  const all = new Map<string, string>()
  for (const entry of [...meta.env, ...proxies(meta.proxy_env ?? {}), ...secrets]) {
    const at = entry.indexOf('=')
    all.set(at < 0 ? entry : entry.slice(0, at), at < 0 ? '' : entry.slice(at + 1))
  }
  if (!all.has('PATH')) all.set('PATH', defaultPath)
  if (!all.get('HOME')) all.set('HOME', home)
  return [...all].map(([name, value]) => `${name}=${value}`)
}

const proxies = (proxy: ProxyEnv) =>
  Object.entries(proxy).flatMap(([name, value]) =>
    value ? [`${name.toUpperCase()}=${value}`, `${name.toLowerCase()}=${value}`] : [],
  )
