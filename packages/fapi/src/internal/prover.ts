import { argumentError } from '@genauth-oidc/core/argumentError'
import type { RequestOptions } from '@genauth-oidc/core/types'

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
