import type { Engine } from './engine.js'

/**
 * Lets implicit and hybrid applications have http and localhost redirect URIs, as every application has on a
 * developer's machine. The engine forbids both for them and has no setting; the other way out, clients of type native,
 * changes what prompt=none answers and lets any loopback port match.
 */
export function patchClientRules(engine: Engine): void {
  const { prototype } = engine.Client.Schema
  const { invalidate } = prototype
  prototype.invalidate = function (message, code) {
    if (code === 'implicit-force-https' || code === 'implicit-forbid-localhost') return
    invalidate.call(this, message, code)
  }
}
