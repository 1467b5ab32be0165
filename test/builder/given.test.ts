/** What a call of the builder was given by mistake is told there: which argument, what it is, and what to write. */
import * as imgsdk from '../../sdk/index.ts'
import { assert, suite } from '../helpers/suite.ts'

const given = suite('builder/given')

// As somebody writes who has no types.
const { from, scratch, arg, envRef, cache, bind, secret, image, defineImage, heredoc, expand, toGraph } =
  imgsdk as unknown as Record<string, (...args: unknown[]) => Stage>
type Stage = Record<string, (...args: unknown[]) => Stage>

const stage = () => from!('alpine:3')

/** What the call was refused with; it must be an ARGUMENT_VALUE that points into this file. */
function refusal(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    const { code, message, hint, at } = error as imgsdk.ImgError
    assert.is(code, 'ARGUMENT_VALUE', String((error as Error).stack))
    assert.match(at?.file ?? 'nowhere', /given\.test/, message)
    return hint === undefined ? message : `${message}; ${hint}`
  }
  return 'nothing'
}

function refused(cases: readonly (readonly [call: () => unknown, told: string])[]): void {
  for (const [call, told] of cases) assert.is(refusal(call), told, String(call))
}

given('a value that is missing is told by the name of its argument', () => {
  refused([
    [
      () => stage().run!(undefined),
      'the command of RUN is undefined; expected text, a list of words, or a here-document',
    ],
    [() => stage().run!(), 'the command of RUN is undefined; expected text, a list of words, or a here-document'],
    [() => stage().cmd!(null), 'the command of CMD is null; expected text, or a list of words'],
    [() => stage().cmd!(['node', undefined]), 'a word of CMD in exec form is undefined; expected text'],
    [
      () => stage().env!(undefined),
      "what ENV sets is undefined; expected names and values; write .env({ NAME: 'value' })",
    ],
    [
      () => stage().label!('a=b'),
      "what LABEL sets is text; expected names and values; write .label({ NAME: 'value' })",
    ],
    [
      () => stage().env!({ TOKEN: undefined }),
      "the value of TOKEN in ENV is undefined; expected text, a number, true or false; leave the name out, or give a default: value ?? ''",
    ],
    [() => stage().copy!(null, '/x'), 'a source of COPY is null; expected a path, or a here-document'],
    [() => stage().copy!(['a', undefined], '/x'), 'a source of COPY is undefined; expected a path, or a here-document'],
    [
      () => stage().copy!('a'),
      "the destination of COPY is undefined; expected text; write .copy(source, '/destination')",
    ],
    [() => stage().workdir!(), 'the path of WORKDIR is undefined; expected text'],
    [() => stage().user!(undefined), 'the user of USER is undefined; expected text or a number'],
    [() => stage().expose!(undefined), 'a port of EXPOSE is undefined; expected text or a number'],
    [() => stage().as!(undefined), 'the name of a stage is undefined; expected text'],
    [() => stage().comment!(undefined), 'a comment is undefined; expected text'],
    [() => stage().with!(undefined), 'what .with() applies is undefined; expected a function'],
    [() => stage().instruction!(undefined), '"undefined" is not an instruction of a stage'],
    [() => from!(undefined), 'the base of from() is undefined; expected an image reference or a stage'],
    [
      () => from!('a', null),
      "what follows in from() is null; expected an object of options; write { platform: 'linux/arm64' }",
    ],
    [() => arg!(undefined), 'the name of a build argument is undefined; expected text'],
    [() => envRef!(undefined), 'the name of a variable is undefined; expected text'],
    [() => cache!(undefined), 'the target of cache() is undefined; expected text'],
    [() => bind!(undefined), 'the target of bind() is undefined; expected text'],
    [() => secret!(undefined), 'the id of secret() is undefined; expected text'],
    [() => image!(undefined), 'stages of image() is undefined; expected a list of stages'],
    [
      () => defineImage!(undefined),
      'what defineImage() was given is undefined; expected an object of params and build; write defineImage({ params: { … }, build: (params) => … })',
    ],
  ])
})

given('a promise is told as a forgotten await', () => {
  const later = Promise.resolve('x')
  const hint = 'did you forget await? write (await …)'
  refused([
    [() => from!(later), `the base of from() is a promise; expected an image reference or a stage; ${hint}`],
    [
      () => stage().copy!('a', '/b', { from: later }),
      `from is a promise; expected a stage, or the name of an image; ${hint}`,
    ],
    [() => stage().copy!(later, '/b'), `a source of COPY is a promise; expected a path, or a here-document; ${hint}`],
    [() => stage().env!({ A: later }), `the value of A in ENV is a promise; expected text or a number; ${hint}`],
    [() => stage().env!(later), `what ENV sets is a promise; expected names and values; ${hint}`],
    [
      () => stage().run!(later),
      `the command of RUN is a promise; expected text, a list of words, or a here-document; ${hint}`,
    ],
    [
      () => stage().run!('x', { mounts: [later] }),
      `a mount of RUN is a promise; expected what cache(), bind(), tmpfs(), secret() or ssh() gives; ${hint}`,
    ],
    [() => stage().run!('x', later), `what follows in .run() is a promise; expected an object of options; ${hint}`],
    [
      () => stage().with!(async (state: unknown) => state),
      `what the function given to .with() returned is a promise; expected a stage; ${hint}`,
    ],
    [() => heredoc!`a ${later}`, `a value in this text is a promise; expected text or a number; ${hint}`],
  ])
})

given('a value of another kind is told, with what to write', () => {
  const other = stage()
  refused([
    [
      () => stage().copy!(other, '/b'),
      "a source of COPY is a stage; expected a path, or a here-document; name the files, and the stage as an option: .copy('/path', '/destination', { from: stage })",
    ],
    [
      () => stage().workdir!(arg!('DIR')),
      'the path of WORKDIR is a build argument; expected text; put it into text: `${…}`',
    ],
    [
      () => stage().run!('x', { mounts: [cache] }),
      'a mount of RUN is a function; expected what cache(), bind(), tmpfs(), secret() or ssh() gives; give what the function returns: call it',
    ],
    [
      () => stage().expose!([80, 443]),
      'a port of EXPOSE is a list; expected them one by one; spread the list: .expose(...ports)',
    ],
    [
      () => stage().env!(new Map([['A', '1']])),
      'what ENV sets is a Map; expected names and values; write .env([...pairs])',
    ],
    [() => stage().expose!(Number(undefined)), 'a port of EXPOSE is NaN; expected text or a number'],
    [() => stage().env!([['A']]), "an item of the list of ENV is a list; expected a pair; write ['NAME', 'value']"],
    [() => stage().arg!(['A', 'B']), 'what ARG declares is a list; expected a name, or an object of names'],
    [() => stage().arg!('A', { default: 1 }), 'the default of A is an object; expected text or a number'],
    [() => arg!('A', { default: 1 }), 'the default of A is an object; expected text or a number'],
    [() => arg!('A=1'), "\"A=1\" is not the name of a build argument; write arg('A', '1')"],
    [() => stage().shell!('/bin/bash'), "SHELL is text; expected a list; write .shell(['/bin/bash', '-c'])"],
    [() => stage().copy!('a', 'b', { link: 'false' }), '--link is text; expected true or false'],
    [() => stage().run!('x', { network: 'hots' }), '--network is "hots"; expected default, none, host'],
    [() => stage().healthcheck!('x', { retries: 'three' }), 'retries of HEALTHCHECK is text; expected a number'],
    [
      () => stage().healthcheck!('x', { interval: [] }),
      'interval of HEALTHCHECK is an empty list; expected a duration, as 30s',
    ],
    [
      () => stage().copy!('a', 'b', { chmod: 755 }),
      "--chmod is the decimal number 755, which is the mode 1363; write 0o755, or '755'",
    ],
    [
      () => stage().run!('x', { mounts: [secret!('t', { mode: 600 })] }),
      "mode of a mount is the decimal number 600, which is the mode 1130; write 0o600, or '600'",
    ],
    [
      () => stage().with!(() => {}),
      'what the function given to .with() returned is undefined; expected a stage; did you forget return?',
    ],
    [() => expand!('$HOME'), 'what expand was called with is text; expected a template; write it as a tag: expand`…`'],
  ])
  assert.throws(() => toGraph!({ web: 1 }), /the target "web" is a number; expected a stage/)
  assert.throws(() => `${stage()}`, /a stage was used as text/)
})

given('what no Dockerfile can say is refused at the call', () => {
  refused([
    [() => from!('UPPER/case:x y'), 'an image reference has no blanks, but "UPPER/case:x y" has'],
    [() => from!(' node:22 '), 'an image reference has no blanks, but " node:22 " has; write from(\'node:22\')'],
    [
      () => from!('node:22 AS build'),
      "an image reference has no blanks, but \"node:22 AS build\" has; write from('node:22').as('build')",
    ],
    [() => from!(''), 'from() was given an empty image reference'],
    [() => stage().copy!([], '/x'), 'COPY was given an empty list of sources'],
    [() => stage().expose!(), '.expose() was given no port of EXPOSE'],
    [() => stage().volume!(), '.volume() was given no path of VOLUME'],
    [() => stage().env!({}), '.env() was given no name and value'],
    [() => stage().env!({ '': 'x' }), 'ENV cannot set a name that is empty'],
    [() => stage().shell!([]), '.shell() was given an empty list'],
    [
      () => stage().as!('Bad Name!'),
      '"Bad Name!" is not a stage name; start it with a letter, and use letters and digits, with single "-", "_" and "." between them',
    ],
    [
      () => stage().as!('build_'),
      '"build_" is not a stage name; start it with a letter, and use letters and digits, with single "-", "_" and "." between them',
    ],
  ])
})

given('what a Dockerfile can say is not refused, but a name that no text can refer to is refused as text', () => {
  for (const call of [
    () => from!('UPPER/case'),
    () => from!('a\u00a0b'),
    () => from!(`x:${arg!('TAG', 'a b')}`),
    () => stage().arg!('BAD-NAME', '1'),
    () => image!({ args: [arg!('BAD-NAME', '1')], stages: [stage()] }),
    () => stage().cmd!([]),
    () => stage().copy!('a', 'b', { chmod: 0o644 }),
    () => stage().copy!('a', 'b', { chmod: 0o1777 }),
  ])
    assert.is(refusal(call), 'nothing', String(call))
  const odd = arg!('BAD-NAME', '1')
  assert.throws(() => `${odd}`, /no text can refer to the variable "BAD-NAME"/)
  assert.is(
    `${imgsdk.print(imgsdk.toGraph(stage().arg!(odd) as never))}`,
    'ARG BAD-NAME=1\n\nFROM alpine:3\nARG BAD-NAME\n',
  )
})

given('what makes no mount, no trigger and no escape is refused', () => {
  const raw = (mount: object) => () => stage().run!('x', { mounts: [mount] })
  refused([
    [raw({ type: 'cachee', target: '/x' }), 'type of a mount is "cachee"; expected bind, cache, tmpfs, secret, ssh'],
    [raw({ type: 'cache', tagret: '/x' }), 'a mount of RUN has no option "tagret"; did you mean target?'],
    [() => stage().onbuild!('FROM x'), 'FROM cannot be the trigger of ONBUILD'],
    [() => stage().onbuild!(stage()), "the trigger of ONBUILD is a stage; expected text; write .onbuild('RUN make')"],
    [() => image!({ stages: [stage()], escape: '|' }), 'escape of image() is "|"; expected "`"'],
    [() => image!({ stages: [stage()], args: 'X' }), 'args of image() is text; expected a list'],
    [
      () => stage().env!({ A: Buffer.from('x') }),
      "the value of A in ENV is a Buffer; expected text or a number; give it as text: readFileSync(path, 'utf8')",
    ],
    [
      () => from!('a', 'linux/arm64'),
      "what follows in from() is text; expected an object of options; write { platform: 'linux/arm64' }",
    ],
  ])
  assert.throws(() => stage().env!({ A: secret!('token') }), /used as text/)
})

given('more arguments than a method takes are refused', () => {
  refused([
    [
      () => stage().cmd!('node', 'server.js'),
      ".cmd() takes 1 argument, and was given 2; the words of a command are one list: .cmd(['program', 'argument'])",
    ],
    [
      () => stage().run!('npm', 'install'),
      "what follows in .run() is text; expected an object of options; the words of a command are one list: .run(['program', 'argument'])",
    ],
    [
      () => stage().copy!('a', 'b', '/dest'),
      "what follows in .copy() is text; expected an object of options; several sources are one list: .copy(['a', 'b'], '/destination')",
    ],
    [() => stage().workdir!('/a', '/b'), '.workdir() takes 1 argument, and was given 2'],
  ])
  stage().expose!(1, 2, 3).volume!('/a', '/b').arg!('A', '1').run!('x', undefined)
})

given('an option of from() or of a mount that there is not is refused, with the nearest that there is', () => {
  refused([
    [() => from!('a', { plaform: 'linux/arm64' }), 'from() has no option "plaform"; did you mean platform?'],
    [() => cache!('/c', { shraing: 'locked' }), 'cache() has no option "shraing"; did you mean sharing?'],
    [
      () => secret!('token', { environment: 'T' }),
      'secret() has no option "environment"; its options are env, from, gid, id, mode, readonly, required, sharing, size, source, target, uid',
    ],
  ])
})

given('two stages of one name, and an argument with two defaults, are told where the second is', () => {
  const twice = refusal(() => {
    const one = from!('a').run!('x').as!('same')
    return toGraph!(from!('b').as!('same').copy!('/a', '/b', { from: one }))
  })
  assert.match(twice, /^two stages are called "same"; the other is named in line \d+; give one of them another name/)
  assert.match(
    refusal(() => toGraph!(scratch!().run!(`${arg!('X', '1')} ${arg!('X', '2')}`))),
    /the build argument X has two defaults: "1" and "2"/,
  )
})

given('the parameters of a definition are looked at when it is made', () => {
  const define = (params: unknown) => () => defineImage!({ params, build: () => stage() })
  refused([
    [() => defineImage!({ params: {} }), 'build of defineImage() is undefined; expected a function'],
    [define(undefined), 'params of defineImage() is undefined; expected an object of parameters'],
    [define({ n: 'number' }), 'the parameter "n" is text; expected an object; write n: { type: \'string\' }'],
    [
      define({ n: { type: 'string', requird: true } }),
      'the parameter "n" has no option "requird"; did you mean required?',
    ],
    [
      define({ n: { type: 'string', required: 'yes' } }),
      'required of the parameter "n" is text; expected true or false',
    ],
    [define({ n: { type: 'int' } }), 'the type of the parameter "n" is "int"; expected string, number, boolean, enum'],
    [define({ n: { type: 'enum' } }), 'values of the parameter "n" is undefined; expected a list'],
    [define({ n: { type: 'number', default: '2' } }), 'the default of the parameter "n" is text; expected a number'],
    [
      define({ n: { type: 'enum', values: ['a'], default: 'b' } }),
      'the default of the parameter "n" is "b"; expected a',
    ],
  ])
})

given.run()
