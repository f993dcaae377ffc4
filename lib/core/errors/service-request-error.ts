import { TerminalError } from './terminal-error.ts';

/** An AWS service refused a request as wrong in itself. */
export class ServiceRequestError extends TerminalError {
  override readonly name = 'ServiceRequestError';
  readonly code = 'SERVICE_REQUEST';
}
