import type { FastifyReply } from 'fastify'

/** Bytes that may wait for a client that reads slowly; one that falls further behind is cut off, so that it costs the others nothing. */
const MOST_BUFFERED = 1024 * 1024

/** Milliseconds in which a client must take something of what is sent. */
const STUCK_AFTER = 120_000

/** A client that stops reading would keep its answer and its connection for ever; Node forgets the limit when the answer is through. */
export function dropWhenStuck({ raw }: FastifyReply): void {
  raw.setTimeout(STUCK_AFTER, () => raw.destroy())
}

/** A reply of server-sent events, as OpenAI's API streams. */
export class EventStream {
  /** @param onOverflow told once when the client does not read what is sent */
  constructor(
    private readonly reply: FastifyReply,
    private readonly onOverflow: () => void,
  ) {}

  /** Sends the head. Headers that hooks have set on the reply go with it. */
  open(): void {
    this.reply.hijack()
    const headers = this.reply.getHeaders() as Record<string, string>
    this.reply.raw.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    dropWhenStuck(this.reply)
    this.reply.raw.flushHeaders()
  }

  send(data: object): void {
    this.#write(`data: ${JSON.stringify(data)}\n\n`)
  }

  /** @param last sent before the end, such as an error */
  close(last?: object): void {
    if (last !== undefined) this.send(last)
    this.#write('data: [DONE]\n\n')
    this.reply.raw.end()
  }

  /** Ends the connection at once. */
  cut(): void {
    this.reply.raw.destroy()
  }

  #write(text: string): void {
    const { raw } = this.reply
    if (raw.destroyed || raw.writableEnded) return
    raw.write(text)
    if (raw.writableLength > MOST_BUFFERED) this.onOverflow()
  }
}
