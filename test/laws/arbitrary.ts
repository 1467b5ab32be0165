/** Generated graphs: every instruction, with values that are awkward to spell. */
import fc from 'fast-check'
import { graphVersion, type Instruction, type Stage } from '../../sdk/graph/graph.ts'
import { linkNames } from '../../sdk/graph/link.ts'
import { type Part, type Template, template } from '../../sdk/graph/template.ts'

/** Characters that mean something to the lexer, the shell, or neither. */
const awkward = fc.constantFrom(...'ab1 /.-_$\\"\'`#{}[]()<>=,:;&|*?!~^%@+é漢\t'.split(''))
const text = fc.string({ unit: awkward, minLength: 1, maxLength: 12 })
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/)

const { template: anyTemplate } = fc.letrec<{ template: Template; variable: Part }>((tie) => ({
  template: fc
    .array(fc.oneof({ arbitrary: text, weight: 3 }, { arbitrary: tie('variable'), weight: 1 }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((parts) => template(parts as Part[])),
  variable: fc.oneof(
    { depthSize: 'small' },
    name.map((name): Part => ({ var: name })),
    fc
      .record({ var: name, op: fc.constantFrom('-', ':-', '+', ':+', '?', ':?' as const), word: tie('template') })
      .map((variable) => variable as Part),
  ),
}))

const line = text.map((value) => value.trim()).filter((value) => value !== '')
const shell = fc.oneof(
  line,
  fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => `${lines.join('\n')}\n`),
)
const argv = fc.array(fc.string({ unit: fc.oneof(awkward, fc.constantFrom('\n', '\u0001', '\u2028')), maxLength: 8 }), {
  maxLength: 4,
})
const command = fc.oneof(
  argv.map((args) => ({ form: 'exec', args })),
  line.map((text) => ({ form: 'shell', text })),
)
const pairs = fc.array(fc.record({ key: name, value: anyTemplate }), { minLength: 1, maxLength: 3 })

/** The optional fields that were drawn, absent ones left out. */
function record<T>(
  required: { [K in keyof T]: fc.Arbitrary<T[K]> },
  optional: Record<string, fc.Arbitrary<unknown>> = {},
) {
  return fc.record({ ...required, ...optional } as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: Object.keys(required),
  })
}

const path = anyTemplate
const mount = record<{ target: Template }>(
  { target: path },
  {
    type: fc.constantFrom('cache', 'tmpfs', 'secret', 'ssh'),
    id: line,
    uid: fc.constant('5'),
    mode: fc.constant('0700'),
  },
)
const nanoseconds = fc.integer({ min: 1, max: 100_000 }).map((n) => n * 1_000_000)
const kept = {
  chown: anyTemplate,
  chmod: fc.constantFrom('755', '0644', 'u=rwX,go=rX'),
  link: fc.constant(true),
  exclude: fc.array(line, { minLength: 1, maxLength: 2 }),
}
const content = fc.record({ name: fc.stringMatching(/^[A-Z][A-Z0-9]{0,4}$/), data: anyTemplate.map(endInNewline) })

function endInNewline(data: Template): Template {
  return template([...(typeof data === 'string' ? [data] : data), '\n'])
}

const args: Record<string, fc.Arbitrary<object>> = {
  RUN: record(
    {
      command: fc.oneof(
        command,
        shell.map((text) => ({ form: 'shell', text })),
      ),
    },
    {
      mount: fc.array(mount, { minLength: 1, maxLength: 2 }),
      network: fc.constantFrom('none', 'host'),
      security: fc.constant('insecure'),
    },
  ),
  CMD: fc.record({ command }),
  ENTRYPOINT: fc.record({ command }),
  SHELL: fc.record({ shell: argv.filter((args) => args.length > 0) }),
  ENV: fc.record({ variables: pairs }),
  LABEL: fc.record({ labels: pairs }),
  ARG: fc.record({ variables: fc.array(record({ name }, { default: anyTemplate }), { minLength: 1, maxLength: 3 }) }),
  WORKDIR: fc.record({ path }),
  USER: fc.record({ user: anyTemplate }),
  STOPSIGNAL: fc.record({ signal: anyTemplate }),
  VOLUME: fc.record({ paths: fc.array(anyTemplate, { minLength: 1, maxLength: 3 }) }),
  MAINTAINER: fc.record({ name: line }),
  ONBUILD: fc.record({ trigger: fc.constantFrom('RUN make', 'COPY . /app', 'ENV A=$B') }),
  HEALTHCHECK: record(
    {
      test: fc.oneof(
        fc.constant({ form: 'none' }),
        argv.filter((args) => args.length > 0).map((args) => ({ form: 'exec', args })),
        line.map((text) => ({ form: 'shell', text })),
      ),
    },
    {
      interval: nanoseconds,
      timeout: nanoseconds,
      'start-period': nanoseconds,
      retries: fc.integer({ min: 1, max: 9 }),
    },
  ),
  COPY: record(
    { sources: fc.array(path, { minLength: 1, maxLength: 3 }), dest: path },
    { ...kept, parents: fc.constant(true), contents: fc.array(content, { minLength: 1, maxLength: 2 }) },
  ),
  ADD: record(
    { sources: fc.array(path, { minLength: 1, maxLength: 3 }), dest: path },
    { ...kept, 'keep-git-dir': fc.boolean(), unpack: fc.boolean() },
  ),
}

/** One instruction of any kind that stands inside a stage, EXPOSE apart: its words have a form of their own. */
export const anyInstruction: fc.Arbitrary<Instruction> = fc.oneof(
  ...Object.entries(args).map(([keyword, arbitrary]) => arbitrary.map((args): Instruction => ({ keyword, args }))),
)

/** Graphs of one to three stages that start from and copy from each other. */
export const anyGraph = fc
  .array(
    fc.record({
      instructions: fc.array(anyInstruction, { maxLength: 5 }),
      named: fc.boolean(),
      onPrevious: fc.boolean(),
      from: fc.boolean(),
    }),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((drafts) => {
    const stages = drafts.map(({ instructions, named, onPrevious, from }, index): Stage => {
      const base = onPrevious && index > 0 && drafts[index - 1]!.named ? { stage: index - 1 } : { image: 'alpine' }
      const copied: Instruction[] =
        from && index > 0
          ? [{ keyword: 'COPY', args: { sources: ['/a'], dest: '/b', from: { stage: index - 1 } } }]
          : []
      return {
        from: { keyword: 'FROM', args: { base, ...(named ? { name: `s${index}` } : {}) } },
        instructions: [...instructions, ...copied],
      }
    })
    return linkNames({ version: graphVersion, args: [], stages })
  })
