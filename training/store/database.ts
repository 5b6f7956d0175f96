import { existsSync, realpathSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api'
import {
  NotAStoreError,
  StoreAccessError,
  StoreCorruptError,
  StoreLockedError,
  StoreMissingError,
  StoreVersionError,
} from './errors.js'

/** DuckDB locks a file against other processes but not against a second instance in its own: that is kept here. */
const openHere = new Set<string>()

/**
 * What DuckDB may keep of a file that it writes. Without a limit it keeps what it has written, up to most of the machine's memory: the collector of a
 * long run would grow with its store. What does not fit lies beside the store while it is open.
 */
const MEMORY_WHILE_WRITING = '128MB'

/** One DuckDB file on one connection; every error that DuckDB reports about the file comes out as a StoreError. */
export class Database {
  /** Settles when the work given to `exclusive` so far is done. */
  #last: Promise<unknown> = Promise.resolve()

  private constructor(
    readonly path: string,
    private readonly key: string,
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  /**
   * Opens an existing file.
   * @throws {StoreError} when it is missing, no DuckDB file, in use, or its header is damaged
   */
  static async open(path: string, { readOnly = false } = {}): Promise<Database> {
    await checkIsDuckDB(path)
    return Database.connect(path, readOnly)
  }

  /** Makes a new file; the folder must exist and the file must not. */
  static create(path: string): Promise<Database> {
    return Database.connect(path, false)
  }

  private static async connect(path: string, readOnly: boolean): Promise<Database> {
    const key = existsSync(path) ? realpathSync(path) : path
    if (openHere.has(key)) throw new StoreLockedError(path, 'this process')
    try {
      const instance = await DuckDBInstance.create(path, {
        access_mode: readOnly ? 'READ_ONLY' : 'READ_WRITE',
        ...(readOnly ? {} : { memory_limit: MEMORY_WHILE_WRITING }),
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
      })
      const connection = await instance.connect()
      openHere.add(key)
      return new Database(path, key, instance, connection)
    } catch (error) {
      throw translateError(error, path)
    }
  }

  /** Rows of a query as plain objects: lists are arrays, integers of up to 32 bits are numbers. */
  async rows<Row>(sql: string, values?: DuckDBValue[]): Promise<Row[]> {
    return this.translated(async () => (await this.connection.runAndReadAll(sql, values)).getRowObjectsJS() as Row[])
  }

  /** Rows of a query as JSON values, chunk by chunk: memory does not grow with the result. */
  async *jsonRows(sql: string): AsyncGenerator<unknown[]> {
    const result = await this.translated(() => this.connection.stream(sql))
    const chunks = result.yieldRowsJson()
    for (;;) {
      const { value: rows, done } = await this.translated(() => chunks.next())
      if (done) return
      yield* rows
    }
  }

  /** Runs statements; for several at once, without values. */
  async run(sql: string, values?: DuckDBValue[]): Promise<void> {
    await this.translated(() => this.connection.run(sql, values))
  }

  /** Appends rows to a table inside the running transaction. */
  async append(table: string, fill: (appender: DuckDBAppender) => void): Promise<void> {
    await this.translated(async () => {
      const appender = await this.connection.createAppender(table)
      fill(appender)
      appender.closeSync()
    })
  }

  /** Runs work in one transaction: all of it is in the file, or nothing. Not to be nested; see {@link Database.exclusive}. */
  async transaction(work: () => Promise<void>): Promise<void> {
    await this.run('BEGIN')
    try {
      await work()
      await this.run('COMMIT')
    } catch (error) {
      // A transaction that DuckDB gave up by itself cannot be rolled back again; the first error is the one to show.
      await this.run('ROLLBACK').catch(() => undefined)
      throw error
    }
  }

  /** Runs work after all work given before: a connection has one transaction at a time. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => undefined)
    return turn
  }

  /** Waits for work under way, writes the log into the file and frees the lock. */
  async close(): Promise<void> {
    await this.#last
    this.connection.closeSync()
    this.instance.closeSync()
    openHere.delete(this.key)
  }

  private async translated<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw translateError(error, this.path)
    }
  }
}

/** Tells a missing file, a folder and a file of another kind apart before DuckDB touches them. */
async function checkIsDuckDB(path: string): Promise<void> {
  const status = await stat(path).catch(() => undefined)
  if (status === undefined) throw new StoreMissingError(path)
  if (status.isDirectory()) throw new NotAStoreError(path, 'a folder')
  if (status.size === 0) throw new NotAStoreError(path, 'an empty file')
  const file = await open(path).catch((error) => {
    throw new StoreAccessError(path, String(error.code ?? error.message))
  })
  try {
    // Bytes 8 to 11, after the checksum, are DuckDB's magic word.
    const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0)
    if (bytesRead < 12 || buffer.toString('latin1', 8) !== 'DUCK')
      throw new NotAStoreError(path, 'another kind of file')
  } finally {
    await file.close()
  }
}

/** DuckDB's errors are told apart by their text: it gives no codes. */
function translateError(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error
  const detail = error.message.split('\n')[0].replace(/\.$/, '')
  const lock = /Conflicting lock is held in (.+?) ?\(PID (\d+)\)/.exec(detail)
  if (lock) return new StoreLockedError(path, `process ${lock[2]} (${lock[1]})`)
  if (/Could not set lock/.test(detail)) return new StoreLockedError(path, 'another process')
  if (/not a valid DuckDB database/.test(detail)) return new NotAStoreError(path, 'another kind of file')
  if (/database file with version|storage version/i.test(detail)) {
    return new StoreVersionError(path, `a file format of another DuckDB (${detail})`, 'that of its own DuckDB')
  }
  if (/No space left|Permission denied|Read-only file system|Cannot open file|quota/i.test(detail)) {
    return new StoreAccessError(path, detail)
  }
  if (/^(IO Error|Serialization Error|Corrupt|FATAL)|checksum|replaying WAL/.test(detail)) {
    return new StoreCorruptError(path, detail.replace(/^IO Error: /, ''))
  }
  return error
}
