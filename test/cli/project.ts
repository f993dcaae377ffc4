import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { doors } from '../../bin/doors.ts';
import { runProgram } from '../../lib/cli/program.ts';
import { lendAssets } from '../fixtures/shared-assets.ts';

const root = resolve(import.meta.dirname, '../..');

/** What came of one command line. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A user's project in a temporary folder, whose name holds a space. */
export class TestProject {
  readonly folder: string;
  readonly #before = process.cwd();

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.folder = join(realpathSync(mkdtempSync(join(tmpdir(), 'penstock-cli-'))), 'my project');
    mkdirSync(join(this.folder, 'node_modules'), { recursive: true });
    symlinkSync(root, join(this.folder, 'node_modules', 'penstock'));
    symlinkSync(join(root, 'node_modules', 'zod'), join(this.folder, 'node_modules', 'zod'));
    this.write('package.json', '{"type":"module"}');
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): string {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Runs a command line in this process, in the project's folder. */
  async run(...args: string[]): Promise<Outcome> {
    const stdout = new Recorder();
    const stderr = new Recorder();
    const streams = { stdout, stderr } as unknown as Parameters<typeof runProgram>[2];
    const code = await this.inFolder(() => runProgram(['node', 'penstock', ...args], doors, streams));
    return { code, out: stdout.text, err: stderr.text };
  }

  /** Does something whose current folder is the project's. */
  async inFolder<Result>(work: () => Promise<Result>): Promise<Result> {
    process.chdir(this.folder);
    try {
      return await work();
    } finally {
      process.chdir(this.#before);
    }
  }

  /** The same with `--json`, whose result it reads. */
  async json(...args: string[]): Promise<any> {
    const { out, err } = await this.run(...args, '--json');
    if (err) throw new Error(`stderr is not empty: ${err}`);
    return JSON.parse(out);
  }

  /** Starts the command in a process of its own. */
  start(...args: string[]) {
    if (args[0] === 'local') lendAssets(join(this.folder, 'cdk.out'));
    const env = { ...process.env, NODE_NO_WARNINGS: '1' };
    return spawn(process.execPath, [join(root, 'bin', 'penstock.ts'), ...args], { cwd: this.folder, env });
  }

  /** Runs a command line in a process of its own. */
  async spawn(...args: string[]): Promise<Outcome> {
    const child = this.start(...args);
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    const code = await new Promise<number | null>((done) => child.on('close', done));
    return { code, out, err };
  }

  remove(): void {
    rmSync(dirname(this.folder), { recursive: true, force: true });
  }
}

/** A stream that is no terminal and keeps what is written. */
class Recorder extends Writable {
  text = '';

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
