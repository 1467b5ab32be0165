/** The floor plan as data: which folder may import which, and which one file or folder is the door to a package. */

const spelling = ['error', 'oci', 'graph', 'instruction']
const solver = [...spelling, 'plan']

/** Floor → the floors it may import besides itself. */
const below: Readonly<Record<string, readonly string[]>> = {
  error: [],
  oci: ['error'],
  graph: ['error', 'oci'],
  instruction: ['error', 'oci', 'graph'],
  builder: spelling,
  dockerfile: spelling,
  json: spelling,
  codegen: spelling,
  plan: spelling,
  lint: solver,
  engine: solver,
  buildkit: solver,
  export: [...solver, 'engine', 'buildkit'],
}

/** Doors put parts together, so they may import any of them; no part may import a door. */
const frontDoors = ['sdk/index.ts', 'sdk/engine/index.ts', 'sdk/testing/', 'sdk/verb/']
/** Where the folders of the engine meet. */
const meetingPlaces = [
  'sdk/engine/ports.ts',
  'sdk/engine/tree.ts',
  'sdk/engine/name.ts',
  'sdk/engine/passwd.ts',
  'sdk/engine/privilege.ts',
  'sdk/engine/folder.ts',
]

/** Folder of the engine → the one below it: an exec op is a run. */
const engineStairs: Readonly<Record<string, string>> = { 'sdk/engine/op/': 'sdk/engine/run/' }

/** Package → path prefixes it may be imported under. Any test may use any package but uvu. */
export const packageDoors: Readonly<Record<string, readonly string[]>> = {
  undici: ['sdk/engine/registry/', 'sdk/engine/op/http.ts'],
  'tar-stream': ['sdk/engine/layer/', 'sdk/export/'],
  ajv: ['sdk/json/'],
  yaml: ['sdk/json/'],
  'ts-morph': ['sdk/codegen/'],
  esbuild: ['cli/load/compile.ts'],
  koffi: ['sdk/engine/layer/', 'sdk/engine/run/'],
  uvu: ['test/helpers/suite.ts'],
}

/** What many verbs need before any door is worth its time, and that needs nothing itself. */
const alone = ['sdk/instruction/shape/nearest.ts', 'sdk/engine/privilege.ts', 'sdk/engine/folder.ts']

/** Folders that touch the world. */
const worldly = ['sdk/engine/', 'sdk/export/', 'sdk/buildkit/', 'sdk/testing/', 'sdk/verb/', 'cli/', 'test/']
/** Node modules that only compute. */
const pureModules = ['node:crypto', 'node:path', 'node:buffer', 'node:url']

const starts = (path: string, prefixes: readonly string[]) => prefixes.some((prefix) => path.startsWith(prefix))

/** The floor that a file of `sdk/` is on. */
function floorOf(path: string): string | undefined {
  if (path === 'sdk/error.ts' || path === 'sdk/codes.ts') return 'error'
  return /^sdk\/([^/]+)\//.exec(path)?.[1]
}

/** Why `from` may not import the project's file `to`, or undefined when it may. Paths from the project root. */
export function edgeFault(from: string, to: string, typeOnly = false): string | undefined {
  if (from.startsWith('test/')) return undefined
  if (from.startsWith('examples/')) return 'an example imports only "imgsdk"'
  if (to.startsWith('test/') || to.startsWith('examples/')) return 'the product never imports tests or examples'
  if (from.startsWith('cli/')) {
    // The door of json loads the validator too, a tenth of a second's work that synth has no use for.
    if (to === 'sdk/json/encode.ts') return undefined
    if (alone.includes(to)) return undefined
    const door = to.startsWith('cli/') || to.endsWith('/index.ts') || to === 'sdk/error.ts' || to === 'sdk/codes.ts'
    return door || typeOnly ? undefined : 'cli comes in by a door: an index.ts, error.ts or codes.ts (types excepted)'
  }
  if (to.startsWith('cli/')) return 'sdk never imports cli'
  if (starts(from, frontDoors)) return undefined
  if (starts(to, frontDoors)) return 'no part imports a front door'
  const [floor, target] = [floorOf(from), floorOf(to)]
  if (floor === undefined || target === undefined) return `no floor is known for ${floor === undefined ? from : to}`
  if (floor === 'engine' && target === 'engine') return engineFault(from, to)
  if (floor === target) return undefined
  const allowed = below[floor]
  if (allowed === undefined) return `the floor plan has no folder sdk/${floor}`
  if (!allowed.includes(target)) return `${floor} may import ${allowed.join(', ') || 'nothing'}, not ${target}`
  return undefined
}

/** A folder of the engine knows itself and the meeting places; the files beside `ports.ts` wire the parts. */
function engineFault(from: string, to: string): string | undefined {
  const folder = /^sdk\/engine\/[^/]+\//.exec(from)?.[0]
  if (meetingPlaces.includes(from)) {
    return meetingPlaces.includes(to) ? undefined : 'a meeting place of the engine imports no part of it'
  }
  if (folder === undefined || to.startsWith(folder) || meetingPlaces.includes(to)) return undefined
  if (to.startsWith(engineStairs[folder] ?? '-')) return undefined
  return `folders of the engine meet only in ${meetingPlaces.join(', ')}`
}

/** Why `from` may not import the package or Node module `name`, or undefined when it may. */
export function packageFault(from: string, name: string): string | undefined {
  if (name.startsWith('node:')) {
    if (starts(from, worldly) || pureModules.includes(name)) return undefined
    return `outside engine, export and cli only ${pureModules.join(', ')} of Node's modules`
  }
  const root = name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : name.split('/')[0]!
  if (from.startsWith('examples/') && root === 'imgsdk') return undefined
  if (from.startsWith('test/') && root !== 'uvu') return undefined
  const doors = packageDoors[root]
  if (doors === undefined) return `no file may import "${root}"`
  return starts(from, doors) ? undefined : `"${root}" comes in only through ${doors.join(', ')}`
}

/** Why `from` may not use the global `name`, or undefined when it may. */
export function globalFault(from: string, name: string): string | undefined {
  if (name === 'console') return starts(from, ['cli/', 'test/']) ? undefined : 'only cli writes to the terminal'
  return starts(from, worldly) ? undefined : `outside engine, export and cli there is no ${name}`
}
