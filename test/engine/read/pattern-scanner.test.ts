import { describe, expect, test } from 'vitest';
import type { ContractField } from '../../../lib/component/plan.ts';
import { followPattern } from '../../../lib/engine/read/follow-pattern.ts';
import { linePattern } from '../../../lib/engine/read/line-pattern.ts';
import { linesAt } from '../../../lib/engine/read/lines-at.ts';
import { PatternScanner } from '../../../lib/engine/read/pattern-scanner.ts';
import { sampleKeys } from '../../../lib/engine/read/sample-keys.ts';
import { scratchFile } from '../../fixtures/engine/scratch.ts';

const field = (name: string, type: string): ContractField => ({ name, type, nullable: true, rules: [] });
const fields = [field('a', 'VARCHAR'), field('n', 'INTEGER'), field('d', 'DOUBLE'), field('day', 'DATE')];
const line = '{"a":"x","n":1,"d":1.5,"day":"2026-01-01","more":null}';

const patternOf = (...lines: string[]) => linePattern(lines, sampleKeys(lines)!, fields);

function oddAmong(pattern: string, ...lines: string[]): number[] {
  const scanner = new PatternScanner(patternOf(pattern)!);
  scanner.push(Buffer.from(lines.map((one) => `${one}\n`).join('')));
  expect(scanner.lengths).toEqual(Uint32Array.from(lines, (one) => Buffer.byteLength(one) + 1));
  return scanner.odd;
}

describe('a pattern', () => {
  test('is what stands around the values of a line, blanks included', () => {
    const pattern = patternOf('{ "a": "x",\t"n" :1, "d": 0.5 }\r')!;
    expect(pattern.literals.map(String)).toEqual(['{ "a": ', ',\t"n" :', ', "d": ', ' }']);
    expect([pattern.lineEnd, { ...pattern.types }]).toEqual(['\r\n', { a: 'VARCHAR', n: 'BIGINT', d: 'DOUBLE' }]);
  });

  test('reads as text what most lines have as text', () => {
    const lines = ['{"n":1,"d":null}', '{"n":"2","d":"0.5"}', '{"n":"3","d":null}'];
    expect({ ...patternOf(...lines)!.types }).toEqual({ n: 'VARCHAR', d: 'VARCHAR' });
  });

  test.each([
    ['a list', '{"a":"x","n":[1]}'],
    ['an object', '{"a":"x","n":{"b":1}}'],
    ['a key twice', '{"a":"x","n":1,"a":"x"}'],
    ['no field', '{"other":1}'],
  ])('is none with %s', (_, text) => {
    expect(patternOf(text)).toBeUndefined();
  });

  test('is none where a field would hide what DuckDB calls the rows, or must be there and is not', () => {
    expect(linePattern([line], sampleKeys([line])!, [...fields, field('ROWID', 'BIGINT')])).toBeUndefined();
    const gone = { ...field('gone', 'VARCHAR'), nullable: false };
    expect(linePattern([line], sampleKeys([line])!, [...fields, gone])).toBeUndefined();
  });
});

describe('a line', () => {
  test('follows where only its values are others', () => {
    const others = [
      '{"a":null,"n":-12,"d":0,"day":null,"more":"text"}',
      '{"a":null,"n":0,"d":-23.983333333333334,"day":null,"more":1234567890123456789012.123456789}',
      '{"a":"ä, \'日本\'","n":999999999999999999,"d":-0.5,"day":20260101,"more":12345678901234567890}',
    ];
    expect(oddAmong(line, line, ...others)).toEqual([]);
  });

  test.each([
    ...['"x\\n"', '"x\\"y"', '1', 'true', '"x', '"x"y', '[]', ''].map((value) => ['"x"', value] as const),
    ...['1.0', '-0', '01', '1234567890123456789', '"1"', 'true', '+1', '1e2'].map(
      (value) => [':1,', `:${value},`] as const,
    ),
    ...['1.', '.5', '1e5', `1.${'2'.repeat(31)}`, '1234567890123456', 'NaN', '-'].map(
      (value) => ['1.5', value] as const,
    ),
    ...['nul', 'nulll', 'None', '{}'].map((value) => ['null', value] as const),
    ...['} ', '}}', ',"a":"x"}', ''].map((end) => ['}', end] as const),
  ])('with %s replaced by %s is odd', (part, by) => {
    expect(oddAmong(line, line, line.replace(part, by), line)).toEqual([1]);
  });

  test.each([
    ['cut anywhere', Array.from(line, (_, place) => line.slice(0, place)).slice(1)],
    ['without its beginning', Array.from(line, (_, place) => line.slice(place)).slice(1)],
    ['with a quote more', Array.from(line, (_, place) => `${line.slice(0, place)}"${line.slice(place)}`)],
  ])('is odd %s', (_, lines) => {
    expect(oddAmong(line, ...lines)).toEqual(lines.map((_, place) => place));
  });
});

describe('a file', () => {
  const many = Array.from({ length: 60_000 }, (_, place) =>
    place % 7_000 === 6_999 ? `${line}!` : line.replace(':1,', `:${place},`),
  );
  const follow = (text: string | Buffer, signal?: AbortSignal) =>
    followPattern(scratchFile('lines', text), patternOf(line)!, signal);

  test('is followed over all of its pieces, whether or not its last line has an end', async () => {
    const odd = [6_999, 13_999, 20_999, 27_999, 34_999, 41_999, 48_999, 55_999];
    for (const end of ['', '\n']) {
      const scanner = await follow(many.join('\n') + end);
      expect([scanner?.lines, scanner?.odd]).toEqual([60_000, odd]);
    }
  });

  test('gives lines back by their places', async () => {
    const path = scratchFile('lines', many.join('\n'));
    const { lengths } = (await followPattern(path, patternOf(line)!))!;
    const places = [0, 1, 2, 500, 6_999, 7_000, 59_998, 59_999];
    const found = [...linesAt(path, places, lengths)].map(({ place, bytes }) => [place, bytes.toString().trimEnd()]);
    expect(found).toEqual(places.map((place) => [place, many[place]]));
    const all = [...linesAt(path, [...many.keys()], lengths)].map(({ bytes }) => bytes.toString().trimEnd());
    expect(all).toEqual(many);
  });

  test.each([
    ['a blank line', `${line}\n\n${line}`],
    ['a line of blanks', `${line}\n \t\n${line}`],
    ['a carriage return', `${line}\n${line}\r\n${line}`],
    ['a control character', `${line}\n${line.replace('x', '\x01')}\n${line}`],
    ['a byte order mark', `\u{feff}${line}\n${line}`],
    ['a line of two megabytes', `${line}\n${line.replace('x', 'x'.repeat(2_200_000))}\n${line}`],
    ['what is no UTF-8', Buffer.from(`${line}\n${line.replace('x', '\xe9')}\n`, 'latin1')],
    ['mostly other lines', `${line}\n`.repeat(200) + `${line}!\n`.repeat(100)],
  ])('with %s is not followed', async (_, text) => {
    expect(await follow(text)).toBeUndefined();
  });

  test('is left alone once there is a signal', async () => {
    await expect(follow(many.join('\n'), AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
