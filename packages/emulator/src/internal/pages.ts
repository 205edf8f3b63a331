/** Escapes text for HTML, in elements and in quoted attributes. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 1rem;color:#222}' +
  'input,button{font:inherit;padding:.5rem .8rem;margin:.3rem .3rem .3rem 0}input{width:100%;box-sizing:border-box}' +
  'small{color:#666}code{overflow-wrap:anywhere}'

/** One page of the emulator. The body is HTML that is already escaped. */
export const page = (title: string, body: string): string =>
  `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body>
<h1>${escapeHtml(title)}</h1>
${body}
<p><small>GenAuth emulator on this machine: any user name signs in, and nothing is kept.</small></p>
</body>
</html>`

/** The login page: any name signs in. */
export const loginPage = (app: string, hint: string | undefined, problem?: string): string =>
  page(
    'Sign in',
    `<p>to continue to <strong>${escapeHtml(app)}</strong></p>
${problem === undefined ? '' : `<p role="alert">${escapeHtml(problem)}</p>`}
<form method="post" data-step="login">
<label>User name <input name="user" autocomplete="username" autofocus value="${escapeHtml(hint ?? '')}"></label>
<button name="action" value="continue">Sign in</button>
<button name="action" value="cancel">Cancel</button>
</form>`,
  )

/** The consent page. */
export const consentPage = (app: string, scopes: readonly string[], details?: string): string =>
  page(
    'Allow access',
    `<p><strong>${escapeHtml(app)}</strong> asks for:</p>
<ul>${scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('')}</ul>
${details === undefined ? '' : `<p><code>${escapeHtml(details)}</code></p>`}
<form method="post" data-step="consent">
<button name="action" value="continue" autofocus>Allow</button>
<button name="action" value="cancel">Cancel</button>
</form>`,
  )

/** The page that asks before the standard logout; `form` is the engine's, with its guard against forgery. */
export const logoutPage = (form: string): string =>
  page(
    'Sign out',
    `${form}
<p>Sign out everywhere?</p>
<button form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
<button form="op.logoutForm">Stay signed in</button>`,
  )

/** A page that names an error, readable for people and for scripts. */
export const errorPage = (error: string, description = ''): string =>
  page(
    'That did not work',
    `<p data-error="${escapeHtml(error)}"><code>${escapeHtml(error)}</code></p>
<p data-error-description>${escapeHtml(description)}</p>`,
  )
