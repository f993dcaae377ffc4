import { extname } from 'node:path';
import type { LocalApp } from '../../local/index.ts';
import type { Synthesizer } from './command.ts';
import { faultsOf, showFault } from './describe-error.ts';
import { duration, type Printer } from './print.ts';
import { watchFolders } from './watch-folders.ts';

/** What a pipeline can be made of. */
const endings = new Set(['.ts', '.js', '.mjs', '.mts', '.json', '.yaml', '.yml', '.sql']);

interface WatchOptions {
  readonly app: LocalApp;
  readonly synthesizer: Synthesizer;
  readonly printer: Printer;
  /** What the deployments so far have changed, taken and emptied by each. */
  readonly changes: string[];
}

/**
 * Brings what runs up to date with each change of the project's files. What is wrong with a change is shown, and what was
 * there before goes on. The answer stops it.
 */
export function watchProject(options: WatchOptions): () => Promise<void> {
  let waiting: readonly string[] | undefined;
  let working: Promise<void> | undefined;
  const unwatch = watchFolders(process.cwd(), (files) => {
    const sources = files.filter((file) => endings.has(extname(file)));
    if (sources.length === 0) return;
    waiting = [...(waiting ?? []), ...sources];
    working ??= work().finally(() => {
      working = undefined;
    });
  });

  async function work(): Promise<void> {
    while (waiting) {
      const files = waiting;
      waiting = undefined;
      await bringUpToDate(files, options);
    }
  }

  return async () => {
    unwatch();
    waiting = undefined;
    await working;
  };
}

async function bringUpToDate(files: readonly string[], { app, synthesizer, printer, changes }: WatchOptions) {
  const start = performance.now();
  printer.line(`${printer.paint('dim', 'changed')}  ${[...new Set(files)].join(', ')}`);
  try {
    // A process that stands ready has loaded everything but the pipelines already.
    const afresh = files.some((file) => !/^pipelines[\\/]/.test(file));
    await app.redeploy(await synthesizer.synthesize({ afresh }));
    const took = duration(performance.now() - start);
    for (const change of changes) printer.line(`${printer.paint('dim', 'live')}     ${change}`);
    printer.line(`${printer.paint('green', '✓')} live after ${took}`);
  } catch (error) {
    for (const fault of faultsOf(error)) showFault(printer, fault);
    printer.line('what ran before goes on');
  } finally {
    changes.length = 0;
  }
}
