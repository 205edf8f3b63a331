import { argumentError } from '@genauth-oidc/core/argumentError'
import type { DpopHandle, RequestOptions } from '@genauth-oidc/core/types'

/** What a DPoP handle does beside what its type tells: one of `createDpop`, and one of oauth4webapi. */
export interface Prover {
  addProof(url: URL, headers: { set(name: string, value: string): void }, htm: string, token?: string): Promise<void>
  cacheNonce(response: { headers: { get(name: string): string | null } }, url: URL): void
}

/** The DPoP handle of the options, looked at before anything is sent. */
export function prover({ dpop }: RequestOptions): Prover | undefined {
  const handle = dpop as Partial<Prover> | undefined
  if (handle && (typeof handle.addProof != 'function' || typeof handle.cacheNonce != 'function'))
    throw argumentError('dpop', 'a handle from createDpop')
  return handle as Prover | undefined
}

/**
 * The name of the key that a handle proves: what an authorization code is bound to (RFC 9449 section 10).
 *
 * @param dpop - `options.dpop`
 * @returns the thumbprint, or undefined without a handle
 * @throws OidcError `argument_invalid` at `dpop`
 */
export async function dpopJkt(dpop: DpopHandle | undefined): Promise<string | undefined> {
  if (!dpop) return
  try {
    const jkt: unknown = await dpop.calculateThumbprint()
    if (jkt && typeof jkt == 'string') return jkt
  } catch {}
  throw argumentError('dpop', 'a handle from createDpop')
}
