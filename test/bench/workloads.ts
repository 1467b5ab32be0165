/** The folders that are built, each made anew where a cold build must find nothing. */
import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** 20,000 files of 3.2 KB in 200 folders, 64 MB; text that compresses about as code does. */
export function manyFiles(folder: string, count = 20_000): void {
  const words = Array.from({ length: 512 }, () => randomBytes(4).toString('hex'))
  for (let n = 0; n < count; n++) {
    const directory = join(folder, 'files', `d${Math.floor(n / 100)}`)
    if (n % 100 === 0) mkdirSync(directory, { recursive: true })
    let text = ''
    while (text.length < 3200) text += `${words[Math.floor(Math.random() * 512)]} `
    writeFileSync(join(directory, `f${n}.txt`), text)
  }
}

/** `big`: a gigabyte that does not compress. */
export function bigFile(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (let written = 0; written < 1000; written++) appendFileSync(join(folder, 'big'), randomBytes(1_000_000))
}

/** Writes a Dockerfile. */
export function dockerfile(folder: string, lines: readonly string[]): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`)
}

/** COPY of the files that `manyFiles` made. */
export const copyFiles = (base: string) => [`FROM ${base}`, 'COPY files /files']

/** 20 trivial RUN lines. */
export const runTwenty = (base: string) => [
  `FROM ${base}`,
  ...Array.from({ length: 20 }, (_, n) => `RUN echo ${n} > /n${n}`),
]

/** Four stages that sleep 2 s each, then joined. */
export const diamond = (base: string) => [
  ...['a', 'b', 'c', 'd'].flatMap((name) => [`FROM ${base} AS ${name}`, `RUN sleep 2 && echo ${name} > /${name}`]),
  `FROM ${base}`,
  ...['a', 'b', 'c', 'd'].map((name) => `COPY --from=${name} /${name} /${name}`),
]

/** A RUN that writes 500 MB that does not compress, and copies /usr. */
export const bigWrite = (base: string) => [
  `FROM ${base}`,
  'RUN head -c 500000000 /dev/urandom > /big && cp -a /usr /usr2',
]

/** COPY --from of 20,000 files, to another path: to the same one there is a layer already. */
export const copyFrom = (base: string) => [
  `FROM ${base} AS files`,
  'COPY files /files',
  `FROM ${base}`,
  'COPY --from=files /files /copied',
]
