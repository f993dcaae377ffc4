import { constants, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CommandUsageError } from './errors.ts';
import type { Run } from './find-run.ts';
import type { Platform } from './platform.ts';
import { type RejectFilter, refuseUnknown, rejectFiles } from './rejected-rows.ts';
import { stateFolder } from './state-folder.ts';
import { writingFile } from './writing-file.ts';

const formats = ['csv', 'ndjson', 'parquet'] as const;
type Format = (typeof formats)[number];

export interface RejectExport {
  readonly file: string;
  readonly filter: RejectFilter;
  readonly neutralise: boolean;
}

/**
 * Writes rejects of a run into a new file, whole or not at all. Throws `CommandUsageError` where the file is there: it may
 * hold corrections that somebody has made.
 */
export async function exportRejected(
  platform: Platform,
  run: Run,
  { file, filter, neutralise }: RejectExport,
): Promise<{ readonly format: Format; readonly rows: number }> {
  const format = formatOf(file);
  if (neutralise && format !== 'csv')
    throw new CommandUsageError({
      problem: 'formulas are neutralised in CSV only, because nothing computes them elsewhere',
      received: `--neutralise-formulas with ${file}`,
      allowed: 'a file that ends in .csv',
      change: 'leave the option out',
    });
  if (existsSync(file))
    throw new CommandUsageError({
      problem: 'the file exists, and may hold corrections',
      received: file,
      allowed: 'the name of a file that is not there',
      change: 'name another file, or remove it',
    });
  const files = await rejectFiles(platform, run);
  const { exportRejects } = await import('../engine/index.ts');
  const workFolder = mkdtempSync(join(stateFolder('work'), 'export-'));
  try {
    const path = join(workFolder, `rejects.${format}`);
    const rows = await exportRejects({ files, filter, path, format, neutralise, workFolder });
    if (rows === 0) await refuseUnknown(run, { files, filter });
    writingFile(file, () => copyFileSync(path, file, constants.COPYFILE_EXCL));
    return { format, rows };
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

function formatOf(file: string): Format {
  const ending = /\.([^./]+)$/.exec(file)?.[1]?.toLowerCase();
  const found = formats.find((one) => one === (ending === 'jsonl' ? 'ndjson' : ending));
  if (found) return found;
  throw new CommandUsageError({
    problem: 'the ending of the file does not tell its format',
    received: file,
    allowed: formats.map((one) => `.${one}`).join(', '),
    change: 'give the file one of these endings',
  });
}
