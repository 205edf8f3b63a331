import { argumentError } from '@genauth-oidc/core/argumentError'
import { OidcError } from '@genauth-oidc/core/OidcError'
import type { DpopHandle, RequestOptions } from '@genauth-oidc/core/types'

/** What a DPoP handle does beside what its type tells: one of `createDpop`, and one of oauth4webapi. */
export interface Prover extends DpopHandle {
  addProof(url: URL, headers: { set(name: string, value: string): void }, htm: string, token?: string): Promise<void>
  cacheNonce(response: { headers: { get(name: string): string | null } }, url: URL): void
}

const unusable = (error?: unknown): OidcError =>
  error instanceof OidcError ? error : argumentError('dpop', 'a handle from createDpop whose key can sign')

/** The DPoP handle of the options, looked at before anything is sent. When it fails, the error says that it was it. */
export function prover(options: RequestOptions | null | undefined): Prover | undefined {
  const handle = options?.dpop as (Omit<Prover, 'cacheNonce'> & Partial<Prover>) | undefined
  if (!handle) return
  if (typeof handle.addProof != 'function') throw unusable()
  return {
    calculateThumbprint: async () => handle.calculateThumbprint(),
    cacheNonce: (response, url) => {
      try {
        handle.cacheNonce?.(response, url)
      } catch {
        // A nonce that is not kept costs one challenge; what the handle throws is not ours to show.
      }
    },
    addProof: async (...proof) => {
      try {
        await handle.addProof(...proof)
      } catch (error) {
        throw unusable(error)
      }
    },
  }
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
  throw unusable()
}
