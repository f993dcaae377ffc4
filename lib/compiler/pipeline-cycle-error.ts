import { TerminalError } from '../core/errors/terminal-error.ts';

/** Pipelines start one another in a circle. */
export class PipelineCycleError extends TerminalError {
  override readonly name = 'PipelineCycleError';
  readonly code = 'PIPELINE_CYCLE';

  constructor(cycle: readonly string[]) {
    super({
      problem: 'pipelines would start one another without end',
      received: cycle.join(' → '),
      allowed: 'pipelines that come after others without a circle',
      change: 'take one `after` or `event` of the circle away',
    });
  }
}
