/** The environment of a RUN, as text. */
import { environment } from '../../../sdk/engine/run/environment.ts'
import { assert, suite } from '../../helpers/suite.ts'

const env = suite('engine/run/environment')
const meta = { args: [], cwd: '/' }

env("D3.26 puts proxies after the op's own and secrets after those; the last of a name counts", () => {
  const own = ['http_proxy=own', 'A=b=c', 'PATH=/p', 'HOME=']
  assert.equal(
    environment({ ...meta, env: own, proxy_env: { http_proxy: 'given', https_proxy: '' } }, '/home/x', ['A=secret']),
    ['http_proxy=given', 'A=secret', 'PATH=/p', 'HOME=/home/x', 'HTTP_PROXY=given'],
  )
})

env('D3.20 keeps a variable without a name, and one without a value', () => {
  assert.equal(environment({ ...meta, env: ['=v', 'LONE'] }, '/', []).slice(0, 2), ['=v', 'LONE='])
})

env.run()
