import { describe, expect, it } from 'vitest'
import { answering, errorOf } from '../test/answering.js'
import { trackCasSession } from './trackCasSession.js'

const config = { appId: 'app', appHost: 'https://sample-app.genauth.ai', protocol: 'cas' } as const
const session = { _id: '1', cookie: { userId: 'u' } }

describe('trackCasSession', () => {
  it('asks with the browser’s cookie, and gives what GenAuth says', async () => {
    const { fetch, sent } = answering({ body: { session, userInfo: { id: 'u' } } })
    expect(await trackCasSession(config, { cookie: 'a=b' }, { fetch })).toEqual({ session, userInfo: { id: 'u' } })
    expect(sent[0]).toMatchObject({ url: 'https://sample-app.genauth.ai/cas/session', headers: { cookie: 'a=b' } })
  })

  it.each([['null'], ['{"session":null}']])('takes %s for nobody', async (body) => {
    const { fetch } = answering({ body })
    expect(await trackCasSession(config, undefined, { fetch })).toBeNull()
  })

  it.each([['{}'], ['{"session":"yes"}'], ['true'], ['[]'], ['<html>']])('takes %s for no answer', async (body) => {
    const { fetch } = answering({ body })
    expect(await errorOf(() => trackCasSession(config, {}, { fetch }))).toMatchObject({ code: 'response_invalid' })
  })

  it('sends no cookie that can not stand in a header', async () => {
    const { fetch, sent } = answering({})
    for (const cookie of ['', 'a=b\r\nx: y', 5 as never])
      expect(await errorOf(() => trackCasSession(config, { cookie }, { fetch }))).toMatchObject({ argument: 'cookie' })
    expect(sent).toEqual([])
  })

  it('never shows the cookie', async () => {
    const { fetch } = answering({ status: 400, body: { code: 400, message: 'no sid=the-cookie here' } })
    expect(await errorOf(() => trackCasSession(config, { cookie: 'sid=the-cookie' }, { fetch }))).toMatchObject({
      code: 'endpoint_error',
      vendorMessage: 'no [redacted] here',
    })
  })
})
