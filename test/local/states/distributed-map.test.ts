import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/states/json.ts';
import { failedWith, run } from './run-definition.ts';

const map = (fields: JsonObject, item: JsonObject = { Type: 'Pass', End: true }) => ({
  StartAt: 'Map',
  States: {
    Map: {
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Item',
        States: { Item: item },
      },
      End: true,
      ...fields,
    },
  },
});

const reader = (ReaderConfig: JsonObject, action = 'getObject', Key = 'items') => ({
  Resource: `arn:aws:states:::s3:${action}`,
  ReaderConfig,
  Parameters: action === 'getObject' ? { Bucket: 'b', Key } : { Bucket: 'b', Prefix: Key },
});

async function read(body: Buffer | string, config: JsonObject) {
  const objects = new Map([['b/items', body]]);
  return (await run(map({ ItemReader: reader(config) }), {}, { objects })).output;
}

describe('an ItemReader', () => {
  it('reads JSON, whole and by pointer', async () => {
    expect(await read('[1,{"a":2}]', { InputType: 'JSON' })).toEqual([1, { a: 2 }]);
    expect(await read('{"in":{"here":[3]}}', { InputType: 'JSON', ItemsPointer: '/in/here' })).toEqual([3]);
    expect(await read('{"a":1}', { InputType: 'JSON' })).toMatchObject({ error: 'States.ItemReaderFailed' });
  });

  it('reads JSON lines, compressed as well, and no more than MaxItems', async () => {
    const lines = '{"a":1}\n{"a":2}\n\n{"a":3}';
    const two = { InputType: 'JSONL', MaxItems: 2 };
    expect(await read(gzipSync(lines), two)).toEqual([{ a: 1 }, { a: 2 }]);
    expect(await read(zstdCompressSync(lines), two)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('reads CSV with quotes, line breaks and other delimiters', async () => {
    const config = { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' };
    expect(await read('a,b\r\n"x ""y""","1\n2"\r\n', config)).toEqual([{ a: 'x "y"', b: '1\n2' }]);
    const given = { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a', 'b'], CSVDelimiter: 'PIPE' };
    expect(await read('1|2\n3\n', given)).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '' },
    ]);
  });

  it('wants a header once', async () => {
    const given = { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a', 'a'] };
    const first = { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' };
    for (const config of [given, first]) {
      expect(await read('a,a\n1,2\n', config)).toEqual({
        error: 'States.ItemReaderFailed',
        cause: 'CSV headers cannot contain duplicates.',
      });
    }
  });

  it('reads CSV with backslashes before backslashes, quotes and delimiters, and drops all others', async () => {
    const config = { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' };
    const items = await read('path,size\nC:\\\\Program Files,1\\,2\n\\"x\\",a\\bc\n', config);
    expect(items).toEqual([
      { path: 'C:\\Program Files', size: '1,2' },
      { path: '"x"', size: 'abc' },
    ]);
  });

  it('lists objects, or reads all that it lists', async () => {
    const objects = new Map([
      ['b/in/1', '{"a":1}\n'],
      ['b/in/2', '{"a":2}\n'],
      ['b/other', 'x'],
    ]);
    const listed = await run(map({ ItemReader: reader({}, 'listObjectsV2', 'in/') }), {}, { objects });
    expect(listed.output).toEqual([{ Key: 'in/1' }, { Key: 'in/2' }]);
    const config = { InputType: 'JSONL', Transformation: 'LOAD_AND_FLATTEN' };
    const loaded = await run(map({ ItemReader: reader(config, 'listObjectsV2', 'in/') }), {}, { objects });
    expect(loaded.output).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('reads inventories and Athena’s manifests', async () => {
    const inventory = {
      destinationBucket: 'arn:aws:s3:::b',
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key',
      files: [{ key: 'part' }],
    };
    const objects = new Map([
      ['b/items', JSON.stringify(inventory)],
      ['b/part', '"b","x"\n'],
      ['b/manifest', 's3://b/1.jsonl\ns3://b/2.jsonl\n'],
      ['b/1.jsonl', '{"a":1}\n'],
      ['b/2.jsonl', '{"a":2}\n'],
    ]);
    const ofInventory = await run(map({ ItemReader: reader({ InputType: 'MANIFEST' }) }), {}, { objects });
    expect(ofInventory.output).toEqual([{ Bucket: 'b', Key: 'x' }]);
    const byManifest = await run(map({ ItemReader: reader({ ManifestType: 'S3_INVENTORY' }) }), {}, { objects });
    expect(byManifest.output).toEqual(ofInventory.output);
    const athena = reader({ InputType: 'JSONL', ManifestType: 'ATHENA_DATA' }, 'getObject', 'manifest');
    expect((await run(map({ ItemReader: athena }), {}, { objects })).output).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('names where each item comes from', async () => {
    const objects = new Map([
      ['b/in/1', '{"a":1}\n{"a":2}\n'],
      ['b/in/2', '{"a":3}\n'],
    ]);
    const ItemSelector = { 'from.$': '$$.Map.Item.Source', 'at.$': '$$.Map.Item.Index' };
    const sources = async (ItemReader: JsonObject) =>
      (await run(map({ ItemReader, ItemSelector }), {}, { objects })).output.map(({ from }: JsonObject) => from);
    expect(await sources(reader({}, 'listObjectsV2', 'in/'))).toEqual(['s3://b', 's3://b']);
    expect(await sources(reader({ InputType: 'JSONL' }, 'getObject', 'in/1'))).toEqual(['s3://b/in/1', 's3://b/in/1']);
    const all = reader({ InputType: 'JSONL', Transformation: 'LOAD_AND_FLATTEN' }, 'listObjectsV2', 'in/');
    expect(await sources(all)).toEqual(['s3://b/in/1', 's3://b/in/1', 's3://b/in/2']);
  });

  it('fails the Map where there is no such object', async () => {
    const { output, types } = await run(map({ ItemReader: reader({ InputType: 'JSON' }) }));
    expect(output.error).toBe('States.ItemReaderFailed');
    expect(types).toContain('MapRunFailed');
  });
});

describe('items of the state’s own data', () => {
  const selector = { 'key.$': '$$.Map.Item.Key', 'value.$': '$$.Map.Item.Value', 'from.$': '$$.Map.Item.Source' };

  it('may be the members of an object', async () => {
    const ItemsPath = '$.servers';
    const input = { servers: { web: { port: 80 }, db: 5432 } };
    expect((await run(map({ ItemsPath }), input)).output).toEqual([
      { Key: 'web', Value: { port: 80 } },
      { Key: 'db', Value: 5432 },
    ]);
    expect((await run(map({ ItemsPath, ItemSelector: selector }), input)).output).toEqual([
      { key: 'web', value: { port: 80 }, from: 'STATE_DATA' },
      { key: 'db', value: 5432, from: 'STATE_DATA' },
    ]);
  });

  it('may be given by JSONata, each item selected by its own context however many are selected at once', async () => {
    const ItemSelector = { n: '{% $states.context.Map.Item.Value * $states.input.by %}' };
    const fields = { QueryLanguage: 'JSONata', Items: '{% $states.input.numbers %}', ItemSelector };
    const definition = { QueryLanguage: 'JSONata', ...map(fields) };
    expect((await run(definition, { numbers: [1, 2, 3], by: 10 })).output).toEqual([{ n: 10 }, { n: 20 }, { n: 30 }]);
    const members = await run({ QueryLanguage: 'JSONata', ...map({ QueryLanguage: 'JSONata' }) }, { a: 1 });
    expect(members.output).toEqual([{ Key: 'a', Value: 1 }]);
  });
});

describe('child executions', () => {
  it('get batches with what they have in common', async () => {
    const ItemBatcher = { MaxItemsPerBatch: 2, BatchInput: { shared: 'x' } };
    const { output } = await run(map({ ItemBatcher }), [1, 2, 3]);
    expect(output).toEqual([
      { BatchInput: { shared: 'x' }, Items: [1, 2] },
      { BatchInput: { shared: 'x' }, Items: [3] },
    ]);
  });

  it('get batches of so many bytes', async () => {
    const { output } = await run(map({ ItemBatcher: { MaxInputBytesPerBatch: 60 } }), [
      'a'.repeat(20),
      'b'.repeat(20),
      'c',
    ]);
    expect(output).toHaveLength(2);
  });

  it.each([0, -1])('get no batches of %d items', async (most) => {
    const ItemBatcher = { MaxItemsPerBatchPath: '$.most' };
    const { output, types } = await run(map({ ItemBatcher, ItemsPath: '$.items' }), { items: [1], most });
    expect(output).toMatchObject({ error: 'States.Runtime', cause: expect.stringContaining('must be positive') });
    expect(types).toContain('MapRunFailed');
  });

  const failing = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };
  const tasks = { Item: [failedWith('Own'), failedWith('Own'), { ok: true }] };

  it('may fail as often as is tolerated', async () => {
    const tolerant = await run(map({ MaxConcurrency: 1, ToleratedFailureCount: 2 }, failing), [1, 2, 3, 4], { tasks });
    expect(tolerant.output).toEqual([{ ok: true }, { ok: true }]);
    const percent = map({ MaxConcurrency: 1, ToleratedFailurePercentage: 50 }, failing);
    expect((await run(percent, [1, 2, 3, 4], { tasks })).outcome.status).toBe('SUCCEEDED');
  });

  it('fail the Map where they fail more often, and no more are started', async () => {
    const strict = map({ MaxConcurrency: 1, ToleratedFailureCount: 1 }, failing);
    const { output, calls } = await run(strict, [1, 2, 3, 4], { tasks });
    expect(output.error).toBe('States.ExceedToleratedFailureThreshold');
    expect(calls).toHaveLength(2);
  });

  it('leave their results in S3, those that failed apart', async () => {
    const ResultWriter = { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'b', Prefix: 'out' } };
    const objects = new Map<string, string>();
    const fields = { ResultWriter, MaxConcurrency: 1, ToleratedFailurePercentage: 100 };
    const { output } = await run(map(fields, failing), [1, 2, 3], { tasks, objects });
    const { Bucket, Key } = output.ResultWriterDetails;
    const manifest = JSON.parse(objects.get(`${Bucket}/${Key}`)!);
    const [failed] = manifest.ResultFiles.FAILED;
    expect(JSON.parse(objects.get(`b/${failed.Key}`)!)).toHaveLength(2);
    expect(manifest.ResultFiles.SUCCEEDED).toHaveLength(1);
  });

  it('are told of by the Map, if their results cannot be written', async () => {
    const ResultWriter = { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'b', Prefix: 'out' } };
    const objects = new Map<string, string>();
    objects.set = () => {
      throw failedWith('S3.AccessDenied', 'not allowed');
    };
    const { output, types } = await run(map({ ResultWriter }), [1], { objects });
    expect(output).toEqual({ error: 'States.ResultWriterFailed', cause: 'not allowed' });
    expect(types).toContain('MapRunFailed');
  });

  it('give their outputs alone or flattened where that is asked for, but are described where they failed', async () => {
    const results = async (Transformation: string) => {
      const ResultWriter = { WriterConfig: { Transformation, OutputType: 'JSON' } };
      const fields = { ResultWriter, MaxConcurrency: 1, ToleratedFailurePercentage: 100 };
      const answers = { Item: [[1, 2], failedWith('Own'), [3]] };
      return (await run(map(fields, failing), [1, 2, 3], { tasks: answers })).output;
    };
    const described = { Input: '2', Status: 'FAILED' };
    expect(await results('COMPACT')).toEqual([[1, 2], described, [3]]);
    expect(await results('FLATTEN')).toEqual([1, 2, described, 3]);
    expect(await results('NONE')).toMatchObject([{ Status: 'SUCCEEDED' }, described, { Status: 'SUCCEEDED' }]);
  });
});
