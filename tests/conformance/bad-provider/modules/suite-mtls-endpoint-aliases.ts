import type { NotApplicable } from '../types.js'

export const module: NotApplicable = {
  name: 'oidcc-client-test-mtls-endpoint-aliases',
  profiles: ['Comprehensive'],
  provider: 'Names the token endpoint for mutual TLS apart.',
  reason:
    'The client certificate belongs to the transport that the application gives; the endpoint is named in its config.',
}
