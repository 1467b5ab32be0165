/** References: docker's normalisation and the grammar's edges. */
import { ImgError } from '../../sdk/error.ts'
import { familiar, formatReference, parseReference } from '../../sdk/oci/reference.ts'
import { assert, suite } from '../helpers/suite.ts'

const reference = suite('oci/reference')
const hex = 'a'.repeat(64)

reference('gives every short form its canonical and its familiar form', () => {
  const table: [string, string, string][] = [
    ['alpine', 'docker.io/library/alpine:latest', 'alpine:latest'],
    ['alpine:3.20', 'docker.io/library/alpine:3.20', 'alpine:3.20'],
    ['library/alpine', 'docker.io/library/alpine:latest', 'alpine:latest'],
    ['docker.io/alpine', 'docker.io/library/alpine:latest', 'alpine:latest'],
    ['index.docker.io/alpine', 'docker.io/library/alpine:latest', 'alpine:latest'],
    ['grafana/grafana', 'docker.io/grafana/grafana:latest', 'grafana/grafana:latest'],
    ['library/a/b', 'docker.io/library/a/b:latest', 'library/a/b:latest'],
    [`alpine@sha256:${hex}`, `docker.io/library/alpine@sha256:${hex}`, `alpine@sha256:${hex}`],
    [`alpine:3@sha256:${hex}`, `docker.io/library/alpine:3@sha256:${hex}`, `alpine:3@sha256:${hex}`],
    ['localhost/app', 'localhost/app:latest', 'localhost/app:latest'],
    ['localhost:5000/app:1', 'localhost:5000/app:1', 'localhost:5000/app:1'],
    ['127.0.0.1:5000/a/b', '127.0.0.1:5000/a/b:latest', '127.0.0.1:5000/a/b:latest'],
    ['[::1]:5000/app', '[::1]:5000/app:latest', '[::1]:5000/app:latest'],
    ['FOO/bar', 'FOO/bar:latest', 'FOO/bar:latest'],
    ['localhost:5000', 'docker.io/library/localhost:5000', 'localhost:5000'],
    ['my_host.com/foo', 'my_host.com/foo:latest', 'my_host.com/foo:latest'],
    ['a__b/c--d/e.f_g', 'docker.io/a__b/c--d/e.f_g:latest', 'a__b/c--d/e.f_g:latest'],
  ]
  for (const [text, canonical, short] of table) {
    const parsed = parseReference(text)
    assert.is(formatReference(parsed), canonical, text)
    assert.is(familiar(parsed), short, text)
    assert.equal(parseReference(canonical), parsed, text)
  }
})

reference('names the parts', () => {
  assert.equal(parseReference(`ghcr.io/org/app:v1@sha256:${hex}`), {
    registry: 'ghcr.io',
    repository: 'org/app',
    tag: 'v1',
    digest: `sha256:${hex}`,
  })
  assert.equal(parseReference(`app@sha256:${hex}`), {
    registry: 'docker.io',
    repository: 'library/app',
    digest: `sha256:${hex}`,
  })
})

reference('refuses what the grammar refuses, saying which part', () => {
  const table: [string, RegExp][] = [
    ['', /repository name is missing/],
    ['Alpine', /must be lower-case/],
    ['ghcr.io/Org/app', /"Org\/app" must be lower-case/],
    ['alpine:', /"" is not a tag/],
    ['alpine:-x', /"-x" is not a tag/],
    [`alpine:${'x'.repeat(129)}`, /is not a tag/],
    ['alpine:a:b', /"a:b" is not a tag/],
    ['a//b', /"" is not a repository name/],
    ['a..b', /"a\.\.b" is not a repository name/],
    ['a___b', /is not a repository name/],
    ['-a', /is not a repository name/],
    ['../x', /is not a registry host/],
    ['docker.io/', /repository name is missing/],
    ['host:port/a', /"host:port" is not a registry host/],
    [`alpine@sha256:${hex.toUpperCase()}`, /is not a digest/],
    ['alpine@sha256:../../x', /is not a registry host/],
    ['alpine@', /is not a digest/],
    ['alpine@sha256:zz', /is not a digest/],
    [hex, /bare image ID/],
    [`ghcr.io/${'a'.repeat(256)}`, /256 characters/],
    ['a\n', /is not a repository name/],
    ['a'.repeat(5000), /5000 characters/],
  ]
  for (const [text, reason] of table) {
    assert.throws(
      () => parseReference(text),
      (error: unknown) => {
        return error instanceof ImgError && error.code === 'REFERENCE_INVALID' && reason.test(error.message)
      },
      text,
    )
  }
})

reference('says that other digest algorithms are not supported', () => {
  assert.throws(
    () => parseReference(`alpine@sha512:${'a'.repeat(128)}`),
    (error: unknown) => {
      return error instanceof ImgError && error.code === 'UNSUPPORTED'
    },
  )
})

reference('A34 takes linear time over hostile text', () => {
  const started = performance.now()
  for (const piece of ['a-', 'a.', '-', '__', 'a/', ':', '@']) {
    assert.throws(() => parseReference(`${piece.repeat(4096 / piece.length - 1)}!`))
  }
  assert.ok(performance.now() - started < 500)
})

reference.run()
