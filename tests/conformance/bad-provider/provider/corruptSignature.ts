/** Changes a character in the middle of a JWT's signature, where every bit of it counts. */
export function corruptSignature(jwt: string): string {
  const at = jwt.length - 20
  return `${jwt.slice(0, at)}${jwt[at] === 'A' ? 'B' : 'A'}${jwt.slice(at + 1)}`
}
