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

const maxRangeLength = 1_000;

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
  if (typeof size !== 'number' || size < 1)
    throw new Error('$partition: the second argument must be a positive number');
  const list = Array.isArray(items) ? items : [items];
  const width = Math.floor(size);
  const parts: Json[] = [];
  for (let start = 0; start < list.length; start += width) parts.push(list.slice(start, start + width));
  return parts;
}

function range(first: Json, last: Json, step: Json): Json {
  if ([first, last, step].some((value) => typeof value !== 'number')) {
    throw new Error('$range: the arguments must be numbers');
  }
  if (step === 0) throw new Error('$range: the step must not be zero');
  const values: number[] = [];
  for (let value = first; step > 0 ? value <= last : value >= last; value += step) {
    if (values.length >= maxRangeLength) throw new Error(`$range: the result has more than ${maxRangeLength} items`);
    values.push(value);
  }
  return asSequence(values);
}

function hash(value: Json, algorithm: Json): Json {
  if (value === undefined) return undefined;
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
