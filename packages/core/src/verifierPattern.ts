/** A code_verifier, and with it a plain code_challenge (RFC 7636 sections 4.1 and 4.2). */
export const verifierPattern: RegExp = /^[\w.~-]{43,128}$/
