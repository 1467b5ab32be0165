import { expand, expandWords } from '../../sdk/graph/expand.ts'
import { lexBody, lexWord, lexWords } from '../../sdk/instruction/shape/lex-word.ts'
import { failure } from '../dockerfile/failure.ts'
import { assert, suite } from '../helpers/suite.ts'

const expanding = suite('graph/expand')

const values: Record<string, string> = {
  A: 'aa',
  A_b: 'under',
  E: '',
  P: '/a/b.tar.gz',
  Q: `x"y'z\\$A*`,
  L: 'one\ntwo',
  PORTS: '80 443/udp',
  HASH: '#a',
  WIDE: '1\u20032\u00853',
  WHITE: '1\u20291\u16801\u205f1\u200a1\u20001\u20281\u202f1\u30001\u00a01\t1\v1\f1\r1 1',
  M: 'a?b\\c*d',
  É: 'accent',
}
const missing: string[] = []
const lookup = {
  get: (name: string) => (Object.hasOwn(values, name) ? values[name] : undefined),
  unset: (name: string) => void missing.push(name),
}

const word = (text: string, escape = '\\') => expand(lexWord(text, escape), lookup)
const error = (text: string) => failure(() => word(text))

/** Checks lines of `word ⟶ value`. */
function table(rows: Readonly<Record<string, string>>): void {
  for (const [text, expected] of Object.entries(rows)) assert.is(word(text), expected, text)
}

expanding('D2.1 names go on as long as they can', () =>
  table({ $A_b: 'under', '$A-b': 'aa-b', $AB: '', $É: 'accent', '$A.b': 'aa.b' }),
)
expanding('D2.2 D14.50 positions and special names are never set', () =>
  table({
    $10x: 'x',
    $$A: 'A',
    '$@': '',
    '$#a': 'a',
    $1z: 'z',
    '${10}x': 'x',
    '${@}': '',
    $0: '',
    '$*a': 'a',
    '$?': '',
    '$-': '',
    '$!': '',
    '"\\t"': '\\t',
  }),
)
expanding('D2.3 a dollar sign before anything else stays', () =>
  table({ a$: 'a$', '$.': '$.', '$ x': '$ x', '"$"': '$', '$"x"': '$x' }),
)
expanding('D2.4 braces', () => table({ '${A}b': 'aab', '${X}b': 'b' }))
expanding('D2.5 defaults', () =>
  table({ '${X:-w}': 'w', '${E:-w}': 'w', '${A:-w}': 'aa', '${X-w}': 'w', '${E-w}': '', '${X:-}': '' }),
)
expanding('D2.6 alternatives', () =>
  table({ '${X:+w}': '', '${E:+w}': '', '${A:+w}': 'w', '${X+w}': '', '${E+w}': 'w' }),
)

expanding('D2.7 required variables', () => {
  table({ '${A:?m}': 'aa', '${E?m}': '' })
  assert.is(error('${X:?m n}').message, 'X: m n')
  assert.is(error('${X?}').message, 'X: is not allowed to be unset')
  assert.is(error('${E:?}').message, 'E: is not allowed to be empty')
  assert.is(error('${E:?}').code, 'EXPANSION')
})

expanding('D2.8 D2.9 D14.49 prefixes and suffixes', () =>
  table({
    '${P##*/}': 'b.tar.gz',
    '${P#*/}': 'a/b.tar.gz',
    '${P%.*}': '/a/b.tar',
    '${P%%.*}': '/a/b',
    '${P#x}': '/a/b.tar.gz',
    '${P##*${X:-/}}': 'b.tar.gz',
    '${P%%${X:-.}*}': '/a/b',
    '${P#/?}': '/b.tar.gz',
    '${A#a}': 'a',
    '${A##a}': 'a',
    '${A#*}': 'aa',
    '${A##*}': '',
    '${A%*}': 'aa',
    '${A%%*}': '',
    '${X#a}': '',
    '${P%g?}': '/a/b.tar.',
  }),
)

expanding('D2.10 D2.12 replacements', () => {
  table({
    '${P/a/X}': '/X/b.tar.gz',
    '${P//a/X}': '/X/b.tXr.gz',
    '${P/\\//_}': '_a/b.tar.gz',
    '${P//\\//_}': '_a_b.tar.gz',
    '${P/*/X}': 'X',
    '${A/a/\\}}': '\\}a',
    "${A//a/'<$0>$1$$'}": '<a>$<a>$',
    '${A//q*/y}': 'aa',
    '${E//x*/y}': '',
    '${E//*/y}': 'y',
    "${A//''/-}": '-a-a-',
    "${A/''/-}": '-aa',
    '${A//*/y}': 'y',
    '${X/a/b}': '',
  } as never)
  assert.match(error('${A/a}').message, 'no closing "/"')
})

expanding('D2.11 wildcards, without classes', () => {
  table({
    '${Q#x"\'"}': `x"y'z\\$A*`,
    "${Q#x'\"'}": `y'z\\$A*`,
    '${Q%\\*}': `x"y'z\\$A`,
    "${Q//'*'/!}": '!',
    '${L#*e}': '\ntwo',
    '${L##*}': '\ntwo',
    '${P#[/]}': '/a/b.tar.gz',
    '${M#a\\?}': 'b\\c*d',
    '${M#*\\\\}': 'c*d',
    '${M%\\*d}': 'a?b\\c',
  } as never)
  assert.match(error('${A#\\a}').message, "invalid escape '\\a'")
})

expanding('the doubled operator may come from a value', () =>
  table({ '${HASH#$HASH}': '#a', '${P#$HASH}': '/a/b.tar.gz', '${HASH#"#"#}': 'a' } as never),
)

expanding('D2.13 words nest', () =>
  table({
    '${X:-${A}b}': 'aab',
    '${X:-${Y:-${Z:-z}}}': 'z',
    '${X:-"a b"}': 'a b',
    '"${X:-\'in\'}"': 'in',
    '${X:-a\\}b}': 'a}b',
    '${X:-$A}': 'aa',
  }),
)

expanding('D2.14 D2.15 what is not supported fails, and names the word', () => {
  for (const text of [
    '${A:=b}',
    '${A=b}',
    '${A:1:2}',
    '${#A}',
    '${!A}',
    '${A^}',
    '${A,}',
    '${A@Q}',
    '${A:#a}',
    '${A:%a}',
    '${}',
    '${:x}',
    '${:-x}',
    '${?x}',
    '${-x}',
    '${{A}}',
    '${A }',
    '${A',
    '${A:-b',
  ]) {
    const { code, message } = error(`x${text}`)
    assert.is(code, 'EXPANSION', text)
    assert.match(message, `failed to process ${JSON.stringify(`x${text}`)}`)
  }
})

expanding('errors in a word that is not used count all the same', () =>
  assert.is(error('${A:-${X:?m}}').message, 'X: m'),
)
expanding('D2.16 values are not read again', () => table({ $Q: `x"y'z\\$A*`, '${X:-$Q}': `x"y'z\\$A*` }))
expanding('D2.20 single quotes', () => table({ "'$A\\'": '$A\\', "a'b c'd": 'ab cd' }))
expanding('D2.21 double quotes', () => table({ '"a\\nb"': 'a\\nb', '"\\"\\$\\\\"': '"$\\', '"$A\'"': "aa'" }))
expanding('D2.22 escapes', () => table({ 'a\\b': 'ab', '\\$A': '$A', 'a\\': 'a', '\\\\': '\\' }))
expanding('D2.23 unbalanced quotes fail', () => {
  assert.match(error("a'b").message, 'a single quote is not closed')
  assert.match(error('a"b').message, 'a double quote is not closed')
})
expanding('D2.24 pieces join', () =>
  table({ 'a"b"\'c\'': 'abc', '""': '', '': '', 'a"b${X:-c}"d': 'abcd', 'a"b$A"${A%"a"}': 'abaaa' }),
)
expanding('D2.25 the other escape character takes over', () => {
  assert.is(word('c:\\a`$`"', '`'), 'c:\\a$"')
  assert.is(word('"`"\\n`x"', '`'), '"\\n`x')
})

expanding('D2.31 D14.51 words mode splits what was not quoted', () => {
  const words = (...texts: string[]) =>
    expandWords(
      texts.flatMap((text) => lexWords(text, '\\')),
      lookup,
    )
  assert.equal(words('$PORTS', '"$PORTS"', '1$PORTS', '$E', '""', '"$E"'), [
    '80',
    '443/udp',
    '80 443/udp',
    '180',
    '443/udp',
  ])
  assert.equal(words('${X:-"1 2"}', '"${X:-1 2}"', '1\u00a02', '"1\u00a02"'), ['1', '2', '1 2', '1', '2', '1\u00a02'])
  assert.equal(words('$WHITE').join(''), '1'.repeat(15))
  assert.is(words('$WHITE').length, 15)
  assert.equal(words('$WIDE', '"$WIDE"'), ['1', '2', '3', '1\u20032\u00853'])
  // as in BuildKit: what stands before a reference with an operator is lost
  assert.equal(words('1${X:-80}', '1"2${X:-80}"', '${A}0'), ['80', '280', 'aa0'])
})

expanding('D2.38 unset variables are told', () => {
  missing.length = 0
  word('$X${Y:-$Z}$A${E:-$Q}')
  assert.equal(
    missing,
    ['X', 'Z', 'Y'].sort((a, b) => missing.indexOf(a) - missing.indexOf(b)),
  )
  assert.equal([...missing].sort(), ['X', 'Y', 'Z'])
})

expanding('D2.60 D2.61 bodies keep quotes and lose backslashes', () => {
  const body = (text: string) => expand(lexBody(text), lookup)
  assert.is(body('"$A" \'$A\' \\$A \\\\ \\n a\\\nb'), '"aa" \'aa\' $A \\ n a\nb')
  assert.is(body('${X:-"d"}'), '"d"')
  assert.is(body(`it's ${'${A}'}`), "it's aa")
})

expanding('A34 hostile patterns take no more than their product', () => {
  values['LONG'] = 'a'.repeat(60_000)
  const started = performance.now()
  word(`\${LONG##${'*a'.repeat(2000)}b}`)
  word(`\${LONG//${'a*'.repeat(500)}b/x}`)
  assert.ok(performance.now() - started < 10_000)
  assert.match(error(`\${LONG#${'*a'.repeat(20_000)}}`).message, 'too long to match')
})

expanding('A34 values that double end in an error', () => {
  values['DOUBLE'] = 'x'.repeat(1024 * 1024)
  assert.match(error('$DOUBLE'.repeat(10)).message, 'grows beyond')
  delete values['DOUBLE']
  let deep: unknown = 'x'
  for (let level = 0; level < 10_000; level += 1) deep = [{ var: 'X', op: '-', word: deep }]
  assert.match(failure(() => expand(deep as never, lookup)).message, 'nests deeper')
})

expanding.run()
