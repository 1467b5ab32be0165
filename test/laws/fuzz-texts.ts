/** The Dockerfiles that the fuzzer changes: our examples, and the corpus where it is beside the checkout. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { corpusFolder, projectRoot } from '../helpers/suite.ts'

/** Their texts, in an order that does not change. */
export function fuzzTexts(): string[] {
  const corpus = corpusFolder()
  const folders = corpus ? [join(corpus, 'dockerfiles'), join(corpus, 'tricky', 'dockerfiles')] : []
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .sort()
      .map((name) => join(folder, name)),
  )
  const examples = ['hello', 'legacy', 'node-service'].map((name) =>
    join(projectRoot(), 'examples', name, 'Dockerfile'),
  )
  return [...examples, ...files].map((file) => readFileSync(file, 'utf8'))
}
