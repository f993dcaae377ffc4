import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { javaRandom } from '../java-random.ts';
import type { Json } from '../json.ts';

const hashAlgorithms: Record<string, string> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** AWS makes no longer range. */
const maxRangeLength = 360_145;

/** What an expression knows of its surroundings. */
export interface ExpressionWorld {
  /** Uniform in [0, 1). */
  random(): number;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The functions that AWS adds to JSONata, those that take the time from the clock, and those that it takes away. */
export function awsFunctions({ random, now }: ExpressionWorld): Record<string, Json> {
  let moment: number | undefined;
  // All of an expression happens at one moment.
  const millis = () => {
    moment ??= now();
    return moment;
  };
  return {
    partition,
    range,
    hash,
    uuid,
    parse,
    random: randomFrom(random),
    millis,
    now: (picture: Json, timezone: Json) => printed.evaluate(undefined, { millis: millis(), picture, timezone }),
    eval: undefined,
  };
}

const printed = jsonata('$fromMillis($millis, $picture, $timezone)');

function partition(items: Json, size: Json): Json {
  if (items === undefined) return undefined;
  if (typeof size !== 'number') throw new Error('$partition: the second argument must be a number');
  const list = Array.isArray(items) ? items : [items];
  const width = Math.trunc(size);
  if (width < 1 || list.length === 0) return undefined;
  const parts: Json[] = [];
  for (let start = 0; start < list.length; start += width) parts.push(list.slice(start, start + width));
  return parts;
}

/** Numbers are cut to integers. A step that leads nowhere gives nothing. */
function range(...given: Json[]): Json {
  if (given.length < 3 || given.some((value) => value === undefined)) return undefined;
  if (given.some((value) => typeof value !== 'number')) throw new Error('$range: the arguments must be numbers');
  const [first, last, step] = given.map((value) => Math.trunc(value) + 0) as [number, number, number];
  const length = step === 0 ? 0 : Math.floor((last - first) / step) + 1;
  if (length > maxRangeLength) throw Object.assign(new Error(), { code: 'D2015' });
  if (length < 1) return undefined;
  return asSequence(Array.from({ length }, (_, index) => first + index * step));
}

function hash(value: Json, algorithm: Json): Json {
  if (value === undefined || algorithm === undefined) return undefined;
  const known = hashAlgorithms[algorithm];
  if (!known) throw new Error(`$hash: the algorithm must be one of ${Object.keys(hashAlgorithms).join(', ')}`);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return createHash(known).update(text).digest('hex');
}

function uuid(): string {
  return randomUUID();
}

function parse(text: Json): Json {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') throw new Error('$parse: the argument must be a string');
  return JSON.parse(text);
}

/** With a seed the numbers are those of Java's generator, as on AWS. */
function randomFrom(random: () => number) {
  return (seed?: Json) => (seed === undefined ? random() : javaRandom(seed).nextDouble());
}

/** JSONata hands on a sequence of one item as the item. */
function asSequence(items: Json[]): Json {
  Object.defineProperty(items, 'sequence', { enumerable: false, value: true });
  return items;
}
