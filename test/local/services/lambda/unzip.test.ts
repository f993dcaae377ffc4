import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unzip } from '../../../../local/services/lambda/code/unzip.ts';
import { zipArchive } from './zip-archive.ts';

describe('unzip', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'unzip-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('writes every file, in folders, with its name in any alphabet and its mode', () => {
    const archive = zipArchive(
      { 'a/b/ü.txt': 'deep', 'run.sh': '#!/bin/sh', 'empty/': '', 'nothing.txt': '' },
      (header, name) => {
        if (name === 'run.sh') header.writeUInt32LE(0o100755 * 0x10000, 38);
      },
    );
    expect(unzip(archive, folder)).toBe(13);
    expect(readFileSync(join(folder, 'a/b/ü.txt'), 'utf8')).toBe('deep');
    expect(statSync(join(folder, 'run.sh')).mode & 0o111).not.toBe(0);
    expect(statSync(join(folder, 'nothing.txt')).mode & 0o111).toBe(0);
    expect(statSync(join(folder, 'empty')).isDirectory()).toBe(true);
  });

  it.each(['../out.txt', 'a/../../out.txt', '/etc/out.txt'])('refuses an entry that leads outside: %s', (name) => {
    expect(() => unzip(zipArchive({ [name]: 'x' }), folder)).toThrow(/leads outside/);
  });

  it.each([{}, { 'only/': '' }])('refuses an archive without files: %j', (files) => {
    expect(() => unzip(zipArchive(files as Record<string, string>), folder)).toThrow(/non-empty zip/);
  });

  it('refuses content that is not what the archive says it is', () => {
    const wrong = (change: (header: Buffer) => void) => zipArchive({ 'a.txt': 'some text' }, change);
    const tampered = [
      wrong((header) => header.writeUInt32LE(1, 16)),
      wrong((header) => header.writeUInt32LE(3, 24)),
      wrong((header) => header.writeUInt16LE(99, 10)),
      wrong((header) => header.writeUInt32LE(10_000, 42)),
    ];
    for (const archive of tampered) expect(() => unzip(archive, folder)).toThrow(/Could not unzip/);
  });

  it('refuses every truncation', () => {
    const archive = zipArchive({ 'a.txt': 'some text', 'b.txt': 'more of it' });
    for (let end = 0; end < archive.length; end++) expect(() => unzip(archive.subarray(0, end), folder)).toThrow();
  });

  it('refuses a bomb before it is unpacked', () => {
    const archive = zipArchive({ bomb: 'x' }, (header) => header.writeUInt32LE(300_000_000, 24));
    expect(() => unzip(archive, folder)).toThrow('Unzipped size must be smaller than 262144000 bytes');
  });
});
