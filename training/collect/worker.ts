import { loadModel } from '../../src/lm/index.js'
import { serveJobs } from './serve.js'

// Entry of a worker process; see worker-process.ts.
serveJobs(({ model, ...options }) => loadModel(model, options))
