import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

/** Small Parquet files as DuckDB writes them: texts, lists, structs and numbers; with and without compression. */
const TABLES = [
  "SELECT 'a' || i AS id, 'An article. Number ' || i AS text, 'A summary' AS summary FROM range(3) t(i)",
  "SELECT {'en': 'Good ' || i, 'zh': '好'} AS translation FROM range(3) t(i)",
  `SELECT 'q' || i AS query, i::BIGINT AS query_id, ['an answer'] AS answers,
     {'is_selected': [0, 1], 'passage_text': ['a', 'b']} AS passages FROM range(3) t(i)`,
  `SELECT i AS id, 'q' || i AS question, 'a' AS article, ['so'] AS answer, DATE '2020-01-01' AS day, 1.5::DECIMAL(9, 2) AS price
     FROM range(3) t(i)`,
]

export async function parquetFiles(): Promise<Buffer[]> {
  const folder = await mkdtemp(join(tmpdir(), 'edt-fuzz-parquet-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const files: Buffer[] = []
    for (const [i, query] of TABLES.entries()) {
      const file = join(folder, `${i}.parquet`)
      const codec = i % 2 === 0 ? 'uncompressed' : 'snappy'
      await connection.run(`COPY (${query}) TO '${file}' (FORMAT parquet, COMPRESSION ${codec})`)
      files.push(await readFile(file))
    }
    return files
  } finally {
    connection.closeSync()
    instance.closeSync()
    await rm(folder, { recursive: true, force: true })
  }
}
