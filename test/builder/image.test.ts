/** image(), instruction() and the other forms that say what a plain chain cannot. */

import { expand, heredoc } from '../../sdk/builder/text.ts'
import { parse } from '../../sdk/dockerfile/parse.ts'
import { canonicalGraph } from '../../sdk/graph/digest.ts'
import { arg, from, type ImgError, image, toGraph } from '../../sdk/index.ts'
import { assert, suite } from '../helpers/suite.ts'

const forms = suite('builder/image')

function means(state: Parameters<typeof toGraph>[0], dockerfile: string): void {
  assert.equal(canonicalGraph(toGraph(state)), canonicalGraph(parse(dockerfile)))
}

forms('keeps stages that nothing uses, and their order', () => {
  const unused = from('a').as('unused').run('x')
  const build = from('b').run('make')
  const deps = from('c')
  const last = from('d').copy('/d', '/', { from: deps }).copy('/b', '/', { from: build })
  means(
    image({ stages: [unused, build, deps, last] }),
    'FROM a AS unused\nRUN x\nFROM b\nRUN make\nFROM c\nFROM d\nCOPY --from=2 /d /\nCOPY --from=1 /b /',
  )
})

forms('declares build arguments that no string mentions, several on one line too', () => {
  const a = arg('A', 1)
  const b = arg('B')
  const c = arg('C', `${a}-x`)
  means(image({ args: [[a, b], c], stages: [from('x').arg(a)] }), 'ARG A=1 B\nARG C=$A-x\nFROM x\nARG A')
})

forms('declares what strings mention after what is listed', () => {
  const a = arg('A', 1)
  means(image({ args: [arg('B')], stages: [from(`x:${a}`)] }), 'ARG B\nARG A=1\nFROM x:$A')
})

forms('carries the escape character', () => {
  means(image({ stages: [from('x')], escape: '`' }), '# escape=`\nFROM x')
})

forms('an export, and a stage that others start from, get names that docker takes', () => {
  const named = (name: string) => toGraph({ [name]: from('x').run('a') }).stages[0]!.from.args.name
  assert.equal(['buildTools', 'build_', '_x', 'a$$b', 'a._b', '$', 'n1', '1n', 'a_b'].map(named), [
    'build-tools',
    'build',
    'x',
    'a-b',
    'a-b',
    'target',
    'n1',
    'target-1n',
    'a_b',
  ])
  const base = from('x').run('a')
  const one = from(base).run('1').as('stage-0')
  const last = from(base).run('2').copy('/a', '/', { from: one })
  assert.is(toGraph(last).stages[0]!.from.args.name, 'stage-0-2')
})

forms('goes on as an ordinary stage', () => {
  means(image({ stages: [from('x').as('one'), from('y')] }).run('more'), 'FROM y\nRUN more')
})

forms('refuses stages out of order, missing ones and what is none', () => {
  const base = from('x').run('a')
  const child = from(base).run('b')
  const codeOf = (make: () => unknown) => {
    try {
      make()
    } catch (error) {
      return (error as ImgError).code
    }
    return undefined
  }
  assert.is(
    codeOf(() => toGraph(image({ stages: [child, base] }))),
    'STAGE_ORDER',
  )
  assert.is(
    codeOf(() => toGraph(image({ stages: [child] }))),
    'STAGE_ORDER',
  )
  assert.is(
    codeOf(() => image({ stages: [] })),
    'ARGUMENT_VALUE',
  )
  assert.is(
    codeOf(() => image({ stages: ['x' as never] })),
    'ARGUMENT_VALUE',
  )
  assert.is(
    codeOf(() => image({ stages: [base], args: ['A' as never] })),
    'ARGUMENT_VALUE',
  )
})

forms('declares what arg() gave in a stage, and several at once', () => {
  const version = arg('VERSION', '1')
  means(from('x').arg(version).run('echo $VERSION'), 'ARG VERSION=1\nFROM x\nARG VERSION\nRUN echo $VERSION')
  means(from('x').arg({ A: undefined, B: '1' }), 'FROM x\nARG A B=1')
})

forms('declares in a stage what it mentions, not what only a default mentions', () => {
  const version = arg('VERSION', '1')
  const full = arg('FULL', `v${version}`)
  means(from('x').label({ a: `${full}` }), 'ARG VERSION=1\nARG FULL=v$VERSION\nFROM x\nARG FULL\nLABEL a=$FULL')
  means(
    from('x').label({ a: `${full}${version}` }),
    'ARG VERSION=1\nARG FULL=v$VERSION\nFROM x\nARG VERSION\nARG FULL\nLABEL a=$FULL$VERSION',
  )
})

forms('takes pairs where a name comes twice or is a number', () => {
  means(from('x').env([['A', '1'], ['A', '2']]), 'FROM x\nENV A=1 A=2') // biome-ignore format: as a Dockerfile reads
  means(from('x').label([['2', 'b'], ['1', 'a']]), 'FROM x\nLABEL 2=b 1=a') // biome-ignore format: as a Dockerfile reads
})

forms('sorts ports as the parser does, references among them', () => {
  means(from('x').expose(80, expand`$PORT`, 22), 'FROM x\nEXPOSE 80 $PORT 22')
})

forms('keeps here-documents of the shell as they stand', () => {
  means(from('x').run('cat <<A > /a && cat <<B\none\nA\ntwo\nB'), 'FROM x\nRUN cat <<A > /a && cat <<B\none\nA\ntwo\nB')
  means(from('x').run('echo 1 << 2\nb'), 'FROM x\nRUN <<EOF\necho 1 << 2\nb\nEOF')
})

forms('calls a script what its here-document is called', () => {
  means(from('x').run(heredoc('#!/bin/a\nb\n', { name: 'STEP.sh' })), 'FROM x\nRUN <<STEP.sh\n#!/bin/a\nb\nSTEP.sh')
  means(from('x').run('#!/bin/a\nEOF\n'), 'FROM x\nRUN <<EOF1\n#!/bin/a\nEOF\nEOF1')
})

forms('takes an instruction as the graph holds it', () => {
  const build = from('b').run('make')
  const raw = from('x').instruction({ keyword: 'COPY', args: { sources: ['/a'], dest: '/b', from: { state: build } } })
  means(raw, 'FROM b\nRUN make\nFROM x\nCOPY --from=0 /a /b')
  assert.throws(() => from('x').instruction({ keyword: 'FROM', args: {} }), /"FROM" is not an instruction of a stage/)
})

forms.run()
