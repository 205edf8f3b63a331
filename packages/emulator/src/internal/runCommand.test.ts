import { build } from 'esbuild'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { get } from '../../test/walk.js'
import { runCommand } from './runCommand.js'

const run = async (...args: string[]) => {
  let [out, err] = ['', '']
  const running = await runCommand(args, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  })
  return { running, out, err }
}

describe('the command', () => {
  it('starts an emulator and prints its addresses and two configs to paste', async () => {
    const secret = "it's a secret of thirty-two chars"
    const { running, out, err } = await run('--port', '0', '--app-id', 'my-app', '--secret', secret)
    if (typeof running === 'number') throw new Error(err)
    expect(err).toBe('')
    const { appHost, issuer } = running
    for (const line of [
      `GenAuth emulator at ${appHost}`,
      `${issuer}/.well-known/openid-configuration`,
      `${issuer}/.well-known/jwks.json`,
      `${appHost}/api/v2/oidc/validate_token`,
      `${appHost}/login/profile/logout`,
      "import { defineConfig } from '@genauth-oidc/core/defineConfig'",
      `  appId: 'my-app',`,
      `  appHost: '${appHost}',`,
      String.raw`  secret: 'it\'s a secret of thirty-two chars',`,
      '  allowInsecureRequests: true,',
      `GENAUTH_APP_HOST=${appHost}`,
      'GENAUTH_APP_ID=my-app',
      'GENAUTH_REDIRECT_URI=http://localhost:3000/callback',
      `Access key: ${running.apps[0].accessKey}`,
    ]) {
      expect(out).toContain(line)
    }
    // Chosen, and so the same the next time.
    expect(out).not.toContain('new at each start')
    expect((await get(running, '/oidc/.well-known/openid-configuration')).json.issuer).toBe(issuer)
    await running.stop()
  })

  it('says how to keep a secret that it made up', async () => {
    const { running, out } = await run('--port', '0')
    if (typeof running === 'number') throw new Error(out)
    expect(out).toContain(`  --port ${running.port} --secret ${running.apps[0].secret}\n`)
    await running.stop()
  })

  it('serves a single-page app when it is told', async () => {
    const { running, out } = await run('--port=0', '--public', '--app-id=spa', '--redirect-uri=http://localhost:5173/')
    if (typeof running === 'number') throw new Error(out)
    expect(running.apps).toMatchObject([
      { appId: 'spa', secret: undefined, idTokenSigningAlg: 'RS256', redirectUris: ['http://localhost:5173/'] },
      { idTokenSigningAlg: 'HS256' },
    ])
    expect(out).not.toMatch(/secret: '|GENAUTH_APP_SECRET=.*\nGENAUTH_REDIRECT_URI=http:\/\/localhost:5173|new at each/)
    await running.stop()
  })

  describe('with a file of options', () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-'))
    afterAll(() => rmSync(folder, { recursive: true }))
    const write = (text: string) => {
      const path = join(folder, `${randomUUID()}.json`)
      writeFileSync(path, text)
      return path
    }

    it('starts what is in it, and flags go before it', async () => {
      const file = write(JSON.stringify({ port: 1, appId: 'a', idTokenAlg: 'RS256', features: { par: true } }))
      const { running, err } = await run('--options', file, '--port', '0', '--redirect-uri', 'http://localhost:9/')
      if (typeof running === 'number') throw new Error(err)
      expect(running.apps[0]).toMatchObject({
        appId: 'a',
        idTokenSigningAlg: 'RS256',
        redirectUris: ['http://localhost:9/'],
      })
      const { json } = await get(running, '/oidc/.well-known/openid-configuration')
      expect(json).toHaveProperty('pushed_authorization_request_endpoint')
      await running.stop()
    })

    it.each([
      ['{', [], /--options .* cannot be read: .*JSON/],
      ['[]', [], /it holds no JSON object/],
      ['{"prot": 1}', [], /prot is no option of the emulator/],
      ['{"apps": []}', ['--public'], /--public is for the first application, and .* has apps of its own/],
      ['{"apps": [{}]}', ['--app-id', 'a'], /not both/],
      ['{"secret": "a secret of thirty-two characters"}', ['--public'], /cannot have a secret/],
    ])('refuses %s with %j and names what is wrong', async (text, flags, message) => {
      const { running, out, err } = await run('--port', '0', '--options', write(text), ...flags)
      expect([running, out]).toEqual([2, ''])
      expect(err).toMatch(message)
    })

    it('says that it is not there', async () => {
      const { running, err } = await run('--options', join(folder, 'none.json'))
      expect([running, err]).toEqual([2, expect.stringMatching(/none\.json cannot be read: ENOENT/)])
    })
  })

  it('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(await run('--version')).toEqual({ running: 0, out: `${version}\n`, err: '' })
  })

  it('signs ID tokens by RS256 when it is told', async () => {
    const { running, out } = await run('--port=0', '--id-token-alg=RS256', '--redirect-uri=http://localhost:5173/cb')
    if (typeof running === 'number') throw new Error(out)
    expect(running.apps[0]).toMatchObject({ idTokenSigningAlg: 'RS256', redirectUris: ['http://localhost:5173/cb'] })
    expect(out).toContain("  idTokenSigningAlgs: ['RS256'],")
    await running.stop()
  })

  it('explains itself', async () => {
    for (const flag of ['--help', '-h']) {
      const { running, out } = await run(flag)
      expect(running).toBe(0)
      for (const name of [
        '--port',
        '--app-id',
        '--secret',
        '--redirect-uri',
        '--id-token-alg',
        '--public',
        '--options',
      ]) {
        expect(out).toContain(name)
      }
    }
  })

  it.each([
    [['--unknown'], /--unknown/],
    [['file.json'], /file\.json/],
    [['--port'], /--port/],
    [['--port', 'http'], /--port http is no port/],
    [['--port', '65536'], /--port 65536 is no port/],
    [['--port', '-1'], /--port/],
    [['--id-token-alg', 'none'], /--id-token-alg none is unknown: use HS256 or RS256/],
    [['--port', '0', '--secret', 'too short'], /9 octets and HS256 needs 32/],
    [['--port', '0', '--app-id', ''], /appId/],
    [['--port', '0', '--redirect-uri', 'callback'], /callback is no absolute URL/],
  ])('refuses %j and names what is wrong', async (args, message) => {
    const { running, out, err } = await run(...args)
    expect([running, out]).toEqual([2, ''])
    expect(err).toMatch(message)
  })

  it('says when its port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { running, err } = await run('--port', String(port))
    expect(running).toBe(1)
    expect(err).toBe(`Port ${port} is in use: choose another one with --port (0 takes a free one)\n`)
    server.close()
  })
})

describe('the process', () => {
  // Bundled, since Node runs no TypeScript; next to the package, so that the engine is found.
  const path = fileURLToPath(new URL('../../node_modules/.cache/cli.mjs', import.meta.url))
  const start = async (...args: string[]) => {
    await build({
      entryPoints: [fileURLToPath(new URL('./cli.ts', import.meta.url))],
      outfile: path,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'silent',
    })
    const child = spawn(process.execPath, [path, ...args], { stdio: 'pipe' })
    const written = { out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (written.err += chunk.toString()))
    return { child, written }
  }

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'runs until %s, prints no notice of the engine, and ends well',
    async (signal) => {
      const { child, written } = await start('--port', '0')
      while (!written.out.includes('emulator at')) await once(child.stdout, 'data')
      const appHost = /http:\/\/127\.0\.0\.1:\d+/.exec(written.out)?.[0] ?? ''
      expect((await fetch(`${appHost}/oidc/.well-known/openid-configuration`)).status).toBe(200)
      child.kill(signal)
      expect(await once(child, 'exit')).toEqual([0, null])
      expect(written.err).toBe('')
    },
  )

  it('ends with 2 on a mistake', async () => {
    const { child, written } = await start('--nonsense')
    expect(await once(child, 'exit')).toEqual([2, null])
    expect(written.err).toContain('--nonsense')
  })
})
