import { type ImageOptions, type Output, parseOutput } from '../../sdk/export/output.ts'
import { assert, suite } from '../helpers/suite.ts'

const test = suite('export/output')

const failure = (text: string): { code: string; message: string; hint: string } => {
  try {
    parseOutput(text)
  } catch (error) {
    return error as never
  }
  throw new Error(`"${text}" was taken`)
}

const imageOptions = (text: string): ImageOptions => {
  const output = parseOutput(text)
  if ('names' in output) return output
  throw new Error(`"${text}" writes no image`)
}

const imageDefaults: ImageOptions = {
  names: [],
  compression: { type: 'gzip', force: false },
  mediaTypes: 'oci',
  annotations: [],
  rewriteTimestamp: false,
}

test('reads the forms of docker buildx', () => {
  const forms: Record<string, Output> = {
    out: { type: 'local', dest: 'out', mode: 'new' },
    '-': { type: 'tar', dest: '-' },
    'type=local,dest=a b': { type: 'local', dest: 'a b', mode: 'new' },
    'type=local,dest=out,mode=delete,platform-split=false': {
      type: 'local',
      dest: 'out',
      mode: 'delete',
      platformSplit: false,
    },
    'type=tar': { type: 'tar', dest: '-' },
    'type=tar,dest=x.tar': { type: 'tar', dest: 'x.tar' },
    'type=oci,dest=x.tar': { type: 'oci', dest: 'x.tar', tar: true, ...imageDefaults },
    'type=oci,dest=dir,tar=false': { type: 'oci', dest: 'dir', tar: false, ...imageDefaults },
    'type=docker': { type: 'docker', ...imageDefaults, compression: { type: 'none', force: false } },
    'type=docker,dest=-': {
      type: 'docker',
      dest: '-',
      ...imageDefaults,
      compression: { type: 'none', force: false },
    },
    'type=image,name=a/b:1,push=true': {
      type: 'image',
      push: true,
      pushByDigest: false,
      insecure: false,
      ...imageDefaults,
      names: ['a/b:1'],
    },
    'type=cacheonly': { type: 'cacheonly' },
  }
  for (const [text, output] of Object.entries(forms)) assert.equal(parseOutput(text), output, text)
})

test('type=registry is an image that is pushed', () => {
  assert.equal(parseOutput('type=registry,name=a'), parseOutput('type=image,push=true,name=a'))
})

test('reads compression, epoch and several names', () => {
  const output = parseOutput(
    'type=oci,dest=x,compression=zstd,compression-level=19,force-compression=1,source-date-epoch=0',
  )
  assert.equal(output, {
    type: 'oci',
    dest: 'x',
    tar: true,
    ...imageDefaults,
    compression: { type: 'zstd', level: 19, force: true },
    sourceDateEpoch: 0,
  })
  const named = imageOptions('type=oci,"name=a:1,b:2",dest=x,compression=uncompressed')
  assert.equal(named.names, ['a:1', 'b:2'])
  assert.equal(named.compression, { type: 'none', force: false })
})

test('reads annotations, which may hold an equals sign', () => {
  const text = 'type=image,annotation.a.b=c=d,annotation-index.x=y,annotation-manifest[linux/arm64].k=v'
  assert.equal(imageOptions(text).annotations, [
    { on: 'manifest', key: 'a.b', value: 'c=d' },
    { on: 'index', key: 'x', value: 'y' },
    { on: 'manifest', platform: 'linux/arm64', key: 'k', value: 'v' },
  ])
})

test('an unknown key or type names the nearest', () => {
  assert.match(failure('type=oci,dest=x,compresion=gzip').hint, 'compression')
  assert.match(failure('type=local,dst=x,dest=y').hint, 'dest')
  assert.match(failure('type=ocl,dest=x').hint, 'type=oci')
  assert.match(failure('type=oci,dest=x,compression=zst').hint, 'zstd')
  assert.match(failure('type=tar,dest=x,compression=gzip').message, 'no key "compression"')
})

test('what is not allowed is USAGE', () => {
  const wrong = [
    '',
    'dest=x,tar=false',
    'type=',
    'type=local',
    'type=local,dest=-',
    'type=oci,tar=false',
    'type=oci,tar=maybe',
    'type=oci,dest',
    'type=oci,compression-level=10',
    'type=oci,compression=zstd,compression-level=23',
    'type=oci,compression-level=-1',
    'type=oci,compression-level=6.5',
    'type=oci,compression=zstd,oci-mediatypes=false',
    'type=oci,annotation.a=b,oci-mediatypes=false',
    'type=docker,tar=false',
    'type=oci,"name=a',
    'type=oci,x="y"',
    'type=oci,"name=a"b',
    'type=oci,annotation-layer.a=b',
    'type=local,dest=x,mode=merge',
  ]
  for (const text of wrong) assert.is(failure(text).code, 'USAGE', text)
})

test('says what it does not do, and takes it when it is switched off', () => {
  assert.is(failure('type=oci,compression=estargz').code, 'UNSUPPORTED')
  assert.is(failure('type=image,unpack=true').code, 'UNSUPPORTED')
  assert.is(parseOutput('type=image,unpack=false').type, 'image')
  assert.is(failure('type=oci,name=UPPER').code, 'REFERENCE_INVALID')
})

test.run()
