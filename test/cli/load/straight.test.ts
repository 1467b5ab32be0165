/** Which sources need nobody to watch whether they end. */
import { doors } from '../../../cli/load/doors.ts'
import { isStraight } from '../../../cli/load/straight.ts'
import { assert, suite } from '../../helpers/suite.ts'

const straight = suite('cli/straight')

straight('a chain of calls on what the SDK exports ends', () => {
  for (const text of [
    "import { from } from 'imgsdk'\nexport default from('a').run('true').cmd(['x'])\n",
    'import { arg, from } from "imgsdk"\nconst tag = arg(`T`, process.env.TAG)\nexport const web = from(`a:${tag}`)\n',
    "import { plan } from 'imgsdk/testing'\nexport default plan\n",
    "import { from } from 'imgsdk'\nexport default from('a').copy('x', 'y', { from: 'deps' })\n",
  ])
    assert.ok(isStraight(text, doors), text)
})

straight('whatever turns round, or comes from elsewhere, may not end', () => {
  for (const text of [
    'for (;;) {}',
    'while (true);',
    'do {} while (1)',
    'const go = () => go()',
    'function go() { go() }',
    'class A { static { A } }',
    "import { x } from './lib.ts'",
    "import x from 'package'",
    "import './lib.ts'",
    "await import('./lib.ts')",
    "export * from 'toString'",
    "require('./lib')",
    "process.getBuiltinModule('child_process').execSync('sleep 99')",
    "eval('x')",
    'Atomics.wait(a, 0, 0)',
    'import { from } from \'imgsdk\'\nimport x from\n  "./x.ts"\n',
  ])
    assert.not.ok(isStraight(text, doors), text)
})

straight.run()
