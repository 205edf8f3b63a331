import { describe, expect, it } from 'vitest'
import { parseCasXml } from './parseCasXml.js'

const yes = (inside: string) =>
  `<?xml version="1.0"?>\n<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas"><cas:authenticationSuccess>${inside}</cas:authenticationSuccess></cas:serviceResponse>\n`
const read = (xml: string) => parseCasXml(xml) as { serviceResponse: Record<string, unknown> }

describe('parseCasXml', () => {
  it('gives what the JSON form would hold, every value as text', () => {
    const xml = yes(
      '<cas:user>0042</cas:user><cas:attributes><cas:email>a@b.c</cas:email><cas:role>1</cas:role><cas:role>2</cas:role></cas:attributes>',
    )
    expect(read(xml).serviceResponse).toEqual({
      authenticationSuccess: { user: '0042', attributes: { email: 'a@b.c', role: ['1', '2'] } },
    })
  })

  it('gives the code and the words of a failure', () => {
    const xml =
      '<cas:serviceResponse xmlns:cas="x"><cas:authenticationFailure code="INVALID_TICKET">\n  not recognized\n</cas:authenticationFailure></cas:serviceResponse>'
    expect(read(xml).serviceResponse).toEqual({
      authenticationFailure: { code: 'INVALID_TICKET', description: 'not recognized' },
    })
  })

  it.each([
    ['a comment within it', 'admin<!-- x -->.evil', 'admin.evil'],
    ['a CDATA section', '<![CDATA[a<b]]>', 'a<b'],
    ['an entity of XML, decoded once', 'a&amp;lt;', 'a&lt;'],
    ['a character reference', 'a&#38;b', 'a&b'],
  ])('reads a whole name in spite of %s', (_, text, user) => {
    expect(read(yes(`<cas:user>${text}</cas:user>`)).serviceResponse).toEqual({ authenticationSuccess: { user } })
  })

  it('keeps two users apart, so that neither passes for the one', () => {
    expect(read(yes('<cas:user>a</cas:user><cas:user>b</cas:user>')).serviceResponse).toEqual({
      authenticationSuccess: { user: ['a', 'b'] },
    })
  })

  it.each([
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${yes('<cas:user>&a;</cas:user>')}`],
    ['an element that is left open', yes('<cas:user>alice')],
    ['elements that cross', yes('<cas:user><cas:x>a</cas:user></cas:x>')],
    ['half an answer', yes('<cas:user>alice</cas:user>').slice(0, -20)],
    ['a comment that is left open', yes('<cas:user>alice</cas:user><!-- ')],
    ['a comment and nothing else', '<!-- <a></a> -->'],
    ['no XML', 'yes\nalice\n'],
    ['nothing', ''],
  ])('refuses %s', (_, xml) => {
    expect(() => parseCasXml(xml)).toThrow()
  })

  it.each([
    ['a name that never ends', '<' + 'a'.repeat(1 << 18)],
    ['comments that are begun again and again', '<!--'.repeat(1 << 16)],
    ['instructions that end as tags do', '<?a>'.repeat(1 << 16)],
    ['sections within a value', `<a b="${'<![CDATA['.repeat(1 << 15)}">`],
  ])('takes no time in the square for %s', { timeout: 10_000 }, (_, xml) => {
    expect(() => parseCasXml(xml)).toThrow()
  })
})
