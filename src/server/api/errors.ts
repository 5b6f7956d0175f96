import { z } from 'zod'
import { EdtError } from '../../errors.js'
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
    const code = error.name === ContextOverflowError.name ? 'context_length_exceeded' : undefined
    return new ApiError(400, error.message, { code })
  }
  const { statusCode, message } = error as { statusCode?: number; message?: string }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new ApiError(statusCode, message ?? 'Bad request.')
  return new ApiError(500, 'Something went wrong in the server; its log says what.')
}

/** The first thing that is wrong, with the field's name and what was expected. */
function fromZod({ issues: [issue] }: z.ZodError): ApiError {
  const param = issue.path.join('.')
  const field = param === '' ? 'The body' : `The field ${param}`
  return new ApiError(400, `${field}: ${issue.message}.`, { param, code: 'invalid_value' })
}
