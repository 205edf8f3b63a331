import type { Engine } from './engine.js'

const LOOPBACK = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$)/

/**
 * Lets an application be on a developer's machine: implicit and hybrid ones have http and localhost redirect URIs, and
 * pings by CIBA go to http on loopback. The engine forbids all three and has no setting; the other way out of the first
 * two, clients of type native, changes what prompt=none answers and lets any loopback port match.
 */
export function patchClientRules(engine: Engine): void {
  const { prototype } = engine.Client.Schema
  const { invalidate } = prototype
  prototype.invalidate = function (message, code) {
    if (code === 'implicit-force-https' || code === 'implicit-forbid-localhost') return
    const { backchannel_client_notification_endpoint: endpoint } = this
    // The one rule that speaks of this address; whether it is there at all is another one.
    if (message === 'backchannel_client_notification_endpoint must be a https uri' && LOOPBACK.test(String(endpoint))) {
      return
    }
    invalidate.call(this, message, code)
  }
}
