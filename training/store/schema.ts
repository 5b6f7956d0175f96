/** Raised whenever a table below changes its meaning. */
export const SCHEMA_VERSION = 1

/**
 * The tables of a store. `prompt` is a prompt's key `task/split/id`; `cell` is `i · theta.length + j` for (t0[i], theta[j]).
 *
 * A prompt has its row in `outcomes` exactly when its rollouts are complete, or when it was skipped: that row is written
 * in the transaction that writes everything else about the prompt. Text keys instead of numbers, so that a store does not
 * depend on the order in which prompts were planned.
 */
export const SCHEMA = `
CREATE TABLE edt_store (schema_version INTEGER NOT NULL);
CREATE TABLE settings (name VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
CREATE TABLE sessions (started_at VARCHAR NOT NULL, environment VARCHAR NOT NULL);
CREATE TABLE cells (cell INTEGER PRIMARY KEY, t0 DOUBLE NOT NULL, theta DOUBLE NOT NULL, sampler VARCHAR NOT NULL);
CREATE TABLE signatures (task VARCHAR PRIMARY KEY, quality VARCHAR NOT NULL, self_bleu VARCHAR NOT NULL);
CREATE TABLE feature_set (version INTEGER NOT NULL, names VARCHAR[] NOT NULL);
CREATE TABLE prompts (
  prompt VARCHAR PRIMARY KEY, task VARCHAR NOT NULL, split VARCHAR NOT NULL, id VARCHAR NOT NULL,
  text VARCHAR NOT NULL, reference_texts VARCHAR[] NOT NULL
);
CREATE TABLE outcomes (prompt VARCHAR PRIMARY KEY, token_count INTEGER NOT NULL, skipped VARCHAR);
CREATE TABLE features (prompt VARCHAR NOT NULL, vector FLOAT[] NOT NULL);
CREATE TABLE samples (
  prompt VARCHAR NOT NULL, cell INTEGER NOT NULL, sample INTEGER NOT NULL,
  text VARCHAR NOT NULL, token_count INTEGER NOT NULL, stop_reason VARCHAR NOT NULL,
  mean_entropy DOUBLE NOT NULL, mean_temperature DOUBLE NOT NULL, quality DOUBLE NOT NULL
);
CREATE TABLE scores (prompt VARCHAR NOT NULL, cell INTEGER NOT NULL, quality DOUBLE NOT NULL, self_bleu DOUBLE NOT NULL);
`

/** Each table with the columns that order its rows, for the digest. `sessions` says when and where, not what: left out. */
export const CONTENT_TABLES: readonly (readonly [table: string, key: string])[] = [
  ['settings', 'name'],
  ['cells', 'cell'],
  ['signatures', 'task'],
  ['feature_set', 'version'],
  ['prompts', 'prompt'],
  ['outcomes', 'prompt'],
  ['features', 'prompt'],
  ['samples', 'prompt, cell, sample'],
  ['scores', 'prompt, cell'],
]
