import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc, { type Arbitrary } from 'fast-check'
import { sharePrefix } from '../../src/lm/graph/shared-prefix.js'
import { loadModel } from '../../src/lm/index.js'
import { type Target, ViolationError } from '../harness/types.js'
import { damaged, noise } from '../inputs/bytes.js'
import { brokenJson, jsonFile } from '../inputs/json.js'
import { nastyTexts } from '../inputs/text.js'
import { attentionGraph } from './attention-graph.js'
import { CHAT_TEMPLATE, tinyGraph, tinyModel } from './tiny-model.js'

interface Files {
  config: Buffer
  generation: Buffer
  tokenizerConfig: Buffer
  tokenizer: Buffer
  graph: Buffer
  /** The graph asks for a file outside the folder: it must not be loaded. */
  outside?: boolean
}

const FILE_NAMES = {
  config: 'config.json',
  generation: 'generation_config.json',
  tokenizerConfig: 'tokenizer_config.json',
  tokenizer: 'tokenizer.json',
  graph: 'onnx/model.onnx',
} as const

/** Templates that mean harm: code, endless loops, texts that double, the objects of JavaScript. */
const TEMPLATES = [
  ...[
    "{{ ''.constructor.constructor('return process')() }}",
    '{{ messages.constructor }}',
    '{{ [].__proto__.polluted }}',
  ],
  ...[
    '{% set x = messages.__proto__ %}{{ x.polluted }}',
    "{{ self.__init__.__globals__['os'] }}",
    '{{ cycler.__init__ }}',
  ],
  ...[
    '{{ process.exit(1) }}',
    '{{ globalThis }}',
    "{{ require('fs') }}",
    "{% include '/etc/passwd' %}",
    "{% import 'x' as y %}",
  ],
  ...[
    '{% for a in range(1000000) %}{% for b in range(1000000) %}x{% endfor %}{% endfor %}',
    '{{ range(100000000) | length }}',
  ],
  `{% set a = 'ha' %}${'{% set a = a ~ a %}'.repeat(40)}{{ a }}`,
  `{% set a = 'ha' %}${'{% set a = a ~ a %}'.repeat(27)}{{ a }}`,
  ...[
    '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}',
    '{'.repeat(5000),
    '{% if x %}'.repeat(3000),
    '{{ ('.repeat(3000),
  ],
  ...[
    "{{ raise_exception('no') }}",
    '{{ messages[0].content.__class__ }}',
    "{{ 'a' * 100000000 }}",
    '{{ strftime_now("%Y") }}',
  ],
  ...['{{ messages | tojson }}', '{{ messages[99].content }}', '', '{{', '{% for %}'],
]

async function use(path: string, { outside }: Files): Promise<void> {
  const model = await loadModel(path, { threads: 1 })
  try {
    if (outside) throw new ViolationError('the graph was loaded with weights from outside the folder')
    const ids = model.encode('Hello')
    if (ids.some((id) => !Number.isInteger(id) || id < 0)) throw new ViolationError(`encoded to ${ids}`)
    model.decode(ids)
    if (model.hasChatTemplate) {
      const { text } = model.encodeChat([{ role: 'user', content: 'Hello' }])
      if (typeof text !== 'string' || text.length > 2_000_000)
        throw new ViolationError(`rendered ${text.length} characters`)
    }
    await model.prefill(ids)
  } finally {
    await model.dispose()
  }
}

const folder: Target<Files> = {
  name: 'model-folder',
  about: 'config.json, generation_config.json, tokenizer files with chat template, and ONNX graph of a model folder',
  quickRuns: 60,
  async open(root) {
    const tiny = await tinyModel()
    const { graph, ...documents } = tiny
    const json = (document: object) => Buffer.from(JSON.stringify(document))
    const good: Files = {
      ...{ config: json(tiny.config), generation: json(tiny.generation), graph },
      ...{ tokenizerConfig: json(tiny.tokenizerConfig), tokenizer: json(tiny.tokenizer) },
    }
    const part = (name: keyof typeof documents): Arbitrary<Files> =>
      jsonFile([documents[name]]).map((bytes) => ({ ...good, [name]: bytes }))
    const withTemplate = (chat_template: string): Files => ({
      ...good,
      tokenizerConfig: json({ ...tiny.tokenizerConfig, chat_template }),
    })
    const template = damaged([CHAT_TEMPLATE, ...TEMPLATES.slice(0, 6)].map((one) => Buffer.from(one)))
    let count = 0
    return {
      inputs: fc.oneof(
        { arbitrary: part('config'), weight: 3 },
        { arbitrary: part('tokenizer'), weight: 3 },
        { arbitrary: part('tokenizerConfig'), weight: 2 },
        { arbitrary: part('generation'), weight: 1 },
        { arbitrary: template.map((bytes) => withTemplate(bytes.toString())), weight: 2 },
        { arbitrary: fc.oneof(damaged([graph]), noise).map((bytes) => ({ ...good, graph: bytes })), weight: 3 },
      ),
      corpus: [
        good,
        ...[...TEMPLATES, ...nastyTexts.slice(0, 20)].map(withTemplate),
        ...['../outside.bin', '/etc/passwd', '../../../../../../etc/passwd', 'sub/../../outside.bin'].map(
          (location) => ({
            ...good,
            graph: tinyGraph(location),
            outside: true,
          }),
        ),
        ...brokenJson.slice(0, 12).flatMap((broken) => [
          { ...good, config: Buffer.from(broken) },
          { ...good, tokenizer: Buffer.from(broken) },
          { ...good, tokenizerConfig: Buffer.from(broken) },
        ]),
      ],
      async attempt(files) {
        // A path of its own for every attempt: transformers.js remembers what it has read.
        const path = join(root, `model-${count++}`)
        await mkdir(join(path, 'onnx'), { recursive: true })
        // What an attack from outside would find: weights of the right size.
        await writeFile(join(root, 'outside.bin'), Buffer.alloc(4 * 259 * 259))
        for (const [part, name] of Object.entries(FILE_NAMES)) {
          await writeFile(join(path, name), files[part as keyof typeof FILE_NAMES])
        }
        try {
          await use(path, files)
        } finally {
          await rm(path, { recursive: true, force: true })
        }
      },
    }
  },
}

/** The rewriting of graphs refuses with a reason instead of an error. */
const graphs: Target<Buffer> = {
  name: 'onnx-graph',
  about: 'ONNX graphs handed to the rewriting for shared prefixes',
  async open() {
    const graphFiles = [attentionGraph(), tinyGraph()]
    return {
      inputs: fc.oneof({ arbitrary: damaged(graphFiles), weight: 6 }, { arbitrary: noise, weight: 1 }),
      corpus: [
        ...graphFiles,
        ...nastyTexts.map((one) => Buffer.from(one)),
        Buffer.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f]),
      ],
      async attempt(bytes) {
        const result = sharePrefix(bytes)
        if ('unsupported' in result) {
          if (result.unsupported === '') throw new ViolationError('refused without a reason')
        } else if (result.model.length > bytes.length + 100_000) throw new ViolationError('the rewritten graph is huge')
      },
    }
  },
}

export const modelTargets = [folder, graphs] as Target<never>[]
