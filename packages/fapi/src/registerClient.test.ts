import { describe, expect, it } from 'vitest'
import { answering, errorOf, type Given } from '../test/answering.js'
import { deleteClient } from './deleteClient.js'
import { readClient } from './readClient.js'
import { registerClient } from './registerClient.js'
import { updateClient } from './updateClient.js'

const server = { issuer: 'https://id.example.com' } as const
const metadata = { issuer: server.issuer, registration_endpoint: 'https://id.example.com/register' }
const body = {
  client_id: 'c1',
  client_secret: 's',
  client_secret_expires_at: 0,
  redirect_uris: ['https://app.example.com/'],
}
const handle = {
  registrationClientUri: 'https://id.example.com/register/c1',
  registrationAccessToken: 'the-registration-token',
}

describe('registerClient (RFC 7591)', () => {
  it('posts the metadata as JSON, with the initial access token where one is needed', async () => {
    const { fetch, sent } = answering({ status: 201, body })
    const params = { metadata: { redirect_uris: body.redirect_uris }, initialAccessToken: 'iat' }
    expect(await registerClient(server, params, { fetch, metadata })).toEqual(body)
    expect(sent[0]).toMatchObject({
      url: metadata.registration_endpoint,
      method: 'POST',
      body: JSON.stringify(params.metadata),
      headers: { 'content-type': 'application/json', authorization: 'Bearer iat' },
    })
    await registerClient(server, { metadata: {} }, { fetch, metadata })
    expect(sent[1]!.headers).not.toHaveProperty('authorization')
  })

  it.each<[string, Given]>([
    ['status 200', { status: 200, body }],
    ['no client_id', { status: 201, body: { ...body, client_id: undefined } }],
    ['a secret that is no text', { status: 201, body: { ...body, client_secret: 1 } }],
    ['a secret without its expiry', { status: 201, body: { ...body, client_secret_expires_at: undefined } }],
    [
      'an address without https',
      { status: 201, body: { ...body, registration_client_uri: 'http://id.example.com/c1' } },
    ],
    ['an array', { status: 201, body: [] }],
  ])('refuses %s', async (_, answer) => {
    const { fetch } = answering(answer)
    expect(await errorOf(() => registerClient(server, { metadata: {} }, { fetch, metadata }))).toMatchObject({
      code: 'response_invalid',
      endpoint: 'registration',
    })
  })

  it('repeats nothing in an error that was sent', async () => {
    const given = answering({
      status: 400,
      body: { error: 'invalid_client_metadata', error_description: 'Not my-own-secret-name, tok-en' },
    })
    const params = { metadata: { client_name: 'my-own-secret-name' }, initialAccessToken: 'tok-en' }
    const error = await errorOf(() => registerClient(server, params, { fetch: given.fetch, metadata }))
    expect(error).toMatchObject({ errorDescription: 'Not [redacted], [redacted]' })
  })
})

describe('managing a client (RFC 7592)', () => {
  it('sends the registration access token, and what the server alone decides never', async () => {
    const { fetch, sent } = answering({ body })
    await readClient(server, handle, { fetch })
    const whole = { ...body, registration_access_token: 'x', registration_client_uri: 'y', client_id_issued_at: 1 }
    await updateClient(server, { ...handle, metadata: whole }, { fetch })
    expect(sent.map(({ method, url, headers }) => [method, url, headers['authorization']])).toEqual([
      ['GET', handle.registrationClientUri, 'Bearer the-registration-token'],
      ['PUT', handle.registrationClientUri, 'Bearer the-registration-token'],
    ])
    expect(JSON.parse(sent[1]!.body!)).toEqual({
      client_id: 'c1',
      client_secret: 's',
      redirect_uris: body.redirect_uris,
    })
  })

  it('refuses another client in the answer, and a part of a client', async () => {
    const { fetch } = answering({ body: { ...body, client_id: 'other' } })
    expect(await errorOf(() => updateClient(server, { ...handle, metadata: body }, { fetch }))).toMatchObject({
      reason: 'shape',
    })
    expect(await errorOf(() => updateClient(server, { ...handle, metadata: {} }, { fetch }))).toMatchObject({
      argument: 'metadata',
    })
    expect(
      await errorOf(() =>
        readClient(server, { ...handle, registrationClientUri: 'http://id.example.com/' }, { fetch }),
      ),
    ).toMatchObject({ argument: 'registrationClientUri' })
  })

  it('takes 204 alone for deleted', async () => {
    const gone = { fetch: async () => new Response(null, { status: 204 }) }
    expect(await deleteClient(server, handle, gone)).toBe(true)
    for (const status of [200, 202, 404]) {
      const { fetch } = answering({ status })
      expect(await errorOf(() => deleteClient(server, handle, { fetch }))).toMatchObject({
        code: 'response_invalid',
        status,
      })
    }
  })
})
