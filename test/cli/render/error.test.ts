import { resolve } from 'node:path'
import { renderError } from '../../../cli/render/error.ts'
import { ImgError, joinErrors } from '../../../sdk/error.ts'
import { assert, suite } from '../../helpers/suite.ts'

const render = suite('cli/render/error')

render('shows code, place, message, the line with marks under it, and the hint', () => {
  const error = new ImgError('COPY_SOURCE_MISSING', 'COPY found nothing matching "src/**" in the build context', {
    at: { file: resolve('examples/site/Dockerfile'), line: 7, column: 6, endColumn: 12 },
    source: `${'#\n'.repeat(6)}COPY src/** .\n`,
    hint: '.dockerignore line 3 ("src") excludes it',
  })
  assert.is(
    renderError(error),
    `COPY_SOURCE_MISSING  examples/site/Dockerfile:7:6
  COPY found nothing matching "src/**" in the build context
 > 7 | COPY src/** .
     |      ^^^^^^
  hint: .dockerignore line 3 ("src") excludes it
`,
  )
})

render('keeps tabs, so that the marks stand under the text', () => {
  const error = new ImgError('UNKNOWN_FLAG', 'no', {
    at: { file: '/d', line: 1, column: 6 },
    source: 'RUN\t\t--x true',
  })
  assert.match(renderError(error), '\n     |    \t\t^\n')
})

render('shows every line of an instruction, without marks', () => {
  const error = new ImgError('RUN_FAILED', 'no', {
    at: { file: '/d', line: 9, endLine: 10, column: 1 },
    source: `${'\n'.repeat(8)}RUN a \\\n  b\n`,
  })
  assert.match(renderError(error), '\n >  9 | RUN a \\\n > 10 |   b\n')
})

render('shows errors that stand for several one by one, then how many', () => {
  const errors = ['a', 'b'].map((message) => new ImgError('FLAG_VALUE', message))
  const text = renderError(joinErrors(errors)!)
  assert.is(text, 'FLAG_VALUE\n  a\n\nFLAG_VALUE\n  b\n\n2 errors\n')
})

render('says no more than it knows when the file cannot be read', () => {
  assert.is(
    renderError(new ImgError('FLAG_VALUE', 'no', { at: { file: '/nowhere/D', line: 3 } })),
    'FLAG_VALUE  /nowhere/D:3\n  no\n',
  )
})

render('a bug of ours shows its stack and asks for a report', () => {
  assert.match(
    renderError(new ImgError('INTERNAL', 'oops', { cause: new TypeError('deep') })),
    /please report[\s\S]*TypeError: deep\n {6}at /,
  )
})

render.run()
