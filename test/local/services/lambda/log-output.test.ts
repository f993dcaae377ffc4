import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LambdaCloud, lambdaCloud } from './lambda-cloud.ts';

describe("a function's log", () => {
  let lambda: LambdaCloud;
  beforeEach(async () => {
    lambda = await lambdaCloud();
  });
  afterEach(() => lambda.close());

  it('is in CloudWatch Logs when the invocation has ended, one event for each message', async () => {
    await lambda.deploy(
      'talking',
      "console.log('two\\nlines'); console.error('bad %s', 'news'); process.stdout.write('raw\\n')",
    );
    await lambda.invoke('talking');
    const events = await lambda.messages('talking');
    expect(events.map((message) => message.replace(/^\S+Z\t\S+\t/, '').split(' ')[0])).toEqual([
      'INIT_START',
      'START',
      'INFO\ttwo\nlines',
      'ERROR\tbad',
      'raw',
      'END',
      'REPORT',
    ]);
  });

  it('is JSON where the function asks for it, from the level that it asks for', async () => {
    const source =
      "console.debug('hidden'); console.log({ a: 1 }); console.warn('careful %d', 3); console.error(new TypeError('oh'));";
    await lambda.deploy('structured', source, { LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO' } });
    await lambda.invoke('structured');
    const events = (await lambda.messages('structured')).map((message) => JSON.parse(message));
    const requestId = events[1].record.requestId;
    expect(events.map(({ type, level }) => type ?? level)).toEqual([
      'platform.initStart',
      'platform.start',
      'INFO',
      'WARN',
      'ERROR',
      'platform.report',
    ]);
    expect(events[2]).toEqual({ timestamp: expect.any(String), level: 'INFO', requestId, message: { a: 1 } });
    expect(events[3]).toMatchObject({ message: 'careful 3' });
    expect(events[4]).toMatchObject({ errorType: 'TypeError', errorMessage: 'oh', stackTrace: expect.any(Array) });
    expect(events[5].record).toMatchObject({
      requestId,
      status: 'success',
      metrics: { memorySizeMB: 128, maxMemoryUsedMB: expect.any(Number), initDurationMs: expect.any(Number) },
    });
  });

  it('goes to the log group that the function names', async () => {
    await lambda.deploy('shared', "console.log('here')", { LoggingConfig: { LogGroup: '/pipelines/shared' } });
    await lambda.invoke('shared');
    expect(await lambda.messages('shared', 'here', '/pipelines/shared')).toHaveLength(1);
  });

  it('holds what the function printed before its process ended', async () => {
    await lambda.deploy('dying', "console.log('last words'); process.exit(1)");
    await lambda.invoke('dying');
    expect(await lambda.messages('dying', '"last words"')).toHaveLength(1);
  });

  it('takes long messages in pieces', async () => {
    await lambda.deploy('lengthy', "console.log('x'.repeat(600_000))");
    await lambda.invoke('lengthy');
    const pieces = await lambda.messages('lengthy', 'xxx');
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join('').match(/x/g)).toHaveLength(600_000);
  });
});
