import type { MapRun, Outcome } from '../environment.ts';
import type { Json, JsonObject } from '../json.ts';
import { StatesError } from '../states-error.ts';
import type { Visit } from '../visit.ts';

/** Files of one status are cut at this size, so that no file needs to be held twice. */
const maxFileCharacters = 5_000_000;

const statuses = ['SUCCEEDED', 'FAILED', 'PENDING'] as const;

/** Writes the results of a Map Run as ResultWriter says; resolves to what the state then gives on. */
export async function writeResults(visit: Visit, run: MapRun, outcomes: readonly Outcome[]): Promise<Json> {
  const { ResultWriter: writer } = visit.definition;
  const config = { Transformation: 'NONE', OutputType: 'JSON', ...writer.WriterConfig };
  const shape = (outcome: Outcome) => transform(outcome, config.Transformation, outcome.details ?? {});
  const template = writer.Arguments ?? writer.Parameters;
  if (template === undefined) {
    const shaped = outcomes.map(shape);
    return config.Transformation === 'FLATTEN' ? shaped.flat() : shaped;
  }
  const where = writer.Arguments ? 'ResultWriter/Arguments' : 'ResultWriter/Parameters';
  const { Bucket, Prefix = '' } = await visit.node.language.template(visit, template, where);
  const { objects } = visit.branch.run.environment;
  const folder = `${Prefix ? `${Prefix.replace(/\/$/, '')}/` : ''}${run.arn.split(':').at(-1)}/`;
  const files: Record<string, JsonObject[]> = {};
  try {
    for (const status of statuses) {
      const results = outcomes.filter((outcome) => statusOf(outcome) === status).map(shape);
      files[status] = [];
      for (const [index, text] of fileTexts(results, config).entries()) {
        const Key = `${folder}${status}_${index}.${config.OutputType === 'JSONL' ? 'jsonl' : 'json'}`;
        await objects.write({ Bucket, Key, Body: text });
        files[status].push({ Key, Size: Buffer.byteLength(text) });
      }
    }
    const Key = `${folder}manifest.json`;
    const manifest = { DestinationBucket: Bucket, MapRunArn: run.arn, ResultFiles: files };
    await objects.write({ Bucket, Key, Body: JSON.stringify(manifest) });
    return { MapRunArn: run.arn, ResultWriterDetails: { Bucket, Key } };
  } catch (error) {
    if (!(error instanceof StatesError)) throw error;
    throw new StatesError('States.ResultWriterFailed', error.reason ?? error.error);
  }
}

const statusOf = (outcome: Outcome) => (outcome.status === 'SUCCEEDED' ? 'SUCCEEDED' : 'FAILED');

/**
 * NONE gives the execution's description, COMPACT its output, FLATTEN the members of outputs that are arrays. Executions
 * that failed are described whatever is asked for.
 */
function transform(outcome: Outcome, transformation: string, details: JsonObject): Json {
  return transformation === 'NONE' || outcome.status !== 'SUCCEEDED' ? details : outcome.output.value;
}

function fileTexts(results: readonly Json[], config: JsonObject): string[] {
  const flat = config.Transformation === 'FLATTEN' ? results.flat() : results;
  const [open, between, close] = config.OutputType === 'JSONL' ? ['', '\n', '\n'] : ['[', ',', ']'];
  const texts: string[] = [];
  let parts: string[] = [];
  let size = 0;
  for (const result of flat) {
    const text = JSON.stringify(result);
    if (size + text.length > maxFileCharacters && parts.length > 0) {
      texts.push(open + parts.join(between) + close);
      parts = [];
      size = 0;
    }
    parts.push(text);
    size += text.length;
  }
  if (parts.length > 0) texts.push(open + parts.join(between) + close);
  return texts;
}
