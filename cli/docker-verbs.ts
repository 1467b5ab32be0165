/** Verbs of docker, podman and skopeo that imgsdk has not under that name: what to do instead. */
const logins = 'log in with docker login, podman login or skopeo login: imgsdk finds what they leave'
const removal = 'images cannot be removed one by one: remove the folder of the store (--store DIR, or IMGSDK_STORE)'

/** By name. */
export const dockerVerbs: Readonly<Record<string, string>> = {
  bake: 'imgsdk build --target NAME builds one target of an image.ts',
  buildx: 'leave it out: imgsdk build takes the flags of docker buildx build',
  commit: 'imgsdk shell REF --commit NEW',
  copy: 'imgsdk pull REF, then imgsdk push REF DEST',
  exec: 'imgsdk shell REF -- COMMAND',
  history: 'imgsdk inspect REF',
  image: 'imgsdk images lists the images of the store',
  load: 'imgsdk import ARCHIVE takes the images of an archive; imgsdk build --load gives one to docker',
  login: logins,
  logout: logins,
  ls: 'imgsdk images, or imgsdk context ls',
  prune: removal,
  rm: removal,
  rmi: removal,
  run: 'imgsdk shell REF, or imgsdk shell REF -- COMMAND; to run a service, give the image to docker or podman',
  save: 'imgsdk build --output type=docker,dest=FILE',
  tag: 'imgsdk build -t NAME -t OTHER, or imgsdk push REF OTHER',
  version: 'imgsdk --version',
}
