/** The door `imgsdk/dockerfile`: Dockerfiles and ignore files, read and written. */
export { type Ignore, parseIgnore } from './ignore.ts'
export { parse } from './parse.ts'
export { print } from './print.ts'
export { type Respelling, respell } from './respell.ts'
export { parseTrigger } from './trigger.ts'
