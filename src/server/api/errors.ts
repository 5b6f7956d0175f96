import { z } from 'zod'
import { describeValue, EdtError, OutOfMemoryError } from '../../errors.js'
import { ContextOverflowError } from '../../lm/errors.js'
import { ModelProcessDiedError } from '../model/model-process.js'

/** A request that cannot be answered, in the words of OpenAI's API. */
export class ApiError extends Error {
  override name = 'ApiError' as const
  constructor(
    /** HTTP status. */
    readonly status: number,
    message: string,
    readonly detail: { code?: string; param?: string; retryAfter?: number } = {},
  ) {
    super(message)
  }
}

/** What a client gets to see of an error. */
export interface ErrorBody {
  error: { message: string; type: string; param: string | null; code: string | null }
}

const TYPES: Record<number, string> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  500: 'server_error',
  503: 'service_unavailable',
}

export function errorBody({ status, message, detail }: ApiError): ErrorBody {
  const { param = null, code = null } = detail
  return { error: { message, type: TYPES[status] ?? 'invalid_request_error', param, code } }
}

/** Any error as one for the client: the user's mistakes are told, ours are not. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof z.ZodError) return fromZod(error)
  if (error instanceof ModelProcessDiedError) {
    return new ApiError(
      503,
      'The model stopped while it worked on this request; it is being started again, so try again.',
      {
        code: 'model_restarting',
        retryAfter: 2,
      },
    )
  }
  if (error instanceof EdtError) {
    // Classes do not survive the way between processes, names do.
    if (error.name === OutOfMemoryError.name) {
      return new ApiError(
        503,
        'The server has not enough memory for this request at the moment; ask for less at once, or later.',
        {
          code: 'out_of_memory',
          retryAfter: 10,
        },
      )
    }
    const code = error.name === ContextOverflowError.name ? 'context_length_exceeded' : undefined
    return new ApiError(400, error.message, { code })
  }
  const { statusCode, code = '', message } = error as { statusCode?: number; code?: string; message?: string }
  if (statusCode === undefined || statusCode < 400 || statusCode >= 500) {
    return new ApiError(500, 'Something went wrong in the server; its log says what.')
  }
  return new ApiError(statusCode, FASTIFY_ERRORS[code] ?? message ?? 'The request cannot be read.')
}

/** What Fastify refuses by itself, in words that say what to do. */
const FASTIFY_ERRORS: Record<string, string> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The body must be JSON, sent with the header "content-type: application/json".',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty; expected a JSON object.',
  FST_ERR_BAD_URL:
    'The address cannot be decoded: a % in it is not followed by two hexadecimal digits of a character in UTF-8.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is larger than this server takes (--body-limit); send less.',
}

/** The first thing that is wrong: the field's name, what was expected and, where the parser was asked to report it, what was found. */
function fromZod({ issues: [issue] }: z.ZodError): ApiError {
  const param = issue.path.join('.')
  const field = param === '' ? 'The body' : `The field ${param}`
  const found = 'input' in issue && issue.message.startsWith('expected') ? `, but found ${nameValue(issue.input)}` : ''
  return new ApiError(400, `${field}: ${issue.message}${found}.`, {
    ...(param === '' ? {} : { param }),
    code: 'invalid_value',
  })
}

function nameValue(value: unknown): string {
  return value === undefined ? 'nothing' : describeValue(value)
}
