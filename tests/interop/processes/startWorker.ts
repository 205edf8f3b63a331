import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OidcConfig } from '@genauth-oidc/core/types'
import type { RefreshedLogin } from '@genauth-oidc/login/refreshLogin'
import { build } from 'esbuild'

/** What a worker can be asked for. */
export interface Tasks {
  /** Refreshes the login in a folder's file so many times at once; `hold` stops before the request until `release`. */
  refreshInFolder(input: {
    readonly config: OidcConfig
    readonly folder: string
    readonly times: number
    readonly lock: boolean
    readonly hold?: boolean
  }): Promise<RefreshedLogin[]>
  /** Refreshes the login of a session in Redis so many times at once. */
  refreshInRedis(input: {
    readonly config: OidcConfig
    readonly url: string
    readonly session: string
    readonly times: number
  }): Promise<RefreshedLogin[]>
  /** Checks an access token with keys that are kept in Redis, and gives its subject. */
  verify(input: {
    readonly config: OidcConfig
    readonly url: string
    readonly token: string
  }): Promise<string | undefined>
}

/** A process of its own, with a memory of its own. */
export interface Worker {
  readonly pid: number
  /** Runs one task at a time. */
  run<K extends keyof Tasks>(task: K, input: Parameters<Tasks[K]>[0]): ReturnType<Tasks[K]>
  /** Waits until a held task is about to send its request. */
  sending(): Promise<void>
  /** Lets it send. */
  release(): void
  stop(): Promise<void>
}

type Answer = { readonly value: unknown } | { readonly error: { readonly text: string } } | { readonly sending: true }

/**
 * Makes what starts workers: the sources in one file, as a server would run them.
 *
 * @returns `start`, and `stop`, which ends all that it started
 */
export async function prepareWorkers() {
  const folder = await mkdtemp(join(tmpdir(), 'genauth-oidc-worker-'))
  const outfile = join(folder, 'worker.cjs')
  await build({
    entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    conditions: ['genauth-source'],
    logLevel: 'error',
  })
  const started: Worker[] = []
  const start = (): Worker => {
    const { PATH } = process.env
    const child = fork(outfile, {
      cwd: folder,
      execArgv: [],
      env: { PATH },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let said = ''
    child.stderr?.on('data', (data: Buffer) => (said += data.toString()))
    const ended = once(child, 'exit')
    const next = async () => {
      const over = ended.then(() => Promise.reject(new Error(`The worker ended: ${said}`)))
      const [answer] = (await Promise.race([once(child, 'message'), over])) as [Answer]
      return answer
    }
    const done = async (): Promise<unknown> => {
      const answer = await next()
      if ('error' in answer) throw Object.assign(new Error(answer.error.text), answer.error)
      return 'value' in answer ? answer.value : done()
    }
    const worker: Worker = {
      pid: child.pid!,
      run(task, input) {
        child.send({ task, input })
        return done() as ReturnType<Tasks[typeof task]>
      },
      async sending() {
        while (!('sending' in (await next()))) continue
      },
      release: () => void child.send({}),
      async stop() {
        if (child.connected) child.disconnect()
        await ended
      },
    }
    started.push(worker)
    return worker
  }
  const stop = async () => {
    await Promise.all(started.map((worker) => worker.stop()))
    await rm(folder, { recursive: true, force: true })
  }
  return { start, stop }
}
