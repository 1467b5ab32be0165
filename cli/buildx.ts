/** Options of `docker buildx build`, and of `docker build` before it, that `imgsdk build` has not: what to do instead. */
const attestations = 'leave it out: imgsdk makes no attestations'
const cache =
  'keep the store between builds instead: --store DIR, or IMGSDK_STORE, in a folder that is saved and restored'
const verbose = '--progress plain shows all that the steps print'
const quiet = '--progress quiet --json prints only the result, with the digest at manifest.digest'
const noContainers = 'leave it out: no containers are left behind'

/** By long name, or by the letter of a short one. */
export const buildxOnly: Readonly<Record<string, string>> = {
  'add-host': 'use the address itself, given as a --build-arg',
  annotation: 'use --output type=image,annotation.NAME=VALUE',
  attest: attestations,
  provenance: attestations,
  sbom: attestations,
  builder: 'leave it out: the engine is built in',
  'cache-from': cache,
  'cache-to': cache,
  call: 'imgsdk lint checks the file, imgsdk synth shows its targets',
  check: 'use imgsdk lint',
  'cgroup-parent': 'leave it out: the cgroups of steps are below /imgsdk',
  debug: verbose,
  D: verbose,
  iidfile: 'use --metadata-file FILE: containerimage.config.digest there is the image ID',
  network: 'say it of the step: RUN --network=none, or RUN --network=host with --allow network.host',
  'no-cache-filter': '--no-cache runs every step again',
  policy: 'leave it out: imgsdk has no policies',
  quiet,
  q: quiet,
  'shm-size': 'say it of the step: RUN --mount=type=tmpfs,target=/dev/shm,size=…',
  ulimit: 'say it in the step: RUN ulimit -n 1024 && …',
  squash: 'end with a stage FROM scratch that copies it all: COPY --from=NAME / /',
  rm: noContainers,
  'force-rm': noContainers,
}
