import { join } from 'node:path';
import { literal, quoted } from '../../component/shape.ts';
import { rowColumn } from '../relation.ts';
import { type ReadFile, type ReadRequest, reading } from '../source-files.ts';
import { splitJsonArray } from './json-array.ts';
import { readText } from './text.ts';

/** Each line is a record; blank lines are none. */
export function readNdjson(request: ReadRequest): Promise<ReadFile> {
  return reading(request, () => readLines(request));
}

/** The array is cut into one line per element first: one bad element must not cost the others. */
export function readJson(request: ReadRequest): Promise<ReadFile> {
  return reading(request, async () => {
    const lines = join(request.workFolder, `elements-${request.file.file}.ndjson`);
    await splitJsonArray(request.file.path, lines);
    return readLines({ ...request, file: { ...request.file, path: lines } });
  });
}

/** Characters that no JSON text may hold outside a string escape serve as delimiter, so that a line stays whole. */
const lineOptions = [
  "columns = {'line': 'VARCHAR'}",
  'auto_detect = false',
  'header = false',
  "delim = '\x01'",
  "quote = ''",
  "escape = ''",
  'strict_mode = false',
];

async function readLines(request: ReadRequest): Promise<ReadFile> {
  const { session, node, rejects, name, file } = request;
  const lines = quoted(`lines ${file.file} ${node.id}`);
  const read = await readText(
    { ...request, name: lines },
    { columns: ['line'], options: lineOptions, firstRecordLine: 1 },
  );
  const filled = `(SELECT * FROM ${lines} WHERE line IS NOT NULL AND trim(line) <> '')`;
  const rules = await rejects.take(
    node.id,
    filled,
    [
      {
        rule: 'record is JSON',
        column: 'record',
        bad: 'NOT json_valid(line)',
        value: 'left(line, 80)',
        message: 'is not JSON',
      },
      {
        rule: 'record is an object',
        column: 'record',
        bad: "json_valid(line) AND json_type(line) <> 'OBJECT'",
        value: 'left(line, 80)',
        message: 'is not an object',
      },
    ],
    'line',
  );
  const [records, objects] = await session.counts(
    `SELECT count(*), count(*) FILTER (json_valid(line) AND json_type(line) = 'OBJECT') FROM ${filled}`,
  );
  const fields = node.contract.fields.map((field) => field.name);
  const structure = literal(JSON.stringify(Object.fromEntries(fields.map((field) => [field, 'VARCHAR']))));
  await session.run(
    `CREATE TABLE ${name} AS SELECT unnest(from_json(CASE WHEN json_valid(line) AND json_type(line) = 'OBJECT' THEN line END, ${structure})), line AS __raw, ${rowColumn} ` +
      `FROM ${filled} WHERE json_valid(line) AND json_type(line) = 'OBJECT'`,
  );
  return {
    types: Object.fromEntries(fields.map((field) => [field, 'VARCHAR'])),
    records: records! + read.rejected,
    rejected: read.rejected + records! - objects!,
    rules: { ...read.rules, ...rules },
    raw: '__raw',
  };
}
