import type { Configuration } from '../state.ts';

/** What is known of an invocation once it has ended. Times in milliseconds. */
export interface InvocationReport {
  readonly requestId: string;
  readonly status: 'success' | 'error' | 'timeout' | 'failure';
  readonly errorType?: string;
  readonly duration: number;
  /** Only where this invocation was the first of its environment. */
  readonly initDuration?: number;
  readonly maxMemoryBytes: number;
}

/** The platform's own log lines in the function's log format. */
export interface PlatformLines {
  initStart(time: number): string;
  start(time: number, requestId: string): string;
  /** END and REPORT; one line each in text, one line in all in JSON. */
  end(time: number, report: InvocationReport): readonly string[];
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1024 / 1024);
const rounded = (milliseconds: number) => Number(milliseconds.toFixed(2));

export function platformLines(configuration: Configuration): PlatformLines {
  return configuration.LoggingConfig.LogFormat === 'JSON' ? jsonLines(configuration) : textLines(configuration);
}

function billed({ duration, initDuration = 0 }: InvocationReport): number {
  return Math.ceil(duration + initDuration);
}

function textLines({ MemorySize, Version, Runtime }: Configuration): PlatformLines {
  return {
    // This machine's Node runs every version that a function may ask for.
    initStart: () => `INIT_START Runtime Version: ${Runtime} on Node.js ${process.version}`,
    start: (_time, requestId) => `START RequestId: ${requestId} Version: ${Version}`,
    end(_time, report) {
      const parts = [
        `REPORT RequestId: ${report.requestId}`,
        `Duration: ${report.duration.toFixed(2)} ms`,
        `Billed Duration: ${billed(report)} ms`,
        `Memory Size: ${MemorySize} MB`,
        `Max Memory Used: ${megabytes(report.maxMemoryBytes)} MB`,
      ];
      if (report.initDuration !== undefined) parts.push(`Init Duration: ${report.initDuration.toFixed(2)} ms`);
      if (report.status === 'timeout') parts.push('Status: timeout');
      if (report.status === 'failure') parts.push('Status: error', `Error Type: ${report.errorType}`);
      return [`END RequestId: ${report.requestId}`, parts.join('\t')];
    },
  };
}

function jsonLines({ MemorySize, Version, Runtime, FunctionName }: Configuration): PlatformLines {
  const line = (time: number, type: string, record: object) =>
    JSON.stringify({ time: new Date(time).toISOString(), type: `platform.${type}`, record });
  return {
    initStart: (time) =>
      line(time, 'initStart', {
        initializationType: 'on-demand',
        phase: 'init',
        runtimeVersion: `${Runtime} on Node.js ${process.version}`,
        functionName: FunctionName,
        functionVersion: Version,
      }),
    start: (time, requestId) => line(time, 'start', { requestId, version: Version }),
    end(time, report) {
      const metrics = {
        durationMs: rounded(report.duration),
        billedDurationMs: billed(report),
        memorySizeMB: MemorySize,
        maxMemoryUsedMB: megabytes(report.maxMemoryBytes),
        ...(report.initDuration !== undefined && { initDurationMs: rounded(report.initDuration) }),
      };
      const { requestId, status, errorType } = report;
      return [line(time, 'report', { requestId, metrics, ...(errorType && { errorType }), status })];
    },
  };
}
