/** A moment, in milliseconds since the epoch, as Java prints it: without a fraction of seconds where there is none. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('.000Z', 'Z');
