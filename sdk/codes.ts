/** The table of error codes: what each means, and the exit status the CLI gives it. */

/** 1: the build or a check failed. 2: the call was wrong. 70: a bug of ours. 130: interrupted. */
export type ExitStatus = 1 | 2 | 70 | 130

const code = (summary: string, exit: ExitStatus = 1) => ({ summary, exit })

/** One line per error; the reference page is generated from it. Keys are stable, messages are not. */
export const codes = {
  // the Dockerfile language
  DOCKERFILE_EMPTY: code('The Dockerfile holds no instruction.'),
  DOCKERFILE_DIRECTIVE: code('A parser directive is repeated or has a value that is not allowed.'),
  DOCKERFILE_SYNTAX: code('The text of an instruction does not have the form that its keyword asks for.'),
  DOCKERFILE_HEREDOC: code('A here-document has no end, or stands where none may.'),
  UNKNOWN_INSTRUCTION: code('The keyword is not one of the 18 instructions.'),
  UNKNOWN_FLAG: code('The instruction has no such flag.'),
  FLAG_VALUE: code('A flag is repeated, lacks its value, or has a value that is not allowed.'),
  EXPANSION: code('A variable reference is malformed, or a required variable is unset.'),
  // the graph and the plan
  GRAPH_INVALID: code('The document is not an instruction graph.'),
  GRAPH_VERSION: code('The graph was written by a newer imgsdk.'),
  STAGE_CYCLE: code('Stages refer to each other in a circle.'),
  STAGE_ORDER: code('A stage uses one that is defined after it.'),
  STAGE_UNKNOWN: code('There is no such stage or target.'),
  ARGUMENT_VALUE: code('An argument of an instruction has a value that is not allowed.'),
  PRINT_INEXPRESSIBLE: code('The graph holds something that no Dockerfile text means.'),
  // image.ts
  IMAGE_FILE_MISSING: code('There is no such image.ts, Dockerfile or graph.', 2),
  IMAGE_FILE_FAILED: code('The image.ts could not be loaded, or it threw.'),
  CONVERT_LOSS: code('A converted image.ts would be another image than its Dockerfile.'),
  IMAGE_FILE_EXPORTS: code('The image.ts exports no image.'),
  SECRET_AS_STRING: code('A secret was used as text.'),
  // references and platforms
  REFERENCE_INVALID: code('The text is not an image reference.'),
  PLATFORM_INVALID: code('The text is not a platform.'),
  DIGEST_INVALID: code('The text is not a digest.'),
  // building
  COPY_SOURCE_MISSING: code('COPY or ADD names a source that does not exist.'),
  COPY_CONFLICT: code('COPY or ADD would replace a directory by a file, or the other way round.'),
  PATH_MISSING: code('A file operation needs a path that does not exist.'),
  LINK_LOOP: code('A path runs through too many symbolic links.'),
  QUOTA: code('An archive holds more than the limits allow.'),
  USER_UNKNOWN: code('A user or group is not known to the image.'),
  RUN_FAILED: code('A RUN command ended with a status other than 0.'),
  RUN_UNAVAILABLE: code('This machine cannot run containers.'),
  NOT_ALLOWED: code('A plan asks for a privilege that the caller has not allowed.'),
  MOUNT_FAILED: code('A mount of a RUN could not be made.'),
  PATH_ESCAPES: code('A path leads out of its root.'),
  BUILD_CANCELLED: code('The build was interrupted.', 130),
  FILE_ACCESS: code(
    'The system refuses a file or folder: permission denied, a read-only file system, a name too long.',
  ),
  DISK_FULL: code('There is no space left on the device.'),
  CONTEXT_INVALID: code('The build context cannot be read.'),
  IGNORE_INVALID: code('A .dockerignore pattern is malformed.'),
  PATTERN_INVALID: code('A file pattern, as of COPY --exclude, is malformed.'),
  FETCH_FAILED: code('A remote file could not be fetched, or has another checksum.'),
  UNSUPPORTED: code('This is not built yet.'),
  CHECK_FAILED: code('A check found something, and check=error=true makes that an error.'),
  // registries, stores, exports
  IMAGE_NOT_FOUND: code('There is no such image.'),
  REGISTRY_UNREACHABLE: code('The registry does not answer.'),
  REGISTRY_REFUSED: code('The registry refused the request.'),
  REGISTRY_ANSWER: code('The registry gave an answer that the distribution spec does not allow.'),
  DIGEST_MISMATCH: code('The bytes do not have the digest or size that was promised.'),
  IMAGE_INVALID: code('A manifest, config or layout breaks the image spec.'),
  LAYER_INVALID: code('A layer archive is damaged or breaks the layer spec.'),
  STORE_DAMAGED: code('The store holds something that it should not.'),
  STORE_BUSY: code('Another process holds what is needed.'),
  EXPORT_FAILED: code('The image could not be written.'),
  // the command line
  USAGE: code('The command line is wrong.', 2),
  INTERNAL: code('A bug in imgsdk.', 70),
} as const

/** The name of an error. */
export type Code = keyof typeof codes
