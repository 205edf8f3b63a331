// Writes reports: Markdown as Prettier has it, so that the check of the format passes, and charts as SVG.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'

const docs = new URL('../../docs/', import.meta.url)

export async function writeReport(name, markdown) {
  const path = fileURLToPath(new URL(name, docs))
  writeFileSync(path, await format(markdown, { ...(await resolveConfig(path)), parser: 'markdown' }))
  console.log(`Wrote docs/${name}`)
}

export function writeChart(name, svg) {
  writeFileSync(new URL(name, docs), svg)
  console.log(`Wrote docs/${name}`)
}

/** A table in Markdown. Columns after the first are numbers and stand right. */
export const table = (head, lines) =>
  [head, head.map((_, i) => (i ? '--:' : '---')), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

export const number = (value) => value.toLocaleString('en-US').replaceAll(',', ' ')

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/**
 * Draws groups of horizontal bars, the first of each group being ours.
 *
 * @param title - what is shown
 * @param groups - `{ name, bars: [{ name, value, label, ours }] , mark }`, `mark` being a goal
 * @param options - `log`: a logarithmic scale; `unit`
 * @returns the SVG
 */
export function chart(title, groups, { log = false } = {}) {
  const width = 860
  const left = 270
  const right = 110
  const bar = 16
  const gap = 4
  const head = 24
  const values = groups.flatMap(({ bars }) => bars.map(({ value }) => value))
  const most = Math.max(...values, ...groups.map(({ mark = 0 }) => mark))
  const least = log ? 10 ** Math.floor(Math.log10(Math.min(...values))) : 0
  const at = (value) =>
    ((width - left - right) * (log ? Math.log(value / least) : value)) / (log ? Math.log(most / least) : most)
  let y = 44
  const parts = []
  for (const { name, bars, mark } of groups) {
    parts.push(`<text class="group" x="8" y="${y + 14}">${escape(name)}</text>`)
    y += head
    const top = y
    for (const { name: who, value, label, ours } of bars) {
      const long = Math.max(1, at(value)).toFixed(1)
      parts.push(
        `<text class="who" x="${left - 8}" y="${y + 12}">${escape(who)}</text>`,
        `<rect class="${ours ? 'ours' : 'other'}" x="${left}" y="${y}" width="${long}" height="${bar}" rx="2"/>`,
        `<text x="${(left + Number(long) + 6).toFixed(1)}" y="${y + 12}">${escape(label)}</text>`,
      )
      y += bar + gap
    }
    if (mark) {
      const x = (left + at(mark)).toFixed(1)
      parts.push(`<line class="goal" x1="${x}" x2="${x}" y1="${top - 3}" y2="${y - 1}"/>`)
    }
    y += 12
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" aria-label="${escape(title)}">
<style>
text { font: 12px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 15px; font-weight: 600; }
.group { font-weight: 600; }
.who { text-anchor: end; }
.ours { fill: #0a7d55; }
.other { fill: #9aa4b0; }
.goal { stroke: #c2410c; stroke-width: 2; }
.page { fill: #ffffff; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .page { fill: #0d1117; } .ours { fill: #3fb68b; } .other { fill: #6e7681; } }
</style>
<rect class="page" width="${width}" height="${y}"/>
<text class="title" x="8" y="24">${escape(title)}</text>
${parts.join('\n')}
</svg>
`
}
