/** Whole images made by chance: RUN, ignore files, and everything that only changes the config, beside copies and archives. */
import type { Chance } from '../../laws/fuzz.ts'
import { type CaseOptions, randomLine } from './random-cases.ts'
import { linesOf } from './stages.ts'

/** What every image begins with: a shell, and the directory `/0` with the files of a case. */
export const imageHead =
  'FROM scratch AS src\nADD src.tar /\nFROM scratch AS base\nADD rootfs.tar /\nADD base.tar /\nCOPY --from=src /etc/passwd /etc/group /etc/\n'

const patterns = `* ** a d *.txt **/*.txt !a !d/a d/* !**/a /b ./c.txt d/** **/d ? [a-c] [^a]* !*.md S !S/** */a */*/a
  d/ # \\a z[[]1] .h !.h **/.h ü ../a d/../a a** **a d/**/a !d !d/** *.tar !d/*/a`.split(/\s+/)

/** An ignore file; empty: none. What an image begins with stays. */
export function randomIgnore({ below, pick }: Chance): string {
  if (below(100) < 40) return ''
  const chosen = Array.from({ length: 1 + below(4) }, () => pick(patterns))
  return [...chosen, '!src.tar', '!base.tar', '!rootfs.tar', ''].join('\n')
}

const lines = (text: string) => text.trim().split(/\n\s*/)

const scripts = lines(`
  true
  touch /0/x/t /0/t
  rm -rf /0/merge
  rm -f /0/lf; echo 1 > /0/lf
  mkdir -p /0/real/d/e
  mv /0/real /0/moved
  ln -s real /0/ls; ln /0/file /0/hard
  chmod 700 /0/merge; chmod u+s /0/file
  chown -R 5:6 /0/merge
  rm -rf /0/merge; mkdir /0/merge; echo new > /0/merge/f
  echo more >> /0/file
  cp -a /0/merge /0/copied
  rm /0/file; mkdir /0/file; touch /0/file/in
  echo $(id -u):$(id -g) $(pwd) > /0/who
  env | sort | grep -v -e HOSTNAME -e OTEL -e TRACE > /0/env
  find /0 -type f -exec touch -d @1000000007 {} +
  mkfifo /0/fifo; rm /0/fifo
  rmdir /0/none`)
const configs = lines(`
  ENV A=b C="d e"
  ENV A=$A:x
  ENV PATH=$PATH:/q
  LABEL l=$A "m n"='o p'
  ARG Q=1
  VOLUME /v /0/merge
  CMD ["x"]
  CMD x $A
  ENTRYPOINT ["e"]
  ENTRYPOINT e
  STOPSIGNAL 9
  SHELL ["/bin/sh","-ec"]
  ONBUILD RUN x
  MAINTAINER me <m@e>
  USER app
  USER 5:6
  USER 0
  WORKDIR /0/w
  WORKDIR sub
  WORKDIR /
  COPY --from=src /t /0/from`)
// An older builder has other groups for root, forgets an ARG without a value, another text for the history of the rest, and leaves behind the directories of mounts.
const newerLines = lines(`
  RUN id > /0/who
  ARG Q
  EXPOSE 80 53/udp 81-82
  HEALTHCHECK NONE
  HEALTHCHECK --interval=3s --retries=2 CMD x`)
const mounts = lines(`
  type=tmpfs,target=/0/tmp
  type=cache,target=/0/cache
  type=bind,target=/0/ctx
  type=bind,from=src,target=/0/real`)

/** The lines of an image, from one stage or two; the head stands before them. */
export function randomImage(random: Chance, paths: readonly string[], options: CaseOptions): string {
  const { below, pick } = random
  const stage = (from: string, name: string) => {
    const steps = Array.from({ length: 1 + below(6) }, () => {
      const kind = below(100)
      if (kind < 30) return linesOf(randomLine(random, paths, options.newer), 0)
      if (kind < 60) return `RUN ${options.newer && below(100) < 20 ? `--mount=${pick(mounts)} ` : ''}${pick(scripts)}`
      return pick(options.newer && below(10) === 0 ? newerLines : configs)
    })
    return [`FROM ${from} AS ${name}`, ...steps].join('\n')
  }
  const one = stage('base', 'one')
  if (below(100) < 60) return one
  return `${one}\n${stage(pick(['one', 'base']), 'two')}\n${pick(['COPY --from=one /0 /1', 'COPY --from=base /0/real /1/', 'ENV LAST=1'])}`
}
