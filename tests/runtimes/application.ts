// A single-page application, for a person who clicks: what happened stands in #state.
import { defineConfig } from '@genauth-oidc/core/defineConfig'
import { isOidcError } from '@genauth-oidc/core/isOidcError'
import type { OidcConfig } from '@genauth-oidc/core/types'
import { beginLogin } from '@genauth-oidc/login/beginLogin'
import { completeLogin } from '@genauth-oidc/login/completeLogin'
import { refreshLogin, type RefreshableLogin } from '@genauth-oidc/login/refreshLogin'
import type { LoginParams, LoginTransaction } from '@genauth-oidc/login/types'
import { buildLogoutUrl } from '@genauth-oidc/urls/buildLogoutUrl'
import type { Fixture } from './suite/world.js'

const slot = 'sign-in'
const scope = 'openid profile email offline_access'
const own = new URL('/app/', location.href).href

const show = (text: string): void => {
  document.querySelector('#state')!.textContent = text
}

async function start(config: OidcConfig, params: LoginParams<'code' | 'code id_token'>): Promise<void> {
  const { url, transaction } = await beginLogin(config, { scope, appState: '/app/orders', ...params })
  sessionStorage.setItem(slot, JSON.stringify(transaction))
  location.assign(url.href)
}

async function callback(config: OidcConfig): Promise<RefreshableLogin> {
  let responseType = ''
  const take = (): LoginTransaction<'code' | 'code id_token'> | undefined => {
    const kept = JSON.parse(sessionStorage.getItem(slot) ?? 'null') as LoginTransaction<'code'> | null
    sessionStorage.removeItem(slot)
    responseType = kept?.responseType ?? ''
    return kept ?? undefined
  }
  const login = await completeLogin(config, location.href, take, { userInfo: true })
  history.replaceState(null, '', login.appState)
  show(`signed in as ${login.claims.sub} ${login.userInfo.email} with ${responseType}, tokens 1`)
  return login
}

async function main(): Promise<void> {
  const { apps } = (await (await fetch('/fixture')).json()) as Fixture
  const config = defineConfig(apps['public']!)
  let login: RefreshableLogin | undefined
  const onClick = (id: string, action: () => Promise<void>) =>
    document.querySelector(`#${id}`)!.addEventListener('click', () => void attempt(action))
  onClick('sign-in', () => start(config, {}))
  onClick('hybrid', () => start(config, { responseType: 'code id_token', prompt: undefined, scope: 'openid email' }))
  onClick('silent', () => start(config, { prompt: 'none', scope: 'openid' }))
  onClick('refresh', async () => {
    const next = await refreshLogin(config, login!)
    const { sub, email } = next.claims
    login = next
    show(`signed in as ${sub} ${email} with code, tokens 2`)
  })
  onClick('sign-out', async () => {
    const idToken = login?.tokens.id_token ?? ''
    location.assign(buildLogoutUrl(config, { expert: true, idToken, redirectUri: own, state: 'bye' }).href)
  })
  if (location.pathname === '/app/callback') login = await callback(config)
  else show('signed out')
}

async function attempt(action: () => Promise<void>): Promise<void> {
  try {
    await action()
  } catch (error) {
    if (isOidcError(error, 'authorization_error')) show(`failed ${error.code} ${error.error}`)
    else show(`failed ${String(error)}`)
  }
}

await attempt(main)
