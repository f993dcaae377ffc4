import { isLogged, logLine } from '../../local/services/stepfunctions/logging.ts';
import type { ExecutionRecord, LoggingConfiguration } from '../../local/services/stepfunctions/records.ts';
import type { HistoryEvent } from '../../local/states/history.ts';
import type { ConformanceCase } from './conformance-case.ts';
import type { Matcher } from './matches.ts';

/** How the events that an execution logged differ from those that were recorded; undefined where they do not. */
export function logDifference(
  recorded: ConformanceCase,
  events: readonly HistoryEvent[],
  matcher: Matcher,
): string | undefined {
  const { logEvents } = recorded.expect;
  // The configuration stands nowhere but in the name of the recorded test.
  const [, level, data] = /_(ALL|ERROR|FATAL)_(True|False)_/.exec(recorded.id) ?? [];
  if (!logEvents || level === undefined) return undefined;
  const record = { arn: recorded.execution?.arn ?? recorded.expect.endEvent?.execution_arn, redriveCount: 0 };
  const lines = events
    .filter(({ type }) => isLogged(type, level as LoggingConfiguration['level']))
    .map((event) => JSON.parse(logLine(event, record as ExecutionRecord, data === 'True')));
  return matcher.difference(logEvents, lines, 'log');
}
