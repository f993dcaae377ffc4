import { TerminalError } from '../core/errors/terminal-error.ts';

/** Two pipelines of one app have the same name. */
export class PipelineNameTakenError extends TerminalError {
  override readonly name = 'PipelineNameTakenError';
  readonly code = 'PIPELINE_NAME_TAKEN';

  constructor(pipeline: string, files: readonly string[]) {
    super({
      problem: `${files.length} pipelines are named "${pipeline}"`,
      received: files,
      allowed: 'one pipeline of each name',
      change: 'rename all but one of them',
    });
  }
}
