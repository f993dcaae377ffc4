import { AwsError } from '../../aws-error.ts';
import type { Cloud, Principal } from '../../service.ts';
import type { HistoryEvent } from '../../states/history.ts';
import type { JsonObject } from '../../states/json.ts';
import type { ExecutionRecord, LoggingConfiguration } from './records.ts';
import { showEvent } from './show-event.ts';

const levels = new Set(['ALL', 'ERROR', 'FATAL', 'OFF']);

const invalid = (what: string) => new AwsError('InvalidLoggingConfiguration', `Invalid Logging Configuration: ${what}`);

/** A logging configuration with its defaults; throws InvalidLoggingConfiguration. */
export async function validLogging(
  cloud: Cloud,
  given: JsonObject | undefined,
  caller: Principal,
): Promise<LoggingConfiguration> {
  const { level = 'OFF', includeExecutionData = false, destinations } = given ?? {};
  if (!levels.has(level)) throw invalid(`The level must be one of ${[...levels].join(', ')}.`);
  if (destinations !== undefined || level !== 'OFF') {
    if (level !== 'OFF' && destinations?.length !== 1) throw invalid('Must specify exactly one Log Destination.');
    if ((destinations?.length ?? 0) > 1) throw invalid('Must specify exactly one Log Destination.');
    for (const destination of destinations ?? []) await findGroup(cloud, groupOf(destination), caller);
  }
  return { level, includeExecutionData, ...(destinations === undefined ? {} : { destinations }) };
}

function groupOf(destination: JsonObject): string {
  const arn = destination.cloudWatchLogsLogGroup?.logGroupArn;
  const name =
    typeof arn === 'string' ? /^arn:[^:]*:logs:[^:]*:\d*:log-group:([^:]+)(?::\*)?$/.exec(arn)?.[1] : undefined;
  if (name === undefined) throw invalid('The Log Destination must be the ARN of a log group that ends in ":*".');
  return name;
}

async function findGroup(cloud: Cloud, name: string, caller: Principal): Promise<void> {
  const { logGroups = [] } = await cloud.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: name }, caller);
  if (!logGroups.some((group: JsonObject) => group.logGroupName === name)) throw invalid('Log Destination not found.');
}

const fatal = new Set(['ExecutionAborted', 'ExecutionFailed', 'ExecutionTimedOut']);
const erroneous = /(Failed|TimedOut|Aborted)$/;

/** Whether an event of this type is logged at a level. */
export function isLogged(type: string, level: LoggingConfiguration['level']): boolean {
  if (level === 'ALL') return true;
  if (level === 'FATAL') return fatal.has(type);
  return level === 'ERROR' && (erroneous.test(type) || type === 'FailStateEntered');
}

/** An event as it stands in the log. */
export function logLine(event: HistoryEvent, record: ExecutionRecord, includeData: boolean): string {
  const { id, type, previousEventId, timestamp } = event;
  const {
    id: _id,
    type: _type,
    previousEventId: _previous,
    timestamp: _timestamp,
    ...shown
  } = showEvent(event, includeData);
  return JSON.stringify({
    id: String(id),
    type,
    details: Object.values(shown)[0] ?? {},
    previous_event_id: String(previousEventId),
    event_timestamp: String(timestamp),
    execution_arn: record.arn,
    redrive_count: String(record.redriveCount),
  });
}
