import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../local/states/json.ts';

/** One recorded case; the folder's README tells what its members mean. */
export interface ConformanceCase {
  readonly id: string;
  readonly kind: string;
  readonly category: string;
  readonly tier: string;
  readonly type: 'STANDARD' | 'EXPRESS' | null;
  readonly definition?: JsonObject;
  readonly definitionText?: string;
  readonly input?: Json;
  readonly machineName?: string;
  readonly execution?: { readonly arn: string; readonly name: string; readonly roleArn: string };
  readonly lambdas?: Readonly<Record<string, JsonObject>>;
  readonly taskMocks?: readonly TaskMock[];
  readonly setup?: readonly { readonly service: string; readonly op: string; readonly params: JsonObject }[];
  readonly request?: JsonObject;
  readonly op?: string;
  readonly steps?: readonly JsonObject[];
  readonly expect: JsonObject;
  readonly wildcards: readonly string[];
  readonly localstackSkipsVerify?: readonly string[];
  readonly mockConfig?: JsonObject;
}

export interface TaskMock {
  readonly state?: string;
  readonly scheduledEventId?: number;
  readonly request?: Json;
  readonly submitted?: Json;
  readonly result?: { readonly kind: string; readonly output?: Json; readonly error?: string; readonly cause?: Json };
}

/** Every case under a folder, area by area. Where the kind is missing the case is a sequence of API calls. */
export function loadCases(folder: string): Map<string, ConformanceCase[]> {
  const areas = new Map<string, ConformanceCase[]>();
  for (const name of filesIn(join(folder, 'asl')))
    areas.set(name.replace('.jsonl', ''), read(join(folder, 'asl', name)));
  return areas;
}

function filesIn(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .sort()
    : [];
}

function read(path: string): ConformanceCase[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
}

/** Recorded texts that begin with a brace are stored parsed: the text again. */
export const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
