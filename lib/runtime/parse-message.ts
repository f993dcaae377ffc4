import type { FieldIds } from '../component/field-id.ts';
import type { FileRule } from '../component/plan.ts';
import { MessageMalformedError } from '../core/errors/message-malformed-error.ts';
import { triggerKinds } from '../core/trigger-kinds.ts';
import type {
  ChunkInput,
  ChunkItem,
  ChunkMessage,
  ReplayTrigger,
  ScheduleRule,
  TriggerIdentity,
  TriggerMessage,
} from './messages.ts';
import { ShapeCheck } from './shape-check.ts';

/** Reads the body of a message of the trigger queue. Throws `MessageMalformedError`. */
export function parseTriggerMessage(body: string): TriggerMessage {
  const message = new ShapeCheck(parseJson(body, 'trigger message'), 'trigger message');
  message.only('pipeline', 'planDigest', 'stateMachineArn', 'trigger', 'files', 'schedule', 'until');
  return {
    pipeline: message.text('pipeline'),
    planDigest: message.text('planDigest'),
    stateMachineArn: message.text('stateMachineArn'),
    trigger: trigger(message.object('trigger')),
    ...(message.has('files') && { files: fileRule(message.object('files')) }),
    ...(message.has('schedule') && { schedule: scheduleRule(message.object('schedule')) }),
    ...(message.has('until') && { until: message.count('until') }),
  };
}

/** Reads the body of a message of a stage's buffer. Throws `MessageMalformedError`. */
export function parseChunkMessage(body: string): ChunkMessage {
  const message = new ShapeCheck(parseJson(body, 'chunk message'), 'chunk message');
  return {
    pipeline: message.text('pipeline'),
    planDigest: message.text('planDigest'),
    run: message.text('run'),
    startedAt: message.text('startedAt'),
    trigger: trigger(message.object('trigger')),
    taskToken: message.text('taskToken'),
    ...(message.has('retryCount') && { retryCount: message.count('retryCount') }),
    item: chunkItem(message.object('item')),
  };
}

function trigger(value: ShapeCheck): TriggerIdentity {
  const kind = value.oneOf('kind', triggerKinds);
  if (kind === 'replay') return replay(value);
  const common = { ...parameters(value), ...(value.has('attempt') && { attempt: value.count('attempt') }) };
  if (kind === 'schedule') {
    value.only('kind', 'time', 'attempt', 'parameters');
    return { kind, time: value.text('time'), ...common };
  }
  if (kind === 'pipeline') {
    value.only('kind', 'run', 'attempt', 'parameters');
    return { kind, run: value.text('run'), ...common };
  }
  if (kind === 'event') {
    value.only('kind', 'id', 'attempt', 'parameters');
    return { kind, id: value.text('id'), ...common };
  }
  if (kind === 'manual') {
    value.only('kind', 'requestId', 'attempt', 'parameters');
    return { kind, requestId: value.text('requestId'), ...common };
  }
  if (kind === 'backfill') {
    value.only('kind', 'of', 'slice', 'tables', 'attempt', 'parameters');
    return { kind, of: value.text('of'), slice: value.text('slice'), tables: value.texts('tables'), ...common };
  }
  if (kind === 'batch') {
    value.only('kind', 'place', 'number', 'attempt', 'parameters');
    return { kind, place: value.text('place'), number: value.count('number'), ...common };
  }
  if (kind === 'folder') {
    value.only('kind', 'folder', 'key', 'versionId', 'attempt', 'parameters');
    return {
      kind,
      folder: value.text('folder'),
      key: value.text('key'),
      versionId: value.text('versionId'),
      ...common,
    };
  }
  value.only('kind', 'bucket', 'key', 'versionId', 'size', 'sequencer', 'etag', 'attempt', 'parameters');
  return {
    kind,
    bucket: value.text('bucket'),
    key: value.text('key'),
    versionId: value.text('versionId'),
    size: value.count('size'),
    sequencer: value.text('sequencer'),
    ...(value.has('etag') && { etag: value.text('etag') }),
    ...common,
  };
}

function parameters(value: ShapeCheck): Pick<TriggerIdentity, 'parameters'> {
  return value.has('parameters') ? { parameters: value.valuesByName('parameters') } : {};
}

function fileRule(value: ShapeCheck): FileRule {
  value.only('prefix', 'reupload', 'window', 'complete');
  const window = value.has('window') ? value.object('window') : undefined;
  const complete = value.has('complete') ? value.object('complete') : undefined;
  return {
    prefix: value.text('prefix'),
    ...(value.has('reupload') && { reupload: value.oneOf('reupload', ['run' as const]) }),
    ...(window && {
      window: { seconds: window.count('seconds'), ...(window.has('atMost') && { atMost: window.count('atMost') }) },
    }),
    ...(complete && {
      complete: complete.has('marker') ? { marker: complete.text('marker') } : { count: complete.count('count') },
    }),
  };
}

function scheduleRule(value: ShapeCheck): ScheduleRule {
  value.only('expression', 'zone', 'catchUp');
  return {
    expression: value.text('expression'),
    ...(value.has('zone') && { zone: value.text('zone') }),
    ...(value.has('catchUp') && { catchUp: value.oneOf('catchUp', ['all' as const, 'none' as const]) }),
  };
}

function replay(value: ShapeCheck): TriggerIdentity & ReplayTrigger {
  value.only('kind', 'of', 'tables', 'number', 'attempt', 'inputs', 'whole', 'parameters');
  return {
    kind: 'replay',
    of: value.text('of'),
    tables: value.texts('tables'),
    number: value.count('number'),
    attempt: value.count('attempt'),
    inputs: value.list('inputs').map((input) => ({
      source: input.text('source'),
      key: input.text('key'),
      size: input.count('size'),
      rows: input.count('rows'),
    })),
    ...(value.has('whole') && value.flag('whole') && { whole: true as const }),
    ...parameters(value),
  };
}

function chunkItem(value: ShapeCheck): ChunkItem {
  return {
    stage: value.text('stage'),
    chunk: value.text('chunk'),
    solo: value.flag('solo'),
    partitions: value.count('partitions'),
    ...(value.has('inputs') && { inputs: value.list('inputs').map(chunkInput) }),
    ...(value.has('instead') && { instead: value.texts('instead') }),
    ...(value.has('partition') && { partition: value.count('partition') }),
    ...(value.has('secrets') && { secrets: value.textsByName('secrets') }),
    ...(value.has('cursors') && { cursors: value.textsByName('cursors') }),
    ...(value.has('ids') && { ids: value.object('ids').members((output) => output.members(columnIds)) }),
  };
}

function columnIds(value: ShapeCheck): FieldIds {
  const id = value.count('id');
  return value.has('within') ? { id, within: value.object('within').members(columnIds) } : { id };
}

function chunkInput(value: ShapeCheck): ChunkInput {
  const rows = value.has('rows') ? value.object('rows') : undefined;
  const part = value.has('part') ? value.object('part') : undefined;
  return {
    source: value.text('source'),
    key: value.text('key'),
    size: value.count('size'),
    file: value.count('file'),
    ...(value.has('versionId') && { versionId: value.text('versionId') }),
    ...(value.has('metadata') && { metadata: value.text('metadata') }),
    ...(value.has('rejects') && value.flag('rejects') && { rejects: true as const }),
    ...(rows && { rows: { from: rows.count('from'), to: rows.count('to') } }),
    ...(part && {
      part: {
        from: part.count('from'),
        to: part.count('to'),
        header: part.count('header'),
        recordsBefore: part.count('recordsBefore'),
        ...(part.has('end') && { end: part.text('end') }),
      },
    }),
  };
}

function parseJson(body: string, what: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new MessageMalformedError({
      problem: `a ${what} is not JSON`,
      received: `${body.length} characters`,
      change: 'send it as lib/runtime/messages.ts declares it',
      cause,
    });
  }
}
