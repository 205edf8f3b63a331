import type { Engine, EngineContext, EngineModules, EngineToken } from './engine.js'

/** Whoever has asked for a token, as far as the token can be bound to them. */
export interface Sender {
  /** Binds a token to the key of the proof, or to the certificate. */
  readonly bind: (token: EngineToken) => void
}

/**
 * Reads by which key or certificate a token request is made, as the engine's own grants do: a proof is checked in
 * whole, asked for where the application must have one, challenged where it lacks a nonce, and taken once. Before
 * anything that can be used up is looked at, since a client repeats a challenged request as it was.
 */
export async function readSender(engine: Engine, { grants }: EngineModules, ctx: EngineContext): Promise<Sender> {
  const proof = await grants.validateDpop(engine, ctx)
  const certificate = grants.checkMtlsCert(engine, ctx)
  grants.checkDpopRequired(engine, ctx, proof)
  await grants.checkDpopReplay(engine, ctx, proof, ctx.oidc?.client?.clientId ?? '')
  return {
    bind: (token) => {
      if (certificate) token.setThumbprint('x5t', certificate)
      if (proof) token.setThumbprint('jkt', proof.thumbprint)
    },
  }
}
