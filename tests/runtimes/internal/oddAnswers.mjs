// What a provider should never answer, and sometimes does.

const json = (res, status, body, headers = {}) => {
  res.writeHead(status, { 'content-type': 'application/json', ...headers })
  res.end(JSON.stringify(body))
}

/** By the name in the address: `(res, { count, req, rest, keys })`, `count` being how often this address was asked. */
export const oddAnswers = {
  user: (res) => json(res, 200, { sub: 'alice' }),
  silent: () => undefined,
  half: (res) => {
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
    res.write('{"access_token":"')
  },
  redirect: (res, { rest }) => {
    res.writeHead(302, { location: decodeURIComponent(rest) })
    res.end()
  },
  html: (res) => {
    res.writeHead(200, { 'content-type': 'text/html' })
    res.end('{"sub":"alice"}')
  },
  broken: (res) => {
    res.writeHead(200, { 'content-type': 'application/json' })
    res.end('{"sub":"ali')
  },
  array: (res) => json(res, 200, [{ sub: 'alice' }]),
  huge: (res) => json(res, 200, { sub: 'alice', filling: 'x'.repeat(2 << 20) }),
  busy: (res) =>
    json(res, 429, { error: 'slow_down', error_description: 'not the-code again' }, { 'retry-after': '7' }),
  flaky: (res, { count }) =>
    count < 3 ? json(res, 503, {}, { 'retry-after': '0' }) : json(res, 200, { sub: 'alice' }),
  headers: (res, { req }) => json(res, 200, { sub: 'alice', ...req.headers }),
  keys: (res, { keys }) => json(res, 200, { keys }),
  'rotating-keys': (res, { count, keys }) =>
    json(res, 200, { keys: count > 1 ? keys : keys.filter(({ alg }) => alg === 'RS256') }),
}
