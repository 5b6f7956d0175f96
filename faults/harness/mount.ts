import { spawnSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { UnexpectedError } from './types.js'

/** Why small disks cannot be made here; undefined when they can. */
export function cannotMount(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs Linux and root, to mount a small disk'
  const tried = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'])
  return tried.status === 0 ? undefined : 'this machine allows no mounts'
}

/** A disk of its own size in memory. */
export class SmallDisk {
  private constructor(readonly path: string) {}

  static async mount(path: string, bytes: number): Promise<SmallDisk> {
    await mkdir(path, { recursive: true })
    run('mount', ['-t', 'tmpfs', '-o', `size=${Math.round(bytes)}`, 'tmpfs', path])
    return new SmallDisk(path)
  }

  grow(bytes: number): void {
    run('mount', ['-o', `remount,size=${Math.round(bytes)}`, this.path])
  }

  /** What is open for writing keeps the disk busy. @throws then */
  protect(readOnly: boolean): void {
    run('mount', ['-o', `remount,${readOnly ? 'ro' : 'rw'}`, this.path])
  }

  unmount(): void {
    run('umount', ['--lazy', this.path])
  }
}

function run(command: string, args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new UnexpectedError(`${command} ${args.join(' ')}: ${stderr}`)
}
