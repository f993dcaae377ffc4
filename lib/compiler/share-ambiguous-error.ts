import { TerminalError } from '../core/errors/terminal-error.ts';

/** Pipelines of one app do not agree how many runs may use something that they share. */
export class ShareAmbiguousError extends TerminalError {
  override readonly name = 'ShareAmbiguousError';
  readonly code = 'SHARE_AMBIGUOUS';

  constructor(resource: string, limits: Readonly<Record<string, number>>) {
    super({
      problem: `pipelines share "${resource}", but not with the same number of runs`,
      received: limits,
      allowed: 'one number for all of them',
      change: 'write the same number in `shares` of each',
    });
  }
}
