// Loads our packages from the project into which they were installed.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

export async function loadOurs(folder) {
  const { resolve } = createRequire(`${folder}/application.js`)
  const load = async (name) => import(pathToFileURL(resolve(`@genauth-oidc/${name}`)).href)
  const [core, pkce, urls, verify, tokens, login] = await Promise.all(
    ['core', 'pkce', 'urls', 'verify', 'tokens', 'login'].map(load),
  )
  return { core, pkce, urls, verify, tokens, login }
}
