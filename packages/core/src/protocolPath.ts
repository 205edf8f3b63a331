import type { Config } from './types.js'

/**
 * Where GenAuth's endpoints of the protocol stand.
 *
 * @param config - any config
 * @returns `/oidc` or `/oauth`
 */
export const protocolPath = ({ protocol }: Config): string => (protocol === 'oauth' ? '/oauth' : '/oidc')
