import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  // Examples import the package by its name, as users do; tests run them from source.
  resolve: {
    alias: [
      { find: /^edt-tuner$/, replacement: source('src/index.ts') },
      { find: /^edt-tuner\/training$/, replacement: source('training/index.ts') },
      { find: /^edt-tuner\/(metrics|sampling|server)$/, replacement: source('src/$1/index.ts') },
    ],
  },
  test: {
    include: [
      'src/**/*.test.ts',
      'training/**/*.test.ts',
      'examples/**/*.test.ts',
      'scripts/**/*.test.ts',
      'soak/**/*.test.ts',
      'fuzz/**/*.test.ts',
      'faults/**/*.test.ts',
    ],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
