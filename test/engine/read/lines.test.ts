import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Lines } from '../../../lib/engine/read/lines.ts';
import { scratch } from '../../fixtures/engine/scratch.ts';

const newPath = () => join(mkdtempSync(join(scratch(), 'lines-')), 'lines');

test('lines are written in their order, however many at once', async () => {
  const path = newPath();
  const lines = new Lines(path);
  for (let line = 0; line < 300_000; line++) {
    lines.add(Buffer.from(`${line},`), Buffer.from('x'));
    await lines.flush();
  }
  await lines.close();
  const written = readFileSync(path, 'utf8').split('\n');
  expect([written.length, written[0], written[299_999], written[300_000]]).toEqual([300_001, '0,x', '299999,x', '']);
});

test('without lines the file is empty', async () => {
  const path = newPath();
  await new Lines(path).close();
  expect(readFileSync(path, 'utf8')).toBe('');
});

describe('what cannot be written is an error of whoever writes it', () => {
  const line = Buffer.alloc(2 * 1024 * 1024, 'x');

  test.skipIf(process.platform !== 'linux')('to a full disk', async () => {
    const lines = new Lines('/dev/full');
    lines.add(line);
    await expect(lines.flush()).rejects.toMatchObject({ code: 'ENOSPC' });
    lines.add(line);
    await expect(lines.close()).rejects.toMatchObject({ code: 'ENOSPC' });
  });

  test('to a folder that is gone', async () => {
    const lines = new Lines(join(scratch(), 'gone', 'lines'));
    lines.add(line);
    await expect(lines.flush()).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(lines.close()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
