// A site of static pages: nothing is fetched and nothing runs, so this builds on any machine, without root or network.
import { heredoc, scratch } from 'imgsdk'

const pages = {
  index: 'Hello from an image that is a program.',
  about: 'Three pages and a style sheet, each page written by the loop below.',
  contact: 'Nobody is at home here.',
}

const page = (title: string, text: string) => heredoc`
  <!doctype html>
  <title>${title}</title>
  <link rel="stylesheet" href="style.css">
  <h1>${title}</h1>
  <p>${text}</p>
`

let site = scratch().copy('assets', '/www')
for (const [name, text] of Object.entries(pages)) {
  site = site.copy(page(name, text), `/www/${name}.html`)
}

export default site.label({ 'org.opencontainers.image.title': 'hello' }).workdir('/www')
