/** Raised whenever the same logits and the same uniform number no longer give the same token: results of different versions must not be mixed. */
export const SAMPLER_VERSION = 2
