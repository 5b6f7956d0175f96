import { EdtError } from '../errors.js'

/** There is no task of that name, or no task in that folder. */
export class TaskNotFoundError extends EdtError {
  override name = 'TaskNotFoundError' as const
  constructor(
    /** What the caller asked for. */
    readonly task: string,
    /** Folder that was looked into last. */
    readonly path: string,
    readonly embedded: readonly string[],
    readonly datasets: readonly string[],
  ) {
    super(
      `Task "${task}" was not found: ${path} holds no task.json; give a folder with task.json, train.jsonl, validation.jsonl and test.jsonl, an embedded task (${embedded.join(', ')}), or a data set with its file, ${datasets[0]}:FILE (${datasets.join(', ')}).`,
    )
  }
}
