import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledPipelines } from '../../lib/cli/project.ts';
import { synthesize } from '../../lib/infra/index.ts';
import { type Row, single } from './row.ts';
import { runWork } from './run-work.ts';

interface Go {
  readonly load: number;
  readonly provision: number;
  readonly resources: number;
  readonly peakBytes: number;
}

/** This app, synthesized beforehand: into an empty data folder, then once more over what stands. */
export async function measureStart(repeat: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'penstock-bench-start-'));
  const file = join(import.meta.dirname, 'start-work.ts');
  try {
    const outdir = join(folder, 'cdk.out');
    await synthesize({ pipelines: await compiledPipelines(), outdir });
    const first: Go[] = [];
    const again: Go[] = [];
    for (let round = 0; round < repeat; round++) {
      const data = join(folder, `data-${round}`);
      first.push(await runWork(file, [outdir, data]));
      again.push(await runWork(file, [outdir, data]));
    }
    const of = (goes: readonly Go[], member: keyof Go) => goes.map((go) => go[member]);
    const resources = first[0]!.resources;
    return [
      single('local AWS: process start and load', 'ms', of(first, 'load')),
      single(`this app: provision ${resources} resources`, 'ms', of(first, 'provision')),
      single(`this app: find ${resources} resources unchanged`, 'ms', of(again, 'provision')),
      single(
        'this app: peak memory of the start',
        'MB',
        of(first, 'peakBytes').map((bytes) => bytes / 1e6),
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
