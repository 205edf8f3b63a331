import { createTransport } from '@genauth-oidc/core/transport'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { fails, same, type Cases, type World } from './world.js'

export const transportCases = (world: World): Cases => {
  const code = 'the-code'
  const token = 'the-access-token'
  return {
    'signs in through the transport': async () => {
      const config = world.config('RS256', { fetch: createTransport() })
      const { url, transaction } = await beginLogin(config)
      const login = await completeLogin(config, await world.callback(url), transaction, { userInfo: true })
      same(login.userInfo.email, 'alice@example.com')
    },

    'tries a GET again after a passing error': async () => {
      const odd = world.odd('flaky')
      const config = world.config('post', { endpoints: { userInfo: odd.url }, fetch: createTransport() })
      same((await getUserInfoByAccessToken(config, token)).sub, 'alice')
      same(await odd.count(), 3, 'number of requests')
    },

    'never sends a POST twice': async () => {
      const odd = world.odd('flaky')
      const config = world.config('post', { endpoints: { token: odd.url }, fetch: createTransport({ retries: 5 }) })
      await fails(getAccessTokenByCode(config, { code }), 'response_invalid', { status: 503 })
      same(await odd.count(), 1, 'number of requests')
    },

    'ends at its own time limit': async () => {
      const odd = world.odd('silent')
      const fetch = createTransport({ timeout: 300 })
      const config = world.config('post', { endpoints: { userInfo: odd.url }, fetch })
      await fails(getUserInfoByAccessToken(config, token), 'network', { endpoint: 'userInfo' }, [token])
    },
  }
}
