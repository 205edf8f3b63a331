import { appId } from '@genauth-oidc/core/appId'
import { argumentError } from '@genauth-oidc/core/argumentError'
import { clock } from '@genauth-oidc/core/clock'
import { issuer } from '@genauth-oidc/core/issuer'
import { knownAlg } from '@genauth-oidc/core/knownAlg'
import type { TokenCheck } from '@genauth-oidc/core/OidcError'
import { tolerance } from '@genauth-oidc/core/tolerance'
import type { OidcConfig, TokenConfig } from '@genauth-oidc/core/types'
import { checkAlg } from '@genauth-oidc/verify/checkAlg'
import { idTokenAlgs } from '@genauth-oidc/verify/idTokenAlgs'
import { checkSignature } from '@genauth-oidc/verify/checkSignature'
import { readJwt, type Jwt } from '@genauth-oidc/verify/readJwt'
import { refuser } from '@genauth-oidc/verify/refuser'
import { uphold } from '@genauth-oidc/verify/uphold'
import type { ExpectedSignature, SignedOptions } from '../types.js'

/** What a signed answer has to have. */
export interface SignedAnswer extends ExpectedSignature {
  /** Its name in messages. */
  readonly what: string
  /** The media type that its `typ` names, without `application/`; any but that of another kind of token by default. */
  readonly typ?: string
  /** Which of these have to be there. What is there has to be right in any case. */
  readonly required: readonly ('iss' | 'aud' | 'exp' | 'iat')[]
}

/**
 * Checks an answer of the provider that is a JWT: who it is from and for, when, and its signature.
 *
 * @param config - an oidc or oauth config
 * @param token - as it came
 * @param answer - what it has to have
 * @param options - where keys are kept
 * @returns the JWT in parts
 * @throws OidcError `token_invalid`
 */
export async function checkAnswer(
  config: TokenConfig,
  token: unknown,
  { what, typ, required, algs }: SignedAnswer,
  options?: SignedOptions,
): Promise<Jwt> {
  const refuse = refuser(what)
  const jwt = readJwt(token, refuse)
  const { claims, header } = jwt
  const id = appId(config)
  if (algs !== undefined && !(Array.isArray(algs) && algs.length > 0 && algs.every(knownAlg)))
    throw argumentError('algs', 'a list of RS256, ES256, ...')
  checkAlg(jwt, algs ?? idTokenAlgs(config as OidcConfig), refuse, algs ? 'algs' : 'idTokenSigningAlgs')
  const now = clock(options)
  const slack = tolerance(config)
  const late = (time: unknown) => Number.isFinite(time) && (time as number) <= now + slack
  // Compared as a text only: nothing is made of what somebody sent and nobody signed.
  const { typ: said = '' } = header
  const named = typeof said == 'string' && said.toLowerCase().replace(/^application\//, '')
  const rule = (name: 'iss' | 'aud' | 'exp' | 'iat', holds: boolean, text: string): true | string =>
    (claims[name] === undefined ? !required.includes(name) : holds) || text
  const rules: Partial<Record<TokenCheck, true | string>> = {
    typ:
      (named !== false && (typ ? named === typ : !/^(at|logout|dpop|token-introspection)\+jwt$/.test(named))) ||
      (typ ?? 'another'),
    iss: rule('iss', claims.iss === issuer(config), "the config's issuer"),
    aud: rule('aud', [claims.aud].flat().includes(id), 'this appId'),
    exp: rule('exp', Number.isFinite(claims.exp) && (claims.exp as number) > now - slack, 'in the future'),
    iat: rule('iat', late(claims.iat), 'in the past'),
    nbf: claims.nbf === undefined || late(claims.nbf) || 'in the past',
  }
  uphold(refuse, rules)
  await checkSignature(config, jwt, refuse, options)
  return jwt
}
