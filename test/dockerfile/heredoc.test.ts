import { parse } from '../../sdk/dockerfile/parse.ts'
import { assert, suite } from '../helpers/suite.ts'
import { failure } from './failure.ts'

const heredocs = suite('dockerfile/heredoc')

const args = (text: string) =>
  parse(`FROM scratch\n${text}`).stages[0]!.instructions.map((instruction) => instruction.args)
const shell = (text: string) => ({ command: { form: 'shell', text } })
const inline = (name: string, data: unknown, dest = '/x') => ({ sources: [], contents: [{ name, data }], dest })

heredocs('D1.50 only RUN, COPY and ADD take them, and never in JSON form', () => {
  assert.equal(args('CMD cat <<E\nUSER x'), [shell('cat <<E'), { user: 'x' }])
  assert.equal(args('ENV A=<<E\nRUN ["<<E"]'), [
    { variables: [{ key: 'A', value: '<<E' }] },
    { command: { form: 'exec', args: ['<<E'] } },
  ])
  for (const line of ['RUN <<E\nx\nE', 'copy <<E /x\nx\nE', 'Add <<E /x\nE'])
    assert.equal(args(`OnBuild ${line}`), [{ trigger: line }])
  assert.equal(args('run <<E\nx\nE'), [shell('x\n')])
})

heredocs('D1.51 a token is a word of its own, blanks may follow <<', () => {
  assert.equal(args('RUN << E\nx\nE'), [shell('x\n')])
  assert.equal(args('RUN cat<<E\nUSER x'), [shell('cat<<E'), { user: 'x' }])
  assert.equal(args('RUN cat <<<E\nUSER x'), [shell('cat <<<E'), { user: 'x' }])
  assert.equal(args('RUN <<E<F\nUSER x'), [shell('<<E<F'), { user: 'x' }])
})

heredocs('D1.52 several on a line follow one another', () => {
  assert.equal(args('COPY <<A <<A <<B /d/\n1\nA\n2\nA\n3\nB'), [
    {
      sources: [],
      contents: [
        { name: 'A', data: '2\n' },
        { name: 'A', data: '2\n' },
        { name: 'B', data: '3\n' },
      ],
      dest: '/d/',
    },
  ])
})

heredocs('D1.53 D14.30 bodies are verbatim and end at exactly the delimiter', () => {
  assert.equal(args('RUN <<E\n# a \\\n\n E\nE \nE'), [shell('# a \\\n\n E\nE \n')])
  const error = failure(() => args('RUN <<E\nx\n E'))
  assert.is(error.code, 'DOCKERFILE_HEREDOC')
  assert.match(error.message, 'unterminated heredoc')
  assert.equal(error.at, { file: 'Dockerfile', line: 2, column: 1, endLine: 2, endColumn: 8 })
})

heredocs('D1.54 quotes in the word stop expansion', () => {
  for (const word of ["'EOF'", '"EOF"', 'E"O"F'])
    assert.equal(args(`COPY <<${word} /x\n$A\nEOF`), [inline('EOF', '$A\n')])
  assert.equal(args("COPY <<e\\'f /x\n$A\ne'f"), [inline("e'f", [{ var: 'A' }, '\n'])])
  for (const name of ['$X', '$@', '${X}']) assert.equal(args(`COPY <<${name} /x\nb\n${name}`), [inline(name, 'b\n')])
})

heredocs('D1.55 D14.28 the word goes on to the next blank', () => {
  assert.equal(args('RUN cat <<EOF;x\na\nEOF;x'), [shell('cat <<EOF;x\na\nEOF;x')])
  assert.match(failure(() => args('RUN cat <<E>o\nx\nE')).message, 'unterminated heredoc "E>o"')
  // x=$(cat is the word before, so the token stands alone
  assert.equal(args('RUN x=$(cat <<E)\ny\nE)'), [shell('x=$(cat <<E)\ny\nE)')])
})

heredocs('D1.56 an empty delimiter is none', () => {
  assert.equal(args('RUN cat <<""\nUSER x'), [shell('cat <<""'), { user: 'x' }])
  assert.equal(args('RUN cat <<\nUSER x'), [shell('cat <<'), { user: 'x' }])
})

heredocs('D1.57 D14.26 D14.27 a line that cannot be cut into words announces none', () => {
  assert.match(failure(() => args("RUN echo it's <<E\nx\nE")).message, 'unknown instruction: x')
  for (const word of [
    '${a^^}',
    '${a:#b}',
    '${a:%b}',

    '${a',
    '${}',
    '${{a}}',
    '${:a}',
    '"a',
    '${a/b}',
    '${a:-b',
    '${a:-"b}',
  ])
    assert.match(failure(() => args(`RUN echo ${word} <<E\nx\nE`)).message, 'unknown instruction: x', word)
  const operators =
    '${_a-b} ${a:-b}c ${a+b} ${a:+b} ${a?b} ${a:?b} ${a:1} ${a#b} ${a%b} ${a/b/c} ${a//b/c} ${a:-"}"} ${a:-${b}}'
  for (const word of [
    ...operators.split(' '),
    operators,
    '$$',
    '$@',
    '${@}',
    '$1a',
    '$.',
    '$',
    'a<',
    '\\<',
    "'it''s'",
    '\\"',
  ])
    assert.equal(args(`RUN echo ${word} <<E\nx\nE`), [shell(`echo ${word} <<E\nx\nE`)], word)
  // COPY reads its words one by one, and finds a token that announced nothing
  const [copy] = args("COPY it's <<E /x") as [{ contents: unknown }]
  assert.equal(copy.contents, [{ name: 'E', data: '' }])
})

heredocs('D1.57 a reference hides or breaks the words around it', () => {
  // what stands before a reference with an operator is lost to the one who looks for tokens
  assert.equal(args('RUN cat <<E${a:-b}\nUSER x'), [shell('cat <<E${a:-b}'), { user: 'x' }])
  // and blanks inside of one cut it, unless it is quoted
  assert.equal(args('RUN echo ${a:-x <<E y}\nz\nE'), [shell('echo ${a:-x <<E y}\nz\nE')])
  assert.equal(args('RUN echo "${a:-x <<E y}"\nUSER z'), [shell('echo "${a:-x <<E y}"'), { user: 'z' }])
})

heredocs('D1.58 quoted and escaped tokens are none', () => {
  assert.equal(args('RUN echo "<<E"\nRUN echo \\<<E\nRUN echo <\\<E'), [
    shell('echo "<<E"'),
    shell('echo \\<<E'),
    shell('echo <\\<E'),
  ])
})

heredocs('D1.59 the body follows the whole logical line', () => {
  assert.equal(args('RUN <<E \\\n cat\nx\nE'), [shell('<<E  cat\nx\nE')])
})

heredocs('D1.60 a lone token is the script, tabs stripped for <<-', () => {
  assert.equal(args("RUN <<-'E'\n\t\ta $B\n\tE"), [shell('a $B\n')])
  assert.equal(args('RUN <<E ""\nx\nE'), [shell('<<E ""\nx\nE')])
})

heredocs('D1.61 D14.29 a body that starts with #! is a file', () => {
  assert.equal(args('RUN <<E\n#!/bin/awk -f\nBEGIN{}\nE'), [
    { command: { form: 'script', name: 'E', text: '#!/bin/awk -f\nBEGIN{}\n' } },
  ])
  assert.equal(args('RUN <<-E\n\t#!x\nE'), [{ command: { form: 'script', name: 'E', text: '#!x\n' } }])
})

heredocs('D1.62 D14.20 anything beside the token leaves all to the shell', () => {
  assert.equal(args('RUN cat <<EOF > /x\n$HOME\nEOF'), [shell('cat <<EOF > /x\n$HOME\nEOF')])
  assert.equal(args('RUN <<-A cat; cat <<B\n\ta\n\tA\nb\nB'), [shell('<<-A cat; cat <<B\n\ta\nA\nb\nB')])
  assert.equal(args('RUN 7<<E\nx\nE'), [shell('x\n')])
})

heredocs('D1.64 D2.60 D14.21 an unquoted body expands, and loses its backslashes', () => {
  assert.equal(args('COPY <<EOF /x\na\\\nb "$A" ${B:-"d"} \\\\ \\n\nEOF'), [
    inline('EOF', ['a\nb "', { var: 'A' }, '" ', { var: 'B', op: ':-', word: '"d"' }, ' \\ n\n']),
  ])
})

heredocs('D2.62 D14.22 D14.23 a quoted body is exact, but for tabs', () => {
  assert.equal(args('COPY <<"EOF" /x\na\\\n$B\nEOF'), [inline('EOF', 'a\\\n$B\n')])
  assert.equal(args('COPY <<-E /x\n\t\ta\n\tE'), [inline('E', 'a\n')])
  assert.equal(args('COPY <<-"E" /x\n\t\ta $b\t\n\tE'), [inline('E', 'a $b\t\n')])
})

heredocs('D1.65 D14.33 blanks cut COPY before tokens are looked for', () => {
  assert.equal(args('COPY <<E /x # why\na\nE'), [
    { sources: ['/x', '#'], contents: [{ name: 'E', data: 'a\n' }], dest: 'why' },
  ])
  // the body is taken all the same
  const [copy] = args('COPY <<"a b" /x\nbody\na b') as [{ sources: unknown }]
  assert.equal(copy.sources, [
    [{ invalid: '<<"a', reason: 'a double quote is not closed' }],
    [{ invalid: 'b"', reason: 'a double quote is not closed' }],
  ])
})

heredocs('D1.67 a token is no destination', () => {
  assert.is(failure(() => args('ADD <<E <<F\nE\nF')).code, 'DOCKERFILE_HEREDOC')
  const error = failure(() => args('COPY a <<E\nx\nE'))
  assert.is(error.code, 'DOCKERFILE_HEREDOC')
  assert.match(error.message, 'cannot accept a heredoc as a destination')
})

heredocs('D14.31 carriage returns stay in the body', () => {
  assert.equal(args('COPY <<E /x\r\na\r\nE\r\n'), [inline('E', 'a\r\n')])
})

heredocs('a location covers the here-document', () => {
  const [run] = parse('FROM scratch\nRUN <<E\nx\nE\nUSER a').stages[0]!.instructions
  assert.equal(run!.at, { file: 'Dockerfile', line: 2, column: 1, endLine: 4, endColumn: 2 })
})

heredocs.run()
