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
      allowed: '1 to 11 lower-case letters and digits, beginning with a letter',
      change: 'shorten or rewrite the name',
    });
  }
}

/** What a function may do takes more text than IAM takes for a role. */
export class RoleTooLargeError extends TerminalError {
  override readonly name = 'RoleTooLargeError';
  readonly code = 'ROLE_TOO_LARGE';

  constructor(functionName: string, received: number, allowed: number) {
    super({
      problem: `what the function "${functionName}" may do is more than a role has room for`,
      received: `${received} characters of policies`,
      allowed: `about ${allowed}: of a pipeline, some ninety tables take as much`,
      change: 'part the pipeline into several that publish fewer tables each',
    });
  }
}
