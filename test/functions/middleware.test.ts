import './outside-lambda.ts';
import type { Context, SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { batch } from '../../functions/middleware/batch.ts';
import { chain } from '../../functions/middleware/chain.ts';
import { logger } from '../../functions/middleware/logging.ts';
import { meter } from '../../functions/middleware/metrics.ts';
import { CircuitOpenError } from '../../lib/core/errors/circuit-open-error.ts';
import { LedgerImbalanceError } from '../../lib/core/errors/ledger-imbalance-error.ts';
import { MessageMalformedError } from '../../lib/core/errors/message-malformed-error.ts';

const context = { awsRequestId: 'request-1', functionName: 'worker', memoryLimitInMB: '128' } as Context;
const written: string[] = [];

beforeEach(() => {
  written.length = 0;
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((line) => void written.push(String(line)));
  }
});
afterEach(() => vi.restoreAllMocks());

const lines = () => written.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));

describe('the chain around a function', () => {
  test('hands the event on and the answer back', async () => {
    const handler = chain(async (event: { n: number }) => event.n + 1);
    expect(await handler({ n: 1 }, context)).toBe(2);
  });

  test('lets an error of ours through under its own name', async () => {
    const handler = chain(async () => {
      throw new LedgerImbalanceError({ problem: 'rows are missing', received: 3, change: 'report this' });
    });
    const error: any = await handler({}, context).catch((caught: unknown) => caught);
    expect(error.name).toBe('LedgerImbalanceError');
    expect(error.message).toBe('rows are missing; received: 3; report this');
  });

  test('tells Lambda in JSON how long to wait, where the error says so', async () => {
    const handler = chain(async () => {
      throw new CircuitOpenError({ problem: 'left alone', change: 'wait', retryAfterSeconds: 42 });
    });
    const error: any = await handler({}, context).catch((caught: unknown) => caught);
    expect(error.name).toBe('CircuitOpenError');
    expect(JSON.parse(error.message)).toMatchObject({ code: 'CIRCUIT_OPEN', retryAfterSeconds: 42 });
  });

  test('withholds the text of any other error, in the log and in what Lambda is told', async () => {
    const handler = chain(async () => {
      throw new RangeError('cannot read canary-4711');
    });
    const error: any = await handler({}, context).catch((caught: unknown) => caught);
    expect(error.name).toBe('RangeError');
    expect(`${error.message}${error.stack}${written.join('')}`).not.toContain('canary');
    expect(error.stack).toContain('middleware.test.ts');
    expect(lines().find((line) => line.level === 'ERROR')).toMatchObject({ error: 'RangeError' });
  });

  test('never writes the event, which may hold a task token', async () => {
    const handler = chain(async () => logger.info('done'));
    await handler({ taskToken: 'canary-token' }, context);
    expect(written.join('')).not.toContain('canary');
  });

  test('writes the fields of a logger on each of its lines, and on no other', async () => {
    const handler = chain(async () => {
      logger.with({ run: 'run-1', chunk: '000000' }).info('chunk computed', { rowsIn: 3 });
      logger.info('something else');
    });
    await handler({}, context);
    expect(lines()).toMatchObject([
      { message: 'chunk computed', run: 'run-1', chunk: '000000', rowsIn: 3 },
      { message: 'something else' },
    ]);
    expect(lines()[1]).not.toHaveProperty('run');
  });

  test('writes what was counted also where the function fails', async () => {
    const handler = chain(async () => {
      meter.count('ChunksFailed', 1);
      throw new Error('x');
    });
    await handler({}, context).catch(() => undefined);
    expect(written.join('')).toContain('"ChunksFailed":1');
  });
});

describe('a batch of messages', () => {
  const event = (...bodies: string[]) =>
    ({ Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) }) as unknown as SQSEvent;
  const again: string[] = [];
  const buffer = {
    async deliverAgain(receipt: string) {
      if (receipt === 'lost') throw new TypeError('no answer');
      again.push(receipt);
    },
  };
  const failing = batch(
    async (body) => {
      if (body.startsWith('bad')) throw new TypeError(`cannot read ${body}`);
      if (body.startsWith('broken')) throw new MessageMalformedError({ problem: 'it is broken', change: 'mend it' });
    },
    () => buffer,
  );

  test('sends back the messages that failed and no others', async () => {
    expect(await failing(event('good', 'bad canary', 'good'))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    });
  });

  test('sends back all of them where all failed', async () => {
    expect(await failing(event('bad', 'bad'))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm1' }],
    });
  });

  test('lets what cannot be read come again at once, so that it is soon among the dead letters', async () => {
    const { Records } = event('good', 'bad', 'broken', 'broken, too');
    for (const [index, record] of Records.entries()) record.receiptHandle = index === 3 ? 'lost' : `r${index}`;
    expect(await failing({ Records })).toEqual({
      batchItemFailures: ['m1', 'm2', 'm3'].map((itemIdentifier) => ({ itemIdentifier })),
    });
    expect(again).toEqual(['r2']);
    expect(lines().at(-1)).toMatchObject({ message: 'message stays hidden', messageId: 'm3' });
  });

  test('says which message failed how, and not what it said', async () => {
    await failing(event('bad canary'));
    expect(lines()).toMatchObject([{ messageId: 'm0', error: 'TypeError' }]);
    expect(written.join('')).not.toContain('canary');
  });
});
