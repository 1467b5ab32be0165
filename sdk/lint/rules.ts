/** The table of rules. Adding a check is one row in a file of its family, and one name here. */
import { consistentInstructionCasing, fromAsCasing, stageNameCasing } from './buildkit/casing.ts'
import {
  exposeInvalidFormat,
  exposeProtoCasing,
  jsonArgsRecommended,
  multipleInstructionsDisallowed,
  workdirRelativePath,
} from './buildkit/commands.ts'
import {
  fromPlatformFlagConstDisallowed,
  invalidBaseImagePlatform,
  invalidDefaultArgInFrom,
  redundantTargetPlatform,
  undefinedArgInFrom,
} from './buildkit/from.ts'
import { copyIgnoredFile } from './buildkit/ignored.ts'
import { duplicateStageName, invalidDefinitionDescription, reservedStageName } from './buildkit/names.ts'
import { legacyKeyValueFormat, maintainerDeprecated, noEmptyContinuation } from './buildkit/spelling.ts'
import { secretsUsedInArgOrEnv, undefinedVar } from './buildkit/variables.ts'
import { baseWithoutDigest, latestBase, runsAsRoot } from './own/base.ts'
import { cacheMountMissing, copyDefeatsCache } from './own/cache.ts'
import { aptListsLeft, deletedLater } from './own/layers.ts'
import { secretBakedIn } from './own/secrets.ts'
import type { Rule } from './rule.ts'

/** BuildKit's build checks by their own names. Source: conformance D12.20 to D12.41. */
export const buildkitRules: readonly Rule[] = [
  stageNameCasing,
  fromAsCasing,
  noEmptyContinuation,
  consistentInstructionCasing,
  duplicateStageName,
  reservedStageName,
  jsonArgsRecommended,
  maintainerDeprecated,
  undefinedArgInFrom,
  workdirRelativePath,
  undefinedVar,
  multipleInstructionsDisallowed,
  legacyKeyValueFormat,
  invalidBaseImagePlatform,
  redundantTargetPlatform,
  secretsUsedInArgOrEnv,
  invalidDefaultArgInFrom,
  fromPlatformFlagConstDisallowed,
  copyIgnoredFile,
  invalidDefinitionDescription,
  exposeProtoCasing,
  exposeInvalidFormat,
]

/** All rules. */
export const rules: readonly Rule[] = [
  ...buildkitRules,
  secretBakedIn,
  latestBase,
  baseWithoutDigest,
  runsAsRoot,
  copyDefeatsCache,
  cacheMountMissing,
  aptListsLeft,
  deletedLater,
]
