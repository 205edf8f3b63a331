import type { ConfigInput, OidcConfig } from '@genauth-oidc/core/types'
import { getAccessTokenByCode } from '@genauth-oidc/tokens/getAccessTokenByCode'
import { getUserInfoByAccessToken } from '@genauth-oidc/tokens/getUserInfoByAccessToken'
import { fails, holds, same, type Cases, type World } from './world.js'

export const requestCases = (world: World): Cases => {
  const userInfoAt = (userInfo: string, more: Partial<ConfigInput<'oidc'>> = {}): OidcConfig =>
    world.config('post', { endpoints: { userInfo }, ...more })
  const tokenAt = (token: string, more: Partial<ConfigInput<'oidc'>> = {}): OidcConfig =>
    world.config('post', { endpoints: { token }, ...more })
  const secrets = ['the-access-token', world.apps['post']?.secret as string]
  const token = 'the-access-token'
  const code = 'the-code'

  /** The server must see the connection go, not only the caller be told. */
  const dropped = async (odd: { dropped(): Promise<boolean> }) => {
    for (let time = 0; time < 50; time++) {
      if (await odd.dropped()) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    holds(false, 'the connection stayed open')
  }

  return {
    'reads a good answer': async () => {
      same((await getUserInfoByAccessToken(userInfoAt(world.odd('user').url), token)).sub, 'alice')
    },

    'ends at the time limit when no answer comes, and drops the connection': async () => {
      const odd = world.odd('silent')
      const fields = { endpoint: 'userInfo', retryable: true, mayHaveArrived: true }
      await fails(getUserInfoByAccessToken(userInfoAt(odd.url, { timeout: 300 }), token), 'timeout', fields, secrets)
      await dropped(odd)
    },

    'ends at the time limit when the body stops half way': async () => {
      const odd = world.odd('half')
      const fields = { endpoint: 'token', retryable: false, mayHaveArrived: true }
      await fails(getAccessTokenByCode(tokenAt(odd.url, { timeout: 300 }), { code }), 'timeout', fields, secrets)
      await dropped(odd)
      same(await odd.count(), 1, 'number of requests')
    },

    'ends when the caller says so, with the reason, and drops the connection': async () => {
      const odd = world.odd('silent')
      const stop = new AbortController()
      const reason = { why: 'the tab was closed' }
      setTimeout(() => stop.abort(reason), 300)
      const call = getUserInfoByAccessToken(userInfoAt(odd.url), token, { signal: stop.signal })
      const error = await fails(call, 'aborted', { endpoint: 'userInfo' }, secrets)
      holds(error.cause === reason, 'the cause is the reason')
      await dropped(odd)
    },

    'sends nothing when the caller has given up before': async () => {
      const odd = world.odd('user')
      const signal = AbortSignal.abort()
      const fields = { mayHaveArrived: false }
      await fails(getUserInfoByAccessToken(userInfoAt(odd.url), token, { signal }), 'aborted', fields, secrets)
      same(await odd.count(), 0, 'number of requests')
    },

    'follows no redirect: a token would go to a stranger': async () => {
      const stranger = world.odd('user')
      const odd = world.odd(`redirect/${encodeURIComponent(stranger.url)}`)
      const call = getUserInfoByAccessToken(userInfoAt(odd.url), token)
      await fails(call, 'response_invalid', { reason: 'redirect' }, secrets)
      same([await odd.count(), await stranger.count()], [1, 0], 'numbers of requests')
    },

    'takes no HTML for JSON, nothing that is cut off, nothing without an end': async () => {
      for (const [what, reason] of [
        ['html', 'content_type'],
        ['broken', 'json'],
        ['array', 'shape'],
        ['huge', 'too_large'],
      ] as const)
        await fails(getUserInfoByAccessToken(userInfoAt(world.odd(what).url), token), 'response_invalid', { reason })
    },

    'says when to come back, and repeats nothing that was sent': async () => {
      const odd = world.odd('busy')
      const fields = { error: 'slow_down', status: 429, retryAfter: 7 }
      const error = await fails(getAccessTokenByCode(tokenAt(odd.url), { code }), 'endpoint_error', fields, secrets)
      holds(!JSON.stringify(error).includes(code), 'the code is not repeated')
      same(await odd.count(), 1, 'number of requests')
    },

    'says that nobody answers': async () => {
      const fields = { endpoint: 'token', retryable: false }
      await fails(getAccessTokenByCode(tokenAt(world.closed), { code }), 'network', fields, secrets)
    },

    'sends headers of the application, and never those of the protocol': async () => {
      const odd = world.odd('headers')
      const config = userInfoAt(odd.url)
      const seen = await getUserInfoByAccessToken(config, token, { headers: { 'x-trace': 'abc' } })
      same([seen['x-trace'], seen['authorization']], ['abc', `Bearer ${token}`])
      const call = getUserInfoByAccessToken(config, token, { headers: { Authorization: 'Bearer other' } })
      await fails(call, 'argument_invalid', { argument: 'headers' })
    },
  }
}
