import type { RowPlan, Study, StudyContext, TunerOfTask } from '../definition.js'
import type { FitSpec } from '../fit-spec.js'

export const mixedTasks: Study = {
  id: 'tasks',
  title: 'Tasks mixed against each task alone',
  plan(context) {
    if (context.tasks.length < 2) return { impossible: 'the run has one task' }
    return {
      question:
        'Does a task gain from the prompts of the others? One tuner for all tasks against a tuner for each task, fitted on its prompts alone.',
      reference: 'all tasks mixed',
      rows: scopes(context).flatMap((task) => [
        row('all tasks mixed', task, context, () => ({})),
        row('the task alone', task, context, (own) => ({ tasks: [own] })),
      ]),
    }
  },
}

export const unseenTask: Study = {
  id: 'unseen-task',
  title: 'A task that the tuner never saw',
  plan(context) {
    const { tasks } = context
    if (tasks.length < 2) return { impossible: 'the run has one task' }
    return {
      question:
        "Does a tuner help on a task that it never saw? Each task is judged with a tuner that was fitted on the others. The task's own training prompts give only Q* and D*, in which its scores are read.",
      reference: 'task seen in training',
      rows: scopes(context).flatMap((task) => [
        row('task seen in training', task, context, () => ({})),
        row('task left out', task, context, (own) => ({ tasks: tasks.filter((other) => other !== own) })),
      ]),
    }
  },
}

/** All tasks together, then each. */
function scopes({ tasks }: StudyContext): (string | undefined)[] {
  return [undefined, ...tasks]
}

function row(
  label: string,
  task: string | undefined,
  { seeds }: StudyContext,
  specOf: (task: string) => Omit<FitSpec, 'seed'>,
): RowPlan {
  return {
    label,
    ...(task === undefined ? {} : { task }),
    replicates: seeds.map(
      (seed): TunerOfTask =>
        (own) => ({ ...specOf(own), seed }),
    ),
  }
}
