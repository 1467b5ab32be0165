import { suite } from '../../helpers/suite.ts'
import { breakingTests } from './breaking.ts'

const faults = suite('engine/store/faults at every step')

breakingTests(faults, Number.POSITIVE_INFINITY)

faults.run()
