import type { Configuration } from '../state.ts';
import type { ProcessEnd } from './function-process.ts';
import type { InvocationReport } from './report-lines.ts';

/** How an invocation ended: what its caller gets. */
export interface Outcome {
  readonly payload: Buffer;
  readonly functionError?: 'Unhandled';
  readonly report: InvocationReport;
  /** The last 4 KB of the invocation's log. */
  readonly logTail: string;
}

/** What a synchronous answer may hold, in bytes. */
export const maxResponseBytes = 6 * 1024 * 1024 + 100;

export interface BrokenOff {
  readonly payload: Buffer;
  readonly status: 'timeout' | 'failure';
  readonly errorType: string;
  /** What the log says of it, without a time. */
  readonly message: string;
}

/** The names that Lambda has for the signals that end processes. */
const signalNames: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

/** The answer to an invocation whose process did not live to give one. */
export function brokenOff(requestId: string, end: ProcessEnd, configuration: Configuration): BrokenOff {
  const answer = (status: BrokenOff['status'], errorType: string, message: string): BrokenOff => {
    const errorMessage = `RequestId: ${requestId} Error: ${message}`;
    return { payload: Buffer.from(JSON.stringify({ errorType, errorMessage })), status, errorType, message };
  };
  const { code, signal, killedFor } = end;
  if (killedFor === 'timeout') {
    return answer('timeout', 'Sandbox.Timedout', `Task timed out after ${configuration.Timeout.toFixed(2)} seconds`);
  }
  if (killedFor === 'storage') {
    const size = configuration.EphemeralStorage!.Size;
    return answer('failure', 'Runtime.ExitError', `ENOSPC: no space left on device, EphemeralStorage is ${size} MB`);
  }
  const type = killedFor === 'memory' ? 'Runtime.OutOfMemory' : 'Runtime.ExitError';
  if (code === 0) return answer('failure', type, 'Runtime exited without providing a reason');
  const exit = signal ? `signal: ${signalNames[signal] ?? signal}` : `exit status ${code}`;
  return answer('failure', type, `Runtime exited with error: ${exit}`);
}

export function tooLargeAnswer(bytes: number, most = maxResponseBytes): Buffer {
  const errorMessage = `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${most} bytes).`;
  return Buffer.from(JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }));
}

export function errorTypeOf(body: Buffer): string {
  try {
    return String(JSON.parse(body.toString('utf8')).errorType);
  } catch {
    // A runtime may post anything as its error.
    return 'Unknown';
  }
}

/** The end of a log, as `LogResult` carries it. */
export function logTail(lines: readonly string[]): string {
  return Buffer.from(`${lines.join('\n')}\n`)
    .subarray(-4096)
    .toString('utf8');
}
