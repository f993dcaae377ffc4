import { TerminalError } from '../../core/errors/terminal-error.ts';

/** A plan names a component that is not one file of `lib/connectors` or `lib/operators`. */
export class ComponentMissingError extends TerminalError {
  override readonly name = 'ComponentMissingError';
  readonly code = 'BUNDLE_COMPONENT_MISSING';

  constructor(component: string, files: readonly string[], found: number) {
    super({
      problem: `the plan names the component "${component}", of which there are ${found} files`,
      received: component,
      allowed: files,
      change: 'compile the pipeline again with the version of Penstock that deploys it',
    });
  }
}

/** A plan with user functions was given without the file that holds them. */
export class PipelineFileNeededError extends TerminalError {
  override readonly name = 'PipelineFileNeededError';
  readonly code = 'BUNDLE_PIPELINE_FILE_NEEDED';

  constructor(pipeline: string) {
    super({
      problem: `the pipeline "${pipeline}" has map() steps, whose functions are bundled from its source`,
      received: 'no file',
      allowed: 'the path of the TypeScript file whose default export is the definition',
      change: 'give `file` to PipelineStack',
    });
  }
}
