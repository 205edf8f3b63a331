import { createServer } from 'node:http'
import { Readable } from 'node:stream'

/** Serves a fetch handler by Node's own server: `serve(handle, 'https://app.example.com').listen(3000, '127.0.0.1')`. */
export const serve = (handle: (request: Request) => Promise<Response>, origin: string) =>
  createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming
    const body = /^(GET|HEAD)$/.test(method) ? null : Readable.toWeb(incoming)
    const answer = async () => {
      const init = { method, headers: Object.entries(headers) as [string, string][], body, duplex: 'half' }
      // The origin is the public one: a proxy in front may have ended TLS.
      const response = await handle(new Request(origin + url, init as RequestInit))
      outgoing.writeHead(response.status, [...response.headers].flat()).end(Buffer.from(await response.arrayBuffer()))
    }
    answer().catch((error: unknown) => {
      console.error(error)
      outgoing.destroy()
    })
  })
