/** Throttled calls are worth waiting for: a chunk that fails costs more than its calls. */
export const clientOptions = { maxAttempts: 6 };
