import { refuses } from '../expectations.js'
import type { Module } from '../types.js'

export const module: Module = {
  name: 'oidcc-client-test-form-post-error',
  profiles: ['Comprehensive'],
  responseModes: ['form_post'],
  provider: 'Demands `prompt=none`, `max_age=0` and form_post, and posts the error login_required.',
  params: { prompt: 'none', maxAge: 0 },
  behaviour: {
    demands: (params, demand) => {
      demand(params.get('prompt') === 'none', 'prompt is none')
      demand(params.get('max_age') === '0', 'max_age is 0')
    },
    callback: (params) => new URLSearchParams({ error: 'login_required', state: params.get('state') ?? '' }),
  },
  expected: refuses('authorization_error', { error: 'login_required' }, 'callback'),
}
