import { InvokeWithResponseStreamCommand, type InvokeWithResponseStreamCommandInput } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LambdaCloud, lambdaCloud } from './lambda-cloud.ts';

const streams = (body: string) => ({
  'index.mjs': `export const handler = awslambda.streamifyResponse(async (event, response, context) => { ${body} });`,
});

let lambda: LambdaCloud;
beforeAll(async () => {
  lambda = await lambdaCloud();
});
afterAll(() => lambda.close());

/** The output of the call, the pieces and the end of the stream. */
async function stream(FunctionName: string, input: Partial<InvokeWithResponseStreamCommandInput> = {}) {
  const output = await lambda.client.send(new InvokeWithResponseStreamCommand({ FunctionName, ...input }));
  const pieces: Buffer[] = [];
  let end: any;
  for await (const event of output.EventStream!) {
    if (event.PayloadChunk) pieces.push(Buffer.from(event.PayloadChunk.Payload!));
    else end = event.InvokeComplete;
  }
  return { ...output, pieces, end, text: Buffer.concat(pieces).toString() };
}

it('hands on what a function writes while it still runs', async () => {
  const gate = lambda.gate();
  await lambda.deploy(
    'slow',
    streams(`response.write('first,'); ${gate.source.replace("require('fs')", "await import('node:fs')")}
    response.write({ n: event.n }); response.end('.'); await response.finished();`),
  );
  const sent = lambda.client.send(
    new InvokeWithResponseStreamCommand({ FunctionName: 'slow', Payload: '{"n":7}', LogType: 'Tail' }),
  );
  const output = await sent;
  expect(output.ExecutedVersion).toBe('$LATEST');
  expect(output.ResponseStreamContentType).toBe('application/vnd.amazon.eventstream');
  const events = output.EventStream![Symbol.asyncIterator]();
  expect(Buffer.from((await events.next()).value!.PayloadChunk!.Payload!).toString()).toBe('first,');
  gate.open();
  const rest: any[] = [];
  for (let next = await events.next(); !next.done; next = await events.next()) rest.push(next.value);
  const end = rest.pop();
  expect(Buffer.concat(rest.map(({ PayloadChunk }) => PayloadChunk.Payload)).toString()).toBe('{"n":7}.');
  expect(end.InvokeComplete.ErrorCode).toBeUndefined();
  expect(Buffer.from(end.InvokeComplete.LogResult, 'base64').toString()).toMatch(
    /^START RequestId: .*\nEND .*\nREPORT /,
  );
});

it('passes megabytes through a pipeline, and the same process serves the next call', async () => {
  await lambda.deploy('large', {
    'index.mjs': `import { Readable } from 'node:stream';
      import { pipeline } from 'node:stream/promises';
      export const handler = awslambda.streamifyResponse(async (event, response) => {
        const piece = Buffer.alloc(64 * 1024, event.letter);
        await pipeline(Readable.from((function* () { for (let i = 0; i < 160; i++) yield piece; })()), response);
      });`,
  });
  for (const letter of ['a', 'b']) {
    const { text, end } = await stream('large', { Payload: JSON.stringify({ letter }) });
    expect(text).toBe(letter.repeat(10 * 1024 * 1024));
    expect(end).toEqual({});
  }
});

it('puts the status and headers of an HTTP response in front, parted from the body by eight zero bytes', async () => {
  await lambda.deploy(
    'page',
    streams(`response = awslambda.HttpResponseStream.from(response, { statusCode: 201, headers: { a: 'b' } });
      response.write('<p>'); response.end();`),
  );
  const { text } = await stream('page');
  expect(text).toBe(`{"statusCode":201,"headers":{"a":"b"}}${'\0'.repeat(8)}<p>`);
});

it('ends with the error of a function that throws, before or after it has written', async () => {
  await lambda.deploy('fails', streams("if (event.late) response.write('half'); throw new RangeError('too far');"));
  for (const late of [false, true]) {
    const { text, end } = await stream('fails', { Payload: JSON.stringify({ late }) });
    expect(text).toBe(late ? 'half' : '');
    expect(end.ErrorCode).toBe('Unhandled');
    expect(JSON.parse(end.ErrorDetails)).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
  }
});

it('ends with the time-out of a function that never ends its stream, and with the death of its process', async () => {
  await lambda.deploy('endless', streams("response.write('half');"), { Timeout: 1 });
  const endless = stream('endless');
  await lambda.deploy(
    'dies',
    streams("response.write('half'); setTimeout(() => process.exit(3), 20); await new Promise(() => {});"),
  );
  const dead = await stream('dies');
  expect(dead.text).toBe('half');
  expect(JSON.parse(dead.end.ErrorDetails)).toMatchObject({ errorType: 'Runtime.ExitError' });
  const { end } = await endless;
  expect(JSON.parse(end.ErrorDetails)).toMatchObject({ errorType: 'Sandbox.Timedout' });
});

it('answers Invoke with all that a function streams, and streams what a function returns', async () => {
  await lambda.deploy('both', streams('response.write(JSON.stringify(event)); response.end();'));
  expect((await lambda.invoke('both', { a: 1 })).result).toEqual({ a: 1 });
  await lambda.deploy('plain', 'if (event.fail) throw new Error("no"); return event;');
  expect((await stream('plain', { Payload: '{"a":1}' })).text).toBe('{"a":1}');
  const { text, end } = await stream('plain', { Payload: '{"fail":true}' });
  expect(text).toBe('');
  expect(end.ErrorCode).toBe('Unhandled');
});

it('lets a function whose caller has gone run to its end', async () => {
  const gate = lambda.gate();
  gate.open();
  await lambda.deploy(
    'left',
    streams(`for (let i = 0; i < 64; i++) if (!response.write(Buffer.alloc(65536))) await new Promise((go) => response.once('drain', go));
      response.end(); await response.finished(); ${gate.source.replace("require('fs')", "await import('node:fs')")}`),
  );
  const stop = new AbortController();
  const output = await lambda.client.send(new InvokeWithResponseStreamCommand({ FunctionName: 'left' }), {
    abortSignal: stop.signal,
  });
  const events = output.EventStream![Symbol.asyncIterator]();
  await events.next();
  await events.return?.();
  stop.abort();
  await gate.started();
});

it('refuses what it cannot run before any stream begins', async () => {
  await expect(stream('nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(stream('both', { Payload: '{' })).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
  await expect(stream('both', { InvocationType: 'Event' as any })).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
  });
});
