#!/usr/bin/env node
/** The command line: argv to verb to exit status. */
import { readFileSync } from 'node:fs'
import process from 'node:process'

const argv = process.argv.slice(2)
if (argv[0] === '--version' || argv[0] === '-v') {
  process.stdout.write(`imgsdk ${version()}\n`)
} else {
  const { runVerb } = await import('./run.ts')
  await runVerb(argv)
}

/** Of the package that this file is part of: the nearest package.json above it. */
function version(): string {
  for (let folder = new URL('./', import.meta.url); ; folder = new URL('../', folder)) {
    try {
      const found = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as { version?: string }
      // The bundle's own says only that its files are modules.
      if (found.version !== undefined) return found.version
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || folder.pathname === '/') throw error
    }
  }
}
