import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { open } from '@genauth-oidc/login/open'
import { openTransaction } from '@genauth-oidc/login/openTransaction'
import { refreshLogin, type RefreshableLogin, type RefreshOptions } from '@genauth-oidc/login/refreshLogin'
import { seal } from '@genauth-oidc/login/seal'
import { sealTransaction } from '@genauth-oidc/login/sealTransaction'
import { transactionCookie } from '@genauth-oidc/login/transactionCookie'
import { transactionFromCookie } from '@genauth-oidc/login/transactionFromCookie'
import { fails, holds, OFFLINE, same, type Cases, type World } from './world.js'

const TYPES = ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'] as const
const KEY = 'a-key-of-at-least-32-characters-in-all'

export const loginCases = (world: World): Cases => {
  const byType = TYPES.map((responseType) => [
    `signs in with ${responseType}`,
    async () => {
      const config = world.config('post')
      const { url, transaction } = await beginLogin(config, { responseType, appState: '/orders' })
      const login = await completeLogin(config, await world.callback(url), transaction)
      same([login.claims.email, login.appState], ['alice@example.com', '/orders'])
    },
  ])
  const countingLogin = async () => {
    let asked = 0
    const config = world.config('post', {
      fetch: (url, init) => {
        if (url.endsWith('/token')) asked++
        return fetch(url, init)
      },
    })
    const { url, transaction } = await beginLogin(config, { scope: OFFLINE })
    const login = await completeLogin(config, await world.callback(url), transaction)
    return { config, login, asked: () => asked }
  }
  return {
    ...(Object.fromEntries(byType) as Cases),

    'signs in by form_post, the transaction sealed in a cookie, with user info': async () => {
      const config = world.config('ES256')
      const { url, transaction } = await beginLogin(config, {
        responseType: 'code id_token',
        responseMode: 'form_post',
      })
      const { name, value } = await transactionCookie(transaction, await sealTransaction(transaction, KEY))
      const kept = transactionFromCookie<'code id_token'>(`a=b; ${name}=${value}`, config.redirectUri ?? '', KEY)
      const login = await completeLogin(config, await world.callback(url), kept, { userInfo: true })
      same(login.userInfo.sub, login.claims.sub)
      const other = transactionFromCookie('a=b', config.redirectUri ?? '', KEY)
      const again = completeLogin(config, await world.callback(url), other)
      await fails(again, 'callback_invalid', { reason: 'transaction' })
    },

    'opens a transaction that Node has sealed, and Node opens one of this runtime': async () => {
      const { key, text, state } = world.sealed
      same((await openTransaction(text, key)).state, state, 'state')
      const { transaction } = await beginLogin(world.config('post'))
      const sealed = await sealTransaction(transaction, key)
      holds(!sealed.includes(transaction.codeVerifier), 'the verifier does not show')
      same(await world.post('/open', { sealed, key }), transaction, 'transaction')
    },

    'opens nothing that was changed, sealed with another key, or for another purpose': async () => {
      const sealed = await seal({ user: 'alice' }, { key: [KEY], purpose: 'session', expiresIn: 60 })
      same(await open(sealed, { key: [`another-${KEY}`, KEY], purpose: 'session' }), { user: 'alice' })
      const last = sealed.endsWith('A') ? 'B' : 'A'
      for (const [text, key, purpose] of [
        [sealed.slice(0, -1) + last + last, KEY, 'session'],
        [sealed, `another-${KEY}`, 'session'],
        [sealed, KEY, 'reset'],
      ] as const)
        await open(text, { key, purpose }).then(
          () => holds(false, 'it opened'),
          () => undefined,
        )
    },

    'refuses a callback that was begun with another application': async () => {
      const { url, transaction } = await beginLogin(world.config('post'))
      const login = completeLogin(world.config('basic'), await world.callback(url), transaction)
      await fails(login, 'callback_invalid', { reason: 'mix_up' })
    },

    'refreshes once for all who ask at the same time': async () => {
      const { config, login, asked } = await countingLogin()
      const [first, second] = await Promise.allSettled([refreshLogin(config, login), refreshLogin(config, login)])
      if (globalThis.navigator?.userAgent === 'Cloudflare-Workers') {
        // One request may not wait for another's there: it takes a lock, as in the next case [R33].
        same([asked(), [first, second].filter(({ status }) => status === 'rejected').length], [3, 1])
        return
      }
      same([first.status, second.status, asked()], ['fulfilled', 'fulfilled', 2])
    },

    'refreshes once under a lock of the application, wherever the login is stored': async () => {
      const { config, login, asked } = await countingLogin()
      let stored: RefreshableLogin = login
      let last: Promise<unknown> = Promise.resolve()
      const options: RefreshOptions<'signed'> = {
        freshFor: 7200,
        save: (next) => (stored = next),
        lock: (_, run) => {
          const mine = last.then(run)
          last = mine
          return mine
        },
      }
      const ask = async () => refreshLogin(config, () => stored, options)
      const [first, second] = await Promise.all([ask(), ask()])
      same(asked(), 2, 'number of token requests')
      same(first.claims.sub, login.claims.sub)
      same(second.tokens.access_token, first.tokens.access_token)
      holds(stored === first || stored === second, 'the new login is stored')
    },
  }
}
