import { serveModel } from './serve-model.js'

// Entry of the model's process; see model-process.ts.
serveModel()
