import { corpusBleu, distinct } from '../../src/metrics/index.js'
import type { TaskDefinition } from '../../src/tasks/types.js'
import { evaluateHeadroom, type HalvedPrompt } from './evaluate-oracle.js'
import { mean } from './mean.js'
import type { ComparedStrategy } from './ready.js'
import type { RolloutsRecord } from './records.js'
import { compareWithBaselines, PERCENT, scoreScope } from './scope.js'
import type { AblationPrompt, ScopeResult, StrategyResult, TaskReference, TaskSignatures } from './types.js'

/** Numbers of one prompt under one strategy; texts only where corpus BLEU needs them. */
interface PromptStatistics {
  quality: number
  selfBleu: number
  distinct1: number
  distinct2: number
  length: number
  temperature: number
  entropy: number
  texts: string[]
}

export interface EvaluationOptions {
  references: Readonly<Record<string, TaskReference>>
  strategies: readonly Pick<ComparedStrategy, 'id' | 'label' | 'setting' | 'tuning'>[]
  resamples: number
  seed: number
}

/** Gathers the records of prompts as they are read, and turns them into the results of each task and of all together. */
export class Evaluation {
  private readonly statistics = new Map<string, Record<string, PromptStatistics>>()
  private readonly signatures: Record<string, TaskSignatures> = {}

  /** @param prompts those that count, in the order in which they enter the bootstrap */
  constructor(
    private readonly prompts: readonly AblationPrompt[],
    private readonly options: EvaluationOptions,
  ) {}

  /**
   * @param prompt the prompt of the record
   * @param record with the samples of some of the strategies
   */
  add({ promptId, definition }: AblationPrompt, record: RolloutsRecord): void {
    const statistics = this.statistics.get(promptId) ?? {}
    for (const { id } of this.options.strategies) {
      if (record.rollouts[id] === undefined) continue
      const { quality, selfBleu, samples = [] } = record.rollouts[id]
      const texts = samples.map((sample) => sample.text)
      const [unigrams, bigrams] = [1, 2].map((n) => distinct(texts, { n, tokenize: definition.tokenize }))
      statistics[id] = {
        quality,
        selfBleu,
        distinct1: unigrams.score,
        distinct2: bigrams.score,
        length: mean(samples.map((sample) => sample.tokenCount)),
        temperature: mean(samples.map((sample) => sample.meanTemperature)),
        entropy: mean(samples.map((sample) => sample.meanEntropy)),
        texts: definition.metric === 'bleu' ? texts : [],
      }
      this.signatures[definition.name] ??= {
        quality: record.qualitySignature,
        selfBleu: record.selfBleuSignature,
        distinct1: unigrams.signature,
        distinct2: bigrams.signature,
      }
    }
    this.statistics.set(promptId, statistics)
  }

  /** @param halves the oracle's prompts, if it was asked for */
  results(halves: readonly HalvedPrompt[]): {
    overall: ScopeResult
    tasks: Record<string, ScopeResult>
    signatures: Record<string, TaskSignatures>
  } {
    const tasks: Record<string, ScopeResult> = {}
    const definitions = new Map(this.prompts.map(({ definition }) => [definition.name, definition]))
    for (const [name, definition] of definitions) {
      tasks[name] = this.scope(
        halves.filter((half) => half.task === name),
        this.options.references[name],
        definition,
      )
    }
    return { overall: this.scope(halves, PERCENT), tasks, signatures: this.signatures }
  }

  private scope(halves: readonly HalvedPrompt[], reference: TaskReference, task?: TaskDefinition): ScopeResult {
    const { references, strategies, resamples, seed } = this.options
    const prompts = this.prompts.filter(({ definition }) => task === undefined || definition.name === task.name)
    const strata = prompts.map(({ definition }) => definition.name)
    const statisticsOf = (id: string) => prompts.map(({ promptId }) => this.statistics.get(promptId)![id])
    const column = (id: string, of: 'quality' | 'selfBleu', star: 'bestQuality' | 'worstSelfBleu') =>
      Float64Array.from(statisticsOf(id), (prompt, i) => prompt[of] / references[strata[i]][star])
    const scope = scoreScope(
      {
        strata,
        strategies: Object.fromEntries(
          strategies.map(({ id }) => [
            id,
            { quality: column(id, 'quality', 'bestQuality'), selfBleu: column(id, 'selfBleu', 'worstSelfBleu') },
          ]),
        ),
      },
      reference,
      { resamples, seed },
    )
    const versus = compareWithBaselines(scope)
    const results = strategies.map(({ id, label, setting, tuning }): StrategyResult => {
      const own = statisticsOf(id)
      const bleu = task?.metric === 'bleu' ? this.corpusBleu(id, task) : undefined
      return {
        id,
        label,
        setting,
        ...(tuning === undefined ? {} : { tuning }),
        ...scope.scores[id],
        ...(bleu === undefined ? {} : { corpusBleu: bleu }),
        distinct1: mean(own.map((prompt) => prompt.distinct1)),
        distinct2: mean(own.map((prompt) => prompt.distinct2)),
        length: mean(own.map((prompt) => prompt.length)),
        temperature: mean(own.map((prompt) => prompt.temperature)),
        entropy: mean(own.map((prompt) => prompt.entropy)),
        versus: versus[id],
      }
    })
    const headroom = halves.length < 2 ? undefined : evaluateHeadroom(halves, reference, { resamples, seed })
    return {
      prompts: prompts.length,
      reference,
      strategies: results,
      ...(headroom === undefined ? {} : { headroom }),
    }
  }

  private corpusBleu(id: string, { name, tokenize }: TaskDefinition): number {
    const hypotheses: string[] = []
    const references: string[][] = []
    for (const { promptId, definition, example } of this.prompts) {
      if (definition.name !== name) continue
      for (const text of this.statistics.get(promptId)![id].texts) {
        hypotheses.push(text)
        references.push(example.references)
      }
    }
    const bleu = corpusBleu(hypotheses, references, { tokenize })
    this.signatures[name].corpusBleu = bleu.signature
    return bleu.score
  }
}
