import { TerminalError } from './terminal-error.ts';

/** A pipeline is not in a state that allows what is asked of it. */
export class PipelineStateError extends TerminalError {
  override readonly name = 'PipelineStateError';
  readonly code = 'PIPELINE_STATE';
}
