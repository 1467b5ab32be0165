import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command, Options } from '../../cli/command.ts'
import { environment } from '../../cli/environment.ts'
import { globalHelp, verbHelp } from '../../cli/help.ts'
import { verbs } from '../../cli/verbs.ts'
import { codes } from '../../sdk/codes.ts'
import { assert, projectRoot, suite } from '../helpers/suite.ts'

const help = suite('cli/help')

const loaded = () => Promise.all(verbs.map(({ load }) => load() as Promise<Command<Options>>))
/** The options that a text names, without the dashes. */
const optionsIn = (text: string) => [...text.matchAll(/(?<![\w-])--([a-z][a-z-]+)/g)].map(([, name]) => name!)

help('no line is wider than 130 columns', async () => {
  for (const text of [globalHelp(verbs), ...(await loaded()).map((verb) => verbHelp(verb))])
    for (const line of text.split('\n')) assert.ok(line.length <= 130, `${line.length}: ${line}`)
})

help('every option of a verb is in the reference, and every one in the reference is there', async () => {
  const page = readFileSync(join(projectRoot(), 'docs/reference/cli.md'), 'utf8')
  for (const { name, options } of await loaded()) {
    const section = page.split(`\n## imgsdk ${name}\n`)[1]!.split('\n## ')[0]!
    const listed = [...section.matchAll(/^ {2}(?:-\w, | {4})--([a-z-]+)/gm)].map(([, option]) => option!)
    assert.equal(listed.sort(), [...Object.keys(options), 'help'].sort(), name)
  }
})

help('what examples, usage and descriptions name is there', async () => {
  const all = await loaded()
  const of = (name: string) => all.find((verb) => verb.name === name)
  for (const verb of all) {
    for (const [line] of verb.examples) {
      const [, called = verb.name, words = ''] = /imgsdk (\w+)(.*?)(?: -- .*)?$/.exec(line) ?? []
      for (const option of optionsIn(words)) assert.ok(option in of(called)!.options, `${line}: --${option}`)
    }
    for (const option of optionsIn(verb.usage.join(' '))) assert.ok(option in verb.options, `${verb.name}: --${option}`)
  }
})

help('the guides name only verbs and options that there are', async () => {
  const all = await loaded()
  const guide = join(projectRoot(), 'docs/guide')
  for (const file of [join(projectRoot(), 'README.md'), ...readdirSync(guide).map((name) => join(guide, name))]) {
    for (const [, block] of readFileSync(file, 'utf8').matchAll(/```sh\n(.*?)```/gs)) {
      for (const [line, name, words = ''] of block!.matchAll(/imgsdk ([a-z]\w*)([^#&|\n]*)/g)) {
        const verb = all.find((one) => one.name === name)
        assert.ok(verb, `${file}: ${line}`)
        for (const option of optionsIn(words)) assert.ok(option in verb.options, `${file}: ${line}`)
      }
    }
  }
})

help('the variables that are ours are all told', () => {
  const sources = ['cli', 'sdk'].flatMap((folder) =>
    readdirSync(join(projectRoot(), folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(projectRoot(), folder, name), 'utf8')),
  )
  const read = new Set(sources.flatMap((text) => text.match(/IMGSDK_[A-Z_]+/g) ?? []))
  // how a process knows that it was started anew in a namespace, and nothing to set
  read.delete('IMGSDK_NAMESPACE')
  const told = environment.flatMap(([names]) => names.split(', ')).filter((name) => name.startsWith('IMGSDK_'))
  assert.equal([...read].sort(), told.sort())
})

help('every exit status that an error has is told', () => {
  for (const { exit } of Object.values(codes)) assert.match(globalHelp(verbs), new RegExp(`^ {2}${exit} +`, 'm'))
})

help.run()
