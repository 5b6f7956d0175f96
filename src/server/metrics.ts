import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Admission } from './admission.js'

/** Seconds. */
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]

/** What `/metrics` tells, in Prometheus' text format. */
export function serverMetrics(admission: Admission, isReady: () => boolean) {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  new Gauge({
    ...{ name: 'edt_rows', help: 'Answers being decoded', registers },
    collect() {
      this.set(admission.rows)
    },
  })
  new Gauge({
    ...{ name: 'edt_queue_length', help: 'Requests that wait for room', registers },
    collect() {
      this.set(admission.queued)
    },
  })
  new Gauge({
    ...{ name: 'edt_model_ready', help: '1 while the model answers, 0 while it is started again', registers },
    collect() {
      this.set(isReady() ? 1 : 0)
    },
  })
  const labelNames = ['route', 'status'] as const
  return {
    registry,
    requests: new Counter({
      ...{
        name: 'edt_requests_total',
        help: 'Requests by route and HTTP status; 499: the client left',
        labelNames,
        registers,
      },
    }),
    seconds: new Histogram({
      ...{
        name: 'edt_request_seconds',
        help: 'Time from a request to the end of its answer',
        buckets: BUCKETS,
        registers,
      },
      labelNames: ['route'] as const,
    }),
    firstToken: new Histogram({
      ...{
        name: 'edt_first_token_seconds',
        help: 'Time from a streamed request to its first token',
        buckets: BUCKETS,
        registers,
      },
    }),
    promptTokens: new Counter({ name: 'edt_prompt_tokens_total', help: 'Tokens of prompts', registers }),
    newTokens: new Counter({ name: 'edt_new_tokens_total', help: 'Tokens drawn', registers }),
    temperature: new Histogram({
      ...{ name: 'edt_mean_temperature', help: 'Mean temperature of an answer', registers },
      buckets: [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3],
    }),
    restarts: new Counter({ name: 'edt_model_restarts_total', help: "Times the model's process died", registers }),
  }
}

export type ServerMetrics = ReturnType<typeof serverMetrics>
