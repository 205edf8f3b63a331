import { createHash } from 'node:crypto'

const CHALLENGE = /^[\w.~-]{43,128}$/

/**
 * Makes PKCE by `plain`, which GenAuth has and the engine refuses, into S256: the challenge of a plain request is the
 * verifier, so its hash is the challenge that the engine will expect. No method at all means plain (RFC 7636 section
 * 4.3). A challenge that is malformed stays as it is, for the engine to refuse.
 */
export function rewritePkce(params: URLSearchParams): URLSearchParams {
  const challenges = params.getAll('code_challenge')
  const methods = params.getAll('code_challenge_method')
  const plain = methods.length === 0 || (methods.length === 1 && methods[0] === 'plain')
  if (challenges.length !== 1 || !plain) return params
  const [challenge = ''] = challenges
  const changed = new URLSearchParams(params)
  changed.set('code_challenge_method', 'S256')
  if (CHALLENGE.test(challenge)) {
    changed.set('code_challenge', createHash('sha256').update(challenge).digest('base64url'))
  }
  return changed
}

/** Makes a request to the OAuth side into one that the engine takes there. */
export function rewriteOauth(params: URLSearchParams): URLSearchParams {
  const changed = new URLSearchParams(params)
  // These belong to OpenID Connect, and the engine refuses them without its scope.
  changed.delete('nonce')
  const scopes = (params.get('scope') ?? '').split(' ').filter((scope) => scope !== 'openid' && scope !== '')
  changed.set('scope', scopes.length > 0 ? scopes.join(' ') : 'user')
  changed.delete('token_alone')
  if (params.get('response_type') === 'token') {
    // The engine has no `token` alone: it makes both, and the code is taken out again before the answer goes.
    changed.set('response_type', 'code token')
    changed.set('token_alone', 'yes')
  }
  return changed
}
