import { expect, test } from 'vitest';
import { lookAtText } from '../../../lib/engine/read/look-at-text.ts';
import { scratchFile } from '../../fixtures/engine/scratch.ts';

/** More than one piece of the file. */
const many = 'some text,1\n'.repeat(150_000);
const lines = 150_000;

test.each([
  ['nothing counts the lines of a text with plain ends', many, { quoted: false, returns: 'none' }],
  ['a quote at the end', `${many}"b",2\n`, { quoted: true, returns: 'none', lines: lines + 1 }],
  ['a carriage return at the end', `${many}b,2\r\n`, { quoted: false, returns: 'mixed', lines: lines + 1 }],
  ['pairs from the beginning', many.replaceAll('\n', '\r\n'), { quoted: false, returns: 'pairs', lines }],
])('%s is told of the whole file', async (_, text, look) => {
  const { longestLine, meanLine, ...told } = await lookAtText(scratchFile('text', text), '"');
  expect(told).toEqual({ ...look, sound: true });
  expect(longestLine).toBeGreaterThanOrEqual(12);
  expect(meanLine).toBeCloseTo(look.returns === 'pairs' ? 13 : 12, 2);
});

test('a text without a line end is one line', async () => {
  expect(await lookAtText(scratchFile('text', 'a,b'), '')).toMatchObject({ meanLine: 3 });
});

test('a dialect without quotes has none', async () => {
  expect(await lookAtText(scratchFile('text', '"a"\n'), '')).toMatchObject({ quoted: false });
});

test('what is no UTF-8 is found wherever it is', async () => {
  expect(
    await lookAtText(scratchFile('text', Buffer.concat([Buffer.from(many), Buffer.from([0xff, 10])])), '"'),
  ).toMatchObject({ sound: false });
});

test('stops when it is told to', async () => {
  const stopped = AbortSignal.abort(new Error('enough'));
  await expect(lookAtText(scratchFile('text', many), '"', stopped)).rejects.toThrow('enough');
});
