#!/usr/bin/env node
import { Console } from 'node:console';
import { enableCompileCache } from 'node:module';

// Before anything of ours is loaded: a quarter of a short command's time goes into what Node then finds again.
enableCompileCache();
const [{ runProgram }, { doors }] = await Promise.all([import('../lib/cli/program.ts'), import('./doors.ts')]);

// Whoever reads may stop before we do (`| head`); a command that serves goes on without its reader.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// What a pipeline file logs while it is loaded must not stand among the JSON.
if (process.argv.includes('--json')) globalThis.console = new Console(process.stderr);

process.exitCode = await runProgram(process.argv, doors);
