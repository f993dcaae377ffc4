import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LocalApp } from '../../local/index.ts';
import { stateFolder } from './state-folder.ts';

/** Where a platform is, local or deployed. */
export interface PlatformAddress {
  /** Absent: AWS itself, with the credentials and region of the environment. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly lake: string;
  /** Name of the database of the tables. */
  readonly catalog: string;
  readonly runTable: string;
  /** Name of the event bus. */
  readonly bus: string;
  /** Of the process that serves the endpoint. */
  readonly pid?: number;
}

const addressFile = () => resolve('.penstock', 'local.json');

/** The address of a local platform that has been provisioned. */
export function addressOf(app: Pick<LocalApp, 'cloud' | 'endpoint' | 'stacks'>): PlatformAddress {
  const outputs: Record<string, string> = Object.assign({}, ...Object.values(app.stacks).map((stack) => stack.outputs));
  return {
    endpoint: app.endpoint,
    region: app.cloud.region,
    lake: outputs.LakeName!,
    catalog: outputs.CatalogName!,
    runTable: outputs.RunTableName!,
    bus: outputs.BusName!,
    pid: process.pid,
  };
}

export function writeAddress(address: PlatformAddress): void {
  const draft = join(stateFolder(), `local.json.${process.pid}`);
  writeFileSync(draft, JSON.stringify(address));
  // A command that looks in between finds the whole file or none.
  renameSync(draft, addressFile());
}

export function removeAddress(): void {
  if (readAddress()?.pid === process.pid) rmSync(addressFile(), { force: true });
}

/** Undefined where no local AWS is up; a file that a killed process has left counts as none. */
export function readAddress(): PlatformAddress | undefined {
  let text: string;
  try {
    text = readFileSync(addressFile(), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const address: PlatformAddress = JSON.parse(text);
  return address.pid === undefined || isRunning(address.pid) ? address : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
