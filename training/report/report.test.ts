import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type AblationResult, ablate } from '../ablate/index.js'
import { syntheticRunner, syntheticTasks, syntheticTuner } from '../ablate/testing/synthetic.js'
import { formatAblation, writeReport } from './index.js'

const loaded = vi.hoisted(() => ({ vega: false }))
vi.mock('vega', async (importOriginal) => {
  loaded.vega = true
  return importOriginal()
})

let folder: string
let result: AblationResult
let oneTask: AblationResult

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-report-'))
  const sizes = { samples: 5, oracleSamples: 20, tunePrompts: 6, curvePrompts: 12, resamples: 200 }
  const options = { tuner: syntheticTuner(), runner: syntheticRunner(), ...sizes }
  const tasks = syntheticTasks(12)
  result = await ablate({ ...options, tasks, outDir: join(folder, 'all'), oraclePrompts: 12 })
  oneTask = await ablate({ ...options, tasks: [tasks[2]], outDir: join(folder, 'one'), oraclePrompts: 0 })
})
afterAll(() => rm(folder, { recursive: true }))

async function write(from: AblationResult, name: string) {
  const files = await writeReport(from, { outDir: join(folder, name) })
  const [html, markdown] = await Promise.all([files.html, files.markdown].map((path) => readFile(path, 'utf8')))
  const figures = await Promise.all(files.figures.map((path) => readFile(path, 'utf8')))
  return { html, markdown, figures, names: (await readdir(join(folder, name))).sort() }
}

describe('writeReport', () => {
  it('loads the plotting library only when it writes', async () => {
    expect(formatAblation(result)).toContain('learned EDT')
    expect(loaded.vega).toBe(false)
    await write(result, 'lazy')
    expect(loaded.vega).toBe(true)
  })

  it('writes one page that needs nothing else, the same as Markdown, and the figures', async () => {
    const { html, markdown, names } = await write(result, 'report')
    expect(names).toEqual(['eda-map.svg', 'plane.svg', 'predictions.svg', 'report.html', 'report.md'])
    expect(html).not.toMatch(/<(script|link|img|iframe)\b|@import|url\(\s*['"]?http/)
    for (const text of [html, markdown]) {
      for (const { label } of result.overall.strategies) expect(text).toContain(label)
      for (const task of Object.keys(result.tasks)) expect(text).toContain(task)
      expect(text).not.toMatch(/\bNaN\b|\bundefined\b/)
    }
    expect(html).toContain(result.settings.signatures['translate-fr'].corpusBleu)
    expect(html.match(/<svg/g)).toHaveLength(3)
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('draws every strategy and task, with colours for light and dark pages', async () => {
    const { figures } = await write(result, 'figures')
    const [plane, map, predictions] = figures
    for (const figure of figures) {
      expect(figure).toMatch(/^<svg [^>]*><style>.*prefers-color-scheme:dark/)
      expect(figure).not.toMatch(/NaN|undefined|Infinity/)
      expect(figure).not.toMatch(/(fill|stroke)="(black|#000)"/)
      for (const task of Object.keys(result.tasks)) expect(figure).toContain(task)
    }
    for (const { label } of result.overall.strategies) expect(plane).toContain(`>${label}<`)
    expect(plane).toContain('>oracle<')
    expect(map).toContain('>hand-set EDT<')
    // One dot for each prompt and panel.
    expect(predictions.match(/aria-roledescription="circle"/g)).toHaveLength(2 * result.predictions.length)
  })

  it('shows a single task without tables of all tasks, and no oracle or map where there was none', async () => {
    const { html, names } = await write(oneTask, 'one-task')
    expect(names).not.toContain('eda-map.svg')
    expect(html).not.toContain('EDA by task')
    expect(html).not.toContain('all tasks')
    expect(html).not.toContain('Headroom')
    expect(html).toContain('corpus BLEU')
  })

  it('shows texts as they are, whatever is in them', async () => {
    const nasty = '</pre><script>alert("x")</script>\n```\n| a | *b* & "c"'
    const [example, ...others] = result.examples
    const examples = [{ ...example, prompt: nasty, learned: { ...example.learned, texts: [nasty] } }, ...others]
    const { html, markdown } = await write({ ...result, examples }, 'nasty')
    expect(html).not.toContain('<script>')
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;')
    expect(markdown).toContain('````text\n</pre><script>')
  })

  it('has Markdown tables whose rows have as many cells as their head', async () => {
    const { markdown } = await write(result, 'markdown')
    const cells = (line: string) => line.replaceAll('\\|', '').split('|').length
    const tables = markdown
      .trim()
      .split('\n\n')
      .filter((block) => block.startsWith('| '))
    expect(tables.length).toBeGreaterThanOrEqual(8)
    for (const table of tables) {
      const [head, ...rows] = table.split('\n')
      for (const row of rows) expect(cells(row)).toBe(cells(head))
    }
  })
})

describe('formatAblation', () => {
  it('fits into a terminal of 120 columns, in aligned columns without colours', () => {
    const lines = formatAblation(result).split('\n')
    const start = lines.findIndex((line) => line.startsWith('all tasks'))
    const table = lines.slice(start, start + 8)
    for (const line of table) expect(line.length).toBeLessThanOrEqual(120)
    const ends = table.slice(2).map((line) => line.indexOf(']'))
    expect(new Set(ends).size).toBe(1)
    expect(lines.join('\n')).not.toContain('\u001b')
  })

  it('marks where learned EDT differs from the best fixed EDT on a task', () => {
    const text = formatAblation(result)
    expect(text).toContain('EDA by task')
    expect(text).toMatch(/learned EDT +\d+\.\d \*/)
    expect(text).toContain("Headroom on the oracle's prompts")
    expect(formatAblation(oneTask)).not.toContain('EDA by task')
  })
})
