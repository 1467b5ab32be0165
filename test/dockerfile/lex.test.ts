import { parse } from '../../sdk/dockerfile/parse.ts'
import type { Instruction } from '../../sdk/graph/graph.ts'
import { assert, suite } from '../helpers/suite.ts'
import { failure } from './failure.ts'

const lexing = suite('dockerfile/lex')

/** The instructions of the last stage of a text that lacks its FROM. */
function read(text: string): readonly Instruction[] {
  return parse(`FROM scratch\n${text}`).stages.at(-1)!.instructions
}

const args = (text: string) => read(text).map((instruction) => instruction.args)
const shell = (text: string) => ({ command: { form: 'shell', text } })

lexing('D1.1 a byte order mark is dropped at the start and is data elsewhere', () => {
  assert.is(parse('\ufeffFROM scratch').stages.length, 1)
  assert.equal(parse('\ufeff# escape=`\nFROM scratch\nRUN a `\nb').stages[0]!.instructions[0]!.args, shell('a b'))
  assert.equal(args('RUN \ufeffx'), [shell('\ufeffx')])
  // it counts as a character of the file
  const columns = (text: string) => failure(() => parse(text)).at!.column
  assert.equal([columns('\ufeffFOO x'), columns('\ufeffFROM scratch\nFOO x')], [2, 1])
})

lexing('D1.2 carriage returns at the end of lines are stripped', () => {
  assert.equal(args('ENV A=1 \\\r\n  B=2\r\nRUN x\r\r\n'), [
    {
      variables: [
        { key: 'A', value: '1' },
        { key: 'B', value: '2' },
      ],
    },
    shell('x'),
  ])
  assert.equal(args('USER a\rRUN b'), [{ user: 'a\rRUN b' }])
})

lexing('D1.3 a line of 65535 bytes is read and a longer one is refused', () => {
  const longest = `RUN ${'x'.repeat(65531)}`
  assert.is(args(longest).length, 1)
  const error = failure(() => read(`${longest}y`))
  assert.is(error.code, 'DOCKERFILE_SYNTAX')
  assert.match(error.message, 'line 2 is greater than the max allowed size of 65535 bytes')
  assert.match(failure(() => read(`RUN ${'é'.repeat(32766)}`)).message, 'greater than the max')
  assert.is(args(`RUN ${'é'.repeat(32765)}`).length, 1)
})

lexing('D1.4 white space around an instruction goes and inside it stays', () => {
  assert.equal(args('RUN\u00a0\nUSER \u2003x\u00a0y\u00a0'), [shell(''), { user: 'x\u00a0y' }])
  assert.equal(args(' \u00a0 RUN  a   b \t\nRUN x'), [shell('a   b'), shell('x')])
})

lexing('D1.5 keywords are known in any case, after tab, VT, FF, CR or space', () => {
  const [first, second] = read('rUn\v\f\r\tx\nUSER\ta')
  assert.is(first!.keyword, 'RUN')
  assert.equal(first!.notes, ['keyword:rUn'])
  assert.equal(first!.args, shell('x'))
  assert.is(second!.notes, undefined)
})

lexing('D1.6 a # is a comment at the start of a line only', () => {
  assert.equal(args('RUN echo a # b\n   # gone\nRUN #x'), [shell('echo a # b'), shell('#x')])
})

lexing('D1.7 D14.1 comments between continued lines vanish', () => {
  assert.equal(args('RUN a \\\n# note \\\n  # indented\nb'), [shell('a b')])
})

lexing('D1.8 D14.2 blank lines between continued lines vanish and are noted', () => {
  const [run] = read('RUN a \\\n\n \t\nb')
  assert.equal(run!.args, shell('a b'))
  assert.equal(run!.notes, ['empty-continuation:5'])
})

lexing('D1.9 a continued line is joined with nothing between', () => {
  assert.equal(args('RUN a \\ \t\n  b\\\nc'), [shell('a   bc')])
})

lexing('D1.10 D14.3 an escaped escape character does not continue', () => {
  assert.equal(args('RUN echo c:\\\\\nRUN y\nRUN z\\\\\\\nUSER a'), [
    shell('echo c:\\\\'),
    shell('y'),
    shell('z\\\\\\'),
    { user: 'a' },
  ])
})

lexing('D1.11 a line of just the escape character continues', () => {
  assert.is(read('\\\nRUN a')[0]!.at!.line, 2)
  assert.equal(args('RUN a \\\n \\ \n\\\nb'), [shell('a  b')])
})

lexing('D1.12 a continuation at the end of the file just ends', () => {
  assert.equal(args('RUN a \\'), [shell('a')])
  assert.equal(args('RUN a \\\n'), [shell('a')])
})

lexing('D1.13 files without stages are refused', () => {
  for (const [text, message] of [
    ['', 'cannot be empty'],
    ['\n \n# x', 'file with no instructions'],
    ['ARG A', 'no stages to build'],
  ] as const) {
    const error = failure(() => parse(text))
    assert.is(error.code, 'DOCKERFILE_EMPTY')
    assert.match(error.message, message)
  }
})

lexing('D1.14 the first instruction but ARG must be FROM', () => {
  const error = failure(() => parse('ARG A\nRUN x\nFROM scratch'))
  assert.match(error.message, 'no build stage in current context')
  assert.equal(error.at, { file: 'Dockerfile', line: 2, column: 1, endLine: 2, endColumn: 6 })
})

lexing('D1.15 an unknown keyword is refused with the nearest known one', () => {
  const error = failure(() => parse('FROM scratch\n  COPPY a b', { file: 'x/Dockerfile' }))
  assert.is(error.code, 'UNKNOWN_INSTRUCTION')
  assert.is(error.message, 'unknown instruction: COPPY')
  assert.is(error.hint, 'did you mean COPY?')
  assert.equal(error.at, { file: 'x/Dockerfile', line: 2, column: 3, endLine: 2, endColumn: 8 })
  assert.is(failure(() => read('XYZZY')).hint, undefined)
  assert.is(failure(() => read('X'.repeat(100))).message, `unknown instruction: ${'X'.repeat(80)}…`)
  assert.is(failure(() => read('FOO --bad ["a", 1] "')).message, 'unknown instruction: FOO')
  for (const line of ['// x', '/* x */', '-- x', '; x'])
    assert.is(failure(() => read(line)).hint, 'a comment begins with #', line)
})

lexing('D1.15 a no-break space does not end a keyword', () => {
  assert.match(failure(() => read('RUN\u00a0echo')).message, 'unknown instruction: RUN\u00a0echo')
})

lexing(
  'D1.17 D14.12 comments stay with the instruction below, and an empty one is kept to clear those before it',
  () => {
    const { from } = parse('# a\n#\n#  app the app \n\nFROM scratch AS app').stages[0]!
    assert.equal(from.comments, ['a', '', '  app the app'])
    const [run, env] = read('# x\nRUN a \\\n# inner\n b\nENV A=1')
    assert.equal(run!.comments, ['x', ' # inner'])
    assert.is(env!.comments, undefined)
  },
)

lexing('D1.18 an indented comment keeps its #', () => {
  assert.equal(read('  # check=skip=all\nRUN x')[0]!.comments, [' # check=skip=all'])
  assert.equal(read('## a\n#  # b\n#\tc\n#d\nRUN x')[0]!.comments, ['# a', '  # b', '\tc', 'd'])
  assert.equal(read('# # a\n#\t# b\nRUN x')[0]!.comments, ['# a', '\t# b'])
})

lexing('blank lines are kept as the comments that they stand above', () => {
  const [run, env] = read('RUN a\n\n\n# x\n\n# y\n# z\n\nENV A=1')
  assert.is(run!.gaps, undefined)
  assert.equal(env!.gaps, [0, 1, 3])
  assert.equal(read('RUN a\n# x\n\n\n# y\n\n \n# z\nENV A=1')[1]!.gaps, [1, 2])
})

lexing('comments after the last instruction are kept by the graph', () => {
  assert.equal(parse('FROM scratch\n# the end').comments, ['the end'])
})

lexing('D1.20 to D1.22 directives end at the first other line', () => {
  const graph = parse(
    '#syntax = docker/dockerfile:1 \n# CHECK=skip=all; error=true\n# escape=`\n\n# check=x\nFROM scratch',
  )
  assert.is(graph.syntax, 'docker/dockerfile:1')
  assert.is(graph.check, 'skip=all; error=true')
  assert.is(graph.escape, '`')
  assert.equal(graph.stages[0]!.from.comments, ['check=x'])
  const { syntax, check, escape } = parse('#\tSyntax\t=\ta  B \t\n#check=c\t\n# escape=` \t\nFROM scratch')
  assert.equal([syntax, check, escape], ['a  B', 'c', '`'])
  for (const line of ['# 1syntax=a', '# syn_tax=a', '# syntax a', '# syntax'])
    assert.is(parse(`${line}\n# check=skip=all\nFROM scratch`).check, undefined, line)
})

lexing('D1.22 D14.5 D14.6 look-alikes further down are comments', () => {
  assert.is(parse('\n# escape=`\nFROM scratch').escape, undefined)
  const graph = parse('# note\n# syntax=x/y\nFROM scratch')
  assert.is(graph.syntax, undefined)
  assert.equal(graph.stages[0]!.from.comments, ['note', 'syntax=x/y'])
  assert.is(parse('# unknown=1\n# escape=`\nFROM scratch').escape, undefined)
})

lexing('D1.23 a repeated directive is refused where it stands', () => {
  const error = failure(() => parse('# escape=\\\n# ESCAPE=`\nFROM scratch'))
  assert.is(error.code, 'DOCKERFILE_DIRECTIVE')
  assert.match(error.message, 'only one escape parser directive can be used')
  assert.equal(error.at, { file: 'Dockerfile', line: 2, column: 1, endLine: 2, endColumn: 11 })
})

lexing('D1.24 the escape character is one of two', () => {
  assert.match(failure(() => parse('# escape=x\nFROM scratch')).message, 'invalid escape token "x"')
  assert.match(failure(() => parse('# escape = \nFROM scratch')).message, 'invalid escape token " "')
  assert.match(failure(() => parse('# check= \n# check=skip=all\nFROM scratch')).message, 'only one check')
  assert.is(parse('# escape =\n# escape =\nFROM scratch').escape, undefined)
  assert.is(parse('# syntax= \nFROM scratch').syntax, undefined)
})

lexing('D1.25 D1.26 D14.4 escape may be indented, syntax may follow #!', () => {
  assert.is(parse('  # escape=`\nFROM scratch').escape, '`')
  assert.is(parse('  # syntax=a\nFROM scratch').syntax, undefined)
  assert.is(parse('  # check=skip=all\nFROM scratch').check, undefined)
  const { syntax, check } = parse('#!/usr/bin/x\n# syntax=a b\n# check=skip=all\nFROM scratch')
  assert.equal([syntax, check], ['a b', 'skip=all'])
  assert.equal(parse('#!/usr/bin/x\n# escape=`\nFROM scratch\nUSER `$A').stages[0]!.instructions[0]!.args, {
    user: ['`', { var: 'A' }],
  })
  assert.match(
    failure(() => parse('#!/usr/bin/x\n# escape=`\nFROM scratch\nRUN a `\nb')).message,
    'unknown instruction: b',
  )
})

lexing('D1.31 the escape directive rules continuation, flags and words, not here-documents', () => {
  const graph = parse('# escape=`\nFROM scratch\nCOPY --chown=a`"b a `\n b\nENV A=x` y B=c:\\d')
  assert.equal(
    graph.stages[0]!.instructions.map((instruction) => instruction.args),
    [
      { sources: ['a'], dest: 'b', chown: [{ invalid: 'a"b', reason: 'a double quote is not closed' }] },
      {
        variables: [
          { key: 'A', value: 'x y' },
          { key: 'B', value: 'c:\\d' },
        ],
      },
    ],
  )
  const [, run, copy] = parse("# escape=`\nFROM scratch\nUSER a\nRUN <<e\\'f\nx\ne'f\nCOPY <<E /x\na\\$b `$c\nE")
    .stages[0]!.instructions
  assert.equal(run!.args, shell('x\n'))
  assert.equal(copy!.args, { sources: [], contents: [{ name: 'E', data: ['a$b `', { var: 'c' }, '\n'] }], dest: '/x' })
})

lexing('a position is that of the character, over continuations too', () => {
  const error = failure(() => read('ENV A=1 \\\n # c\n\n   B=2 \\\r\n\tbad C=3'))
  assert.equal(error.at, { file: 'Dockerfile', line: 6, column: 2, endLine: 6, endColumn: 5 })
  assert.match(error.source ?? '', 'ENV A=1')
  const [run] = read('  RUN a \\\n   b\nUSER x')
  assert.equal(run!.at, { file: 'Dockerfile', line: 2, column: 3, endLine: 3, endColumn: 5 })
})

lexing.run()
