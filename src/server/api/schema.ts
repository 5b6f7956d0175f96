import { z } from 'zod'

/** Rows that one request may ask for. */
export const MAX_ROWS = 128
const MAX_STOPS = 16

const whole = (least: number, most: number) =>
  z
    .int(`expected a whole number from ${least} to ${most}`)
    .min(least, `expected at least ${least}`)
    .max(most, `expected at most ${most}`)
const decimal = (least: number, most: number) =>
  z
    .number(`expected a number from ${least} to ${most}`)
    .min(least, `expected at least ${least}`)
    .max(most, `expected at most ${most}`)
const flag = z.boolean('expected true or false')
const range = z
  .tuple([decimal(0, 100), decimal(0, 100)], 'expected two numbers, the smallest and the largest value')
  .refine(([least, most]) => least <= most, 'expected the smaller number first')

/** How EDT is to be set; see docs/server.md. */
const edtFields = z.strictObject(
  {
    balance: decimal(0, 1).optional(),
    t0: z
      .number('expected a number above 0')
      .gt(0, 'expected a number above 0')
      .max(100, 'expected at most 100')
      .optional(),
    theta: decimal(0, 1000).optional(),
    base: z
      .number('expected a number above 0')
      .gt(0, 'expected a number above 0')
      .max(1, 'expected at most 1')
      .optional(),
    t0_range: range.optional(),
    theta_range: range.optional(),
    trace: flag.optional(),
    alternatives: whole(0, 20).optional(),
  },
  'expected "auto", or an object with balance, t0, theta, base, t0_range, theta_range, trace or alternatives',
)
export type EdtFields = z.infer<typeof edtFields>

const stop = z
  .union(
    [
      z.string().min(1, 'expected a text that is not empty'),
      z.array(z.string().min(1, 'expected a text that is not empty')).max(MAX_STOPS),
    ],
    `expected a text, or at most ${MAX_STOPS} of them, none of them empty`,
  )
  .nullish()

/** Fields of OpenAI's API that would change the answer and that this server does not know: only their neutral values are let through. */
const neutral = {
  presence_penalty: z.literal(0, 'presence_penalty is not supported here').nullish(),
  frequency_penalty: z.literal(0, 'frequency_penalty is not supported here').nullish(),
  logit_bias: z.strictObject({}, 'logit_bias is not supported here').nullish(),
}

const common = {
  model: z.string('expected the name of a model, see /v1/models').optional(),
  n: whole(1, MAX_ROWS).nullish(),
  seed: z.int('expected a whole number').min(0, 'expected a whole number of at least 0').nullish(),
  max_tokens: whole(1, 1_000_000).nullish(),
  temperature: decimal(0, 100).nullish(),
  top_p: z
    .number('expected a number above 0 and at most 1')
    .gt(0, 'expected a number above 0')
    .max(1, 'expected at most 1')
    .nullish(),
  stop,
  stream: flag.nullish(),
  stream_options: z
    .object({ include_usage: flag.optional() }, 'expected an object such as {"include_usage": true}')
    .nullish(),
  edt: z.union([z.literal('auto'), edtFields], 'expected "auto" or an object, see docs/server.md').nullish(),
  ...neutral,
}

const textPart = z.object({
  type: z.literal('text', 'expected "text": this model reads nothing else'),
  text: z.string(),
})
const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant'], 'expected system, developer, user or assistant'),
  content: z.union([z.string(), z.array(textPart)], 'expected a text, or parts of the type "text"'),
})

export const chatSchema = z.object(
  {
    ...common,
    messages: z.array(message, 'expected a list of messages').min(1, 'expected at least one message'),
    max_completion_tokens: whole(1, 1_000_000).nullish(),
    logprobs: flag.nullish(),
    top_logprobs: whole(0, 20).nullish(),
    tools: z.array(z.unknown()).max(0, 'tools are not supported here').nullish(),
    response_format: z.object({ type: z.literal('text', 'only "text" is supported here') }).nullish(),
  },
  'expected a JSON object with messages',
)
export type ChatRequest = z.infer<typeof chatSchema>

export const completionSchema = z.object(
  {
    ...common,
    prompt: z.union(
      [z.string(), z.array(z.string()).min(1).max(MAX_ROWS)],
      'expected a text, or a list of texts (token ids are not supported)',
    ),
    logprobs: whole(0, 20).nullish(),
    echo: z.literal(false, 'echo is not supported here').nullish(),
    suffix: z.literal('', 'suffix is not supported here').nullish(),
    best_of: z.literal(1, 'best_of is not supported here').nullish(),
  },
  'expected a JSON object with a prompt',
)
export type CompletionRequest = z.infer<typeof completionSchema>
