/** `--metadata-file`: what a build gave, for the programs that come after it. */
import type { BuildResult } from '../sdk/engine/index.ts'
import { ImgError, reasonOf } from '../sdk/error.ts'
import { checkWritable, writeFileAtomic } from './write.ts'

/**
 * Told before anything runs, as far as it can be known then.
 * @throws EXPORT_FAILED
 */
export function checkMetadataFile(file: string): void {
  try {
    checkWritable(file)
  } catch (error) {
    throw new ImgError('EXPORT_FAILED', `--metadata-file "${file}" cannot be written: ${reasonOf(error)}`, {
      cause: error,
      hint: 'name a file in a folder that can be written to',
    })
  }
}

/** With the keys that buildx has. Source: BuildKit, exporter/containerimage/exptypes. */
export function writeMetadata(file: string, { manifest, config, names, outputs }: BuildResult): void {
  const document = {
    'containerimage.digest': manifest?.digest,
    'containerimage.config.digest': config?.digest,
    'containerimage.descriptor': manifest,
    'image.name': names.length > 0 ? names.join(',') : undefined,
    outputs,
  }
  writeFileAtomic(file, `${JSON.stringify(document, null, 2)}\n`)
}
