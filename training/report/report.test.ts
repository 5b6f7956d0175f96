import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type AblationResult, ablate } from '../ablate/index.js'
import { syntheticRunner, syntheticTasks, syntheticTuner } from '../ablate/testing/synthetic.js'
import type { StudiesResult } from '../studies/types.js'
import { formatAblation, writeReport } from './index.js'
import { withEverything } from './testing/everything.js'
import { syntheticStudies } from './testing/studies.js'

const loaded = vi.hoisted(() => ({ vega: false }))
vi.mock('vega', async (importOriginal) => {
  loaded.vega = true
  return importOriginal()
})

// Ten figures are laid out and drawn twice: seconds on a free machine, a minute on a crowded one.
vi.setConfig({ testTimeout: 180_000 })

let folder: string
let result: AblationResult
let oneTask: AblationResult

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edt-report-'))
  const sizes = { samples: 5, oracleSamples: 20, tunePrompts: 6, curvePrompts: 12, resamples: 1000 }
  const options = { tuner: syntheticTuner(), runner: syntheticRunner(), ...sizes }
  const tasks = syntheticTasks(12)
  result = await ablate({ ...options, tasks, outDir: join(folder, 'all'), oraclePrompts: 12 })
  oneTask = await ablate({ ...options, tasks: [tasks[2]], outDir: join(folder, 'one'), oraclePrompts: 0 })
})
afterAll(() => rm(folder, { recursive: true }))

async function write(from: AblationResult, name: string, studies?: StudiesResult) {
  const files = await writeReport(from, { outDir: join(folder, name), studies })
  const [html, markdown] = await Promise.all([files.html, files.markdown].map((path) => readFile(path, 'utf8')))
  const read = async (figure: string) => readFile(join(folder, name, 'figures', `${figure}.svg`), 'utf8')
  const names = (await readdir(join(folder, name), { recursive: true })).sort()
  return { files, html, markdown, read, names }
}

type Written = Awaited<ReturnType<typeof write>>
let written: Promise<Written> | undefined
/** The report of everything that there may be, written once for all tests. */
function whole(): Promise<Written> {
  written ??= write(withEverything(result), 'whole', syntheticStudies())
  return written
}

const nasty = '</pre><script>alert("x")</script>\n```\n| a | *b* & "c"'
let plain: Promise<Written> | undefined
/** The report of one task without oracle and map, with texts that look like markup; written once for all tests. */
function single(): Promise<Written> {
  const [example, ...others] = oneTask.examples
  const examples = [
    { ...example, prompt: nasty, learned: { ...example.learned, texts: [nasty], tokens: [] } },
    ...others,
  ]
  plain ??= write({ ...oneTask, surfaces: {}, examples }, 'single')
  return plain
}

describe('writeReport', () => {
  it('loads the plotting library only when it writes', async () => {
    expect(formatAblation(result)).toContain('learned EDT')
    expect(loaded.vega).toBe(false)
    await single()
    expect(loaded.vega).toBe(true)
  })

  it('writes one page that needs nothing else, the same as Markdown, and files of figures and tables', async () => {
    const { html, markdown, names } = await whole()
    for (const figure of ['frontier', 'headroom', 'eda-map', 'predictions']) {
      expect(names).toContain(join('figures', `${figure}.svg`))
      expect(names).toContain(join('figures', `${figure}.png`))
    }
    for (const table of ['strategies-all-tasks', 'eda-by-task', 'headroom', 'predictions', 'settings']) {
      expect(names).toContain(join('tables', `${table}.csv`))
      expect(names).toContain(join('tables', `${table}.json`))
    }
    expect(html).not.toMatch(/<(script|link|img|iframe)\b|@import|url\(\s*['"]?http/)
    for (const text of [html, markdown]) {
      for (const { label } of result.overall.strategies) expect(text).toContain(label)
      for (const task of Object.keys(result.tasks)) expect(text).toContain(task)
      expect(text).not.toMatch(/\bNaN\b|\bundefined\b/)
    }
    expect(html).toContain(result.settings.signatures['translate-fr'].corpusBleu)
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, id] of html.matchAll(/(?:href="#|url\(#)([^")]+)/g)) expect(ids).toContain(id)
  })

  it('draws every strategy and task, black on white in files and in the colour of the page within it', async () => {
    const { files, html, read } = await whole()
    expect(html).toContain('currentColor')
    for (const { svg } of files.figures) {
      const figure = await readFile(svg, 'utf8')
      expect(figure).toMatch(/^<svg [^>]*><rect width="100%" height="100%" fill="#ffffff"\/>/)
      expect(figure).not.toMatch(/NaN|undefined|Infinity|currentColor/)
    }
    const [frontier, map, predictions] = await Promise.all(['frontier', 'eda-map', 'predictions'].map(read))
    for (const figure of [frontier, map, predictions]) {
      for (const task of Object.keys(result.tasks)) expect(figure).toContain(task)
    }
    for (const { label } of result.overall.strategies) expect(frontier).toContain(`>${label}<`)
    expect(frontier).toContain('>oracle<')
    expect(map).toContain('>hand-set EDT<')
    // One dot for each prompt and panel.
    expect(predictions.match(/aria-roledescription="circle"/g)).toHaveLength(2 * result.predictions.length)
  })

  it('shows curves, costs, coloured tokens and studies where there are such', async () => {
    const { html, markdown, names, read } = await whole()
    for (const figure of ['curves', 'examples', 'study-features', 'study-training-prompts']) {
      expect(names).toContain(join('figures', `${figure}.png`))
      expect(markdown).toContain(`(figures/${figure}.svg)`)
    }
    for (const table of ['cost', 'curve-areas', 'curves-all-tasks', 'study-features']) {
      expect(names).toContain(join('tables', `${table}.csv`))
    }
    expect(html).toContain('the learned curve lies 0.90 % of Q* above the curve of fixed EDT')
    expect(html).toContain('title="entropy 0.50 nats, temperature 0.40, drawn with probability 25.0 %"')
    expect(html).toContain('Study: number of training prompts')
    expect(html).toContain('samples: the run has 2 samples a cell.')
    const curves = await read('curves')
    expect(curves).toContain('>fixed temperature<')
    expect(curves).toContain('>0.9<')
    expect(formatAblation(withEverything(result))).toContain('the learned curve lies 0.90 % of Q* above')
  })

  it('shows a single task without tables of all tasks, and no oracle or map where there was none', async () => {
    const { html, names } = await single()
    expect(names).not.toContain(join('figures', 'eda-map.svg'))
    expect(names).not.toContain(join('figures', 'headroom.svg'))
    expect(html).not.toContain('EDA by task')
    expect(html).not.toContain('all tasks')
    expect(html).not.toContain('Headroom')
    expect(html).toContain('corpus BLEU')
  })

  it('shows texts as they are, whatever is in them', async () => {
    const { html, markdown } = await single()
    expect(html).not.toContain('<script>')
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;')
    expect(markdown).toContain('````text\n</pre><script>')
  })

  it('has Markdown tables whose rows have as many cells as their head', async () => {
    const { markdown } = await whole()
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
