const html = (text) => ({ type: 'text/html; charset=utf-8', text: `<!doctype html><meta charset="utf-8">${text}` })
const script = (text) => ({ type: 'text/javascript; charset=utf-8', text })

/** What the browsers load. */
export const pages = (suite, application) => ({
  '/suite.mjs': script(suite),
  '/page/': html(`<title>Suite</title><script type="module">
import { run } from '/suite.mjs'
await run(location.origin, new URLSearchParams(location.search).get('session'))
</script>`),
  '/application.mjs': script(application),
  '/app/': html(`<title>Application</title>
<p id="state"></p>
${['sign-in', 'refresh', 'hybrid', 'silent', 'sign-out'].map((id) => `<button id="${id}">${id}</button>`).join('\n')}
<script type="module" src="/application.mjs"></script>`),
})
