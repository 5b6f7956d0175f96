/** A production dependency as package-lock.json knows it. */
export interface LockedPackage {
  name: string
  version: string
  /** SPDX expression; undefined where the package does not say. */
  licence: string | undefined
  /** Installed on some platforms only. */
  optional: boolean
}

/** Licences that ask for no more than their notice to be kept. */
const PERMISSIVE = new Set([
  ...[
    'MIT',
    'Apache-2.0',
    'ISC',
    'BSD-2-Clause',
    'BSD-3-Clause',
    '0BSD',
    'Unlicense',
    'BlueOak-1.0.0',
    'CC0-1.0',
    'Python-2.0',
  ],
  ...['Apache-2.0 AND MIT', '(MIT OR CC0-1.0)', '(MIT OR Apache-2.0)'],
])

/** Packages with another licence, each with the reason why it may be used. A licence that is not the one written here is refused, too. */
const EXCEPTIONS: readonly { name: RegExp; licence: string; reason: string }[] = [
  {
    name: /^@img\/sharp-libvips-/,
    licence: 'LGPL-3.0-or-later',
    reason:
      'libvips as a shared library that users can replace; an optional part of sharp, which transformers.js has for images and edt-tuner never loads',
  },
  {
    name: /^@img\/sharp-win32-/,
    licence: 'Apache-2.0 AND LGPL-3.0-or-later',
    reason: 'sharp for Windows with libvips as a shared library, as above',
  },
  {
    name: /^@img\/sharp-wasm32$/,
    licence: 'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
    reason: 'sharp with libvips in WebAssembly, as above; installed only where no other sharp is',
  },
  {
    name: /^@resvg\/resvg-js/,
    licence: 'MPL-2.0',
    reason: 'copyleft by file: used as it is, unchanged and in files of its own; it draws the PNG figures of reports',
  },
  {
    name: /^dejavu-fonts-ttf$/,
    licence: 'SEE LICENSE IN README.md AND LICENSE',
    reason:
      'the Bitstream Vera and Arev licences: free use, embedding and redistribution, fonts not sold by themselves',
  },
]

/** Production dependencies of a lock file (format 3), those of every platform included, in the order of their names. */
export function productionPackages(lock: { packages: Record<string, LockEntry> }): LockedPackage[] {
  const found = Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path, { version, license, optional = false }]): LockedPackage => {
      return { name: path.slice(path.lastIndexOf('node_modules/') + 13), version, licence: license, optional }
    })
  const unique = new Map(found.map((one) => [`${one.name}@${one.version}`, one]))
  return [...unique.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
  )
}

export interface LockEntry {
  version: string
  license?: string
  dev?: boolean
  devOptional?: boolean
  optional?: boolean
}

/** Why a package may be used; undefined when nothing allows it. */
export function reasonFor({ name, licence }: LockedPackage): string | undefined {
  if (licence === undefined) return undefined
  if (PERMISSIVE.has(licence)) return 'permissive'
  return EXCEPTIONS.find((exception) => exception.name.test(name) && exception.licence === licence)?.reason
}
