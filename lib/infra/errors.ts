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

/** The name of a platform cannot begin the names of functions, or be looked for in metrics. */
export class PlatformNameInvalidError extends TerminalError {
  override readonly name = 'PlatformNameInvalidError';
  readonly code = 'PLATFORM_NAME_INVALID';

  constructor(platform: string) {
    super({
      problem: 'the name of a platform begins the names of its functions and machines',
      received: platform,
      allowed: '1 to 12 lower-case letters and digits, beginning with a letter',
      change: 'shorten or rewrite the name',
    });
  }
}
