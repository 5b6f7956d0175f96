import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect, isRun, runPaths } from '../../training/run/index.js'
import { openStore, storeDigest } from '../../training/store/index.js'
import { Edt, runEdtHere } from './edt.js'
import { expect, expectDone } from './expect.js'
import { PROMPTS, RUN_FLAGS, SAMPLES_A_PROMPT } from './run-settings.js'

/** A run that nothing happened to. */
export interface Reference {
  root: string
  digest: string
  /** How long it took, in ms. */
  duration: number
}

export async function undisturbedRun(root: string): Promise<Reference> {
  const started = performance.now()
  expectDone(await runEdtHere([...collectArguments(root), '--workers', '1']), 'the undisturbed run')
  return { root, digest: (await contents(root)).digest, duration: performance.now() - started }
}

/** A new run, or the same one again. */
export function collectArguments(root: string): string[] {
  return ['collect', ...RUN_FLAGS, '--out', root]
}

/** Starts a collector on the run. */
export function collector(root: string, workers = 1, env: Record<string, string> = {}): Edt {
  return new Edt([...collectArguments(root), '--workers', `${workers}`], env)
}

/** What the store of a run holds. @throws {UnexpectedError} unless all its prompts are whole */
export async function contents(root: string): Promise<{ digest: string; finished: number }> {
  const store = await openStore(runPaths(root).store, { readOnly: true })
  try {
    const finished = store.finishedPrompts().size
    const { samples } = await store.summary()
    expect(samples === finished * SAMPLES_A_PROMPT, `the store holds ${samples} samples of ${finished} prompts`)
    return { digest: await storeDigest(store), finished }
  } finally {
    await store.close()
  }
}

/** Prompts with an outcome; 0 while there is no store. */
export async function finishedSoFar(root: string): Promise<number> {
  const exists = await stat(runPaths(root).store).then(
    () => true,
    () => false,
  )
  return exists ? (await contents(root)).finished : 0
}

/** @throws {UnexpectedError} unless the run is complete, equal to the undisturbed one, and has left nothing else behind */
export async function expectEqual(root: string, reference: Reference): Promise<void> {
  const { digest, finished } = await contents(root)
  expect(finished === PROMPTS, `the run says that it is done, but ${finished} of ${PROMPTS} prompts are in its store`)
  expect(digest === reference.digest, `the store has digest ${digest}, the undisturbed one ${reference.digest}`)
  const left = (await readdir(root)).filter((name) => /\.part$|\.wal$|\.new-/.test(name))
  expect(left.length === 0, `the run left ${left.join(', ')} behind`)
}

/** Does what `edt inspect` advises until the run is complete, and compares it. */
export async function resumeAndCompare(root: string, reference: Reference): Promise<void> {
  if (!(await isRun(root))) {
    // Killed before it had made its folder: there is nothing to inspect.
    expectDone(await collector(root).end(), 'the second run')
    return expectEqual(root, reference)
  }
  const found = await inspect(root)
  expect(found.kind === 'run', `inspect says ${found.kind}`)
  // `fit`: the fault came after the last prompt; the same command again then only tidies up.
  expect(/^edt (collect|fit) --out \S+$/.test(found.next ?? ''), `inspect advises ${found.next}`)
  expectDone(await runEdtHere(['collect', '--out', root, '--workers', '1']), 'the resumed run')
  await expectEqual(root, reference)
}

/** A new folder for a run below `folder`. */
export function runFolders(folder: string): () => string {
  let count = 0
  return () => join(folder, `run-${count++}`)
}
