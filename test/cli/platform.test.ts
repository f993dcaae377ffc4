import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { findPlatform } from '../../lib/cli/platform.ts';
import { readAddress, removeAddress, writeAddress } from '../../lib/cli/platform-address.ts';
import { TestProject } from './project.ts';

const project = new TestProject();
const before = process.cwd();
const address = {
  endpoint: 'http://127.0.0.1:1',
  catalog: 'penstock',
  lake: 'lake',
  runTable: 'runs',
  bus: 'penstock',
  pid: process.pid,
};

beforeAll(() => process.chdir(project.folder));
afterAll(() => {
  process.chdir(before);
  project.remove();
});
afterEach(() => {
  vi.unstubAllEnvs();
  removeAddress();
});

describe('the platform that the commands talk to', () => {
  it('is local AWS that runs in this folder', () => {
    writeAddress(address);
    expect(JSON.parse(readFileSync(join(project.folder, '.penstock', 'local.json'), 'utf8'))).toEqual(address);
    expect(findPlatform().address).toEqual(address);
  });

  it('is not one whose process has ended without a word', () => {
    // No process can have this id.
    writeAddress({ ...address, pid: 2 ** 30 });
    expect(readAddress()).toBeUndefined();
    expect(() => findPlatform()).toThrow('no platform was found');
  });

  it('is the one that the environment names, before any that runs here', () => {
    writeAddress(address);
    vi.stubEnv('PENSTOCK_LAKE', 'far-lake');
    vi.stubEnv('PENSTOCK_RUN_TABLE', 'far-runs');
    expect(findPlatform().address).toEqual({
      catalog: 'penstock',
      lake: 'far-lake',
      runTable: 'far-runs',
      bus: 'penstock',
    });
    vi.stubEnv('PENSTOCK_BUS', 'far-bus');
    expect(findPlatform().address.bus).toBe('far-bus');
  });
});

it('only the process that wrote the address takes it away', () => {
  const file = join(project.folder, '.penstock', 'local.json');
  writeAddress({ ...address, pid: process.ppid });
  removeAddress();
  expect(existsSync(file)).toBe(true);
  writeAddress(address);
  removeAddress();
  expect(existsSync(file)).toBe(false);
});
