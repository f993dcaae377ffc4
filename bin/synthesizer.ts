import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Synthesizer } from '../lib/cli/command.ts';
import type { Fault } from '../lib/cli/describe-error.ts';
import { ProjectFaultsError } from '../lib/cli/project-faults-error.ts';

/** What a process of one synthesis answers. */
export type SynthesisResult = { readonly folder: string } | { readonly faults: readonly Fault[] };

/** Keeps one process ready for the next synthesis into `outdir`. */
export function startSynthesizer(outdir: string): Synthesizer {
  const begin = () => fork(join(import.meta.dirname, 'synthesize-once.ts'), [outdir], { stdio: 'inherit' });
  let ready = begin();
  return {
    async synthesize({ afresh = false } = {}) {
      if (afresh) {
        ready.kill();
        ready = begin();
      }
      const process = ready;
      try {
        const result = await resultOf(process);
        if ('faults' in result) throw new ProjectFaultsError(result.faults);
        return result.folder;
      } finally {
        ready = begin();
      }
    },
    close() {
      ready.kill();
    },
  };
}

async function resultOf(process: ChildProcess): Promise<SynthesisResult> {
  const ended = once(process, 'exit').then(([code, signal]) => {
    throw new Error(`the process that synthesizes ended (${signal ?? `exit code ${code}`})`);
  });
  const answered = once(process, 'message').then(([message]) => message as SynthesisResult);
  process.send('synthesize');
  const result = await Promise.race([answered, ended]);
  ended.catch(() => {});
  return result;
}
