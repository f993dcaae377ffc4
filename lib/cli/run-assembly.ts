import { existsSync, watch } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FaultPlan, LocalApp } from '../../local/index.ts';
import { faultsOf, showFault } from './describe-error.ts';
import { CommandInputError } from './errors.ts';
import { duration, type Printer } from './print.ts';
import { reportMails } from './report-mails.ts';
import { showAccess } from './show-access.ts';
import { showFired } from './show-fired.ts';

export interface RunAssemblyOptions {
  /** The folder that a `cdk synth` wrote, of any app. */
  readonly folder: string;
  readonly dataFolder: string | undefined;
  readonly port: number;
  readonly clock: 'real' | 'fast-forward';
  readonly faults: FaultPlan | undefined;
  readonly explainAccess: boolean;
  /** Apply the assembly anew whenever it is synthesized anew. */
  readonly watch: boolean;
  readonly printer: Printer;
  readonly stopped: Promise<void>;
}

/** Runs a synthesized app that is not Penstock's own until it is stopped. Throws where the folder holds none. */
export async function runAssembly(options: RunAssemblyOptions): Promise<void> {
  const { folder, dataFolder, port, clock, faults, printer } = options;
  requireAssembly(folder);
  const start = performance.now();
  const { startLocal } = await import('../../local/index.ts');
  const log = (line: string) => printer.line(`${printer.paint('dim', 'changed')}  ${line}`);
  const app = await startLocal({ cloudAssembly: folder, dataFolder, port, clock, faults, log });
  try {
    printer.line(`provisioned in ${duration(performance.now() - start)}`);
    showStacks(app, printer);
    const unwatch = options.watch ? watchAssembly(app, folder, printer) : undefined;
    printer.line('Ctrl-C stops.');
    await reportMails(app, printer, options.stopped);
    await options.stopped;
    unwatch?.();
    const access = app.cloud.authorizer.accessReport();
    if (faults) showFired(printer, app.faults.log);
    if (options.explainAccess) showAccess(printer, access);
    printer.data({
      endpoint: app.endpoint,
      environment: app.environment,
      stacks: outputsOf(app),
      ...(faults && { faults: app.faults.log }),
      ...(options.explainAccess && { access }),
    });
  } finally {
    await app.close();
  }
}

function requireAssembly(folder: string): void {
  if (existsSync(join(folder, 'manifest.json'))) return;
  throw new CommandInputError({
    problem: 'there is no synthesized app in this folder',
    received: resolve(folder),
    allowed: 'the folder that `cdk synth` writes, with its manifest.json',
    change: 'run `npx cdk synth` in the app first, and name its cdk.out',
  });
}

function showStacks(app: LocalApp, printer: Printer): void {
  for (const [name, { resources, outputs }] of Object.entries(app.stacks)) {
    printer.line(`${printer.paint('bold', name)}  ${Object.keys(resources).length} resources`);
    for (const [output, value] of Object.entries(outputs)) printer.line(`  ${output} = ${value}`);
  }
  printer.line('Any AWS client reaches it with');
  for (const [variable, value] of Object.entries(app.environment)) printer.line(`  export ${variable}=${value}`);
}

const outputsOf = (app: LocalApp) =>
  Object.fromEntries(Object.entries(app.stacks).map(([name, { outputs }]) => [name, outputs]));

/** A synthesis writes many files, the manifest among the last. */
const settleMilliseconds = 300;

function watchAssembly(app: LocalApp, folder: string, printer: Printer): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, (_, name) => {
    if (name !== 'manifest.json') return;
    clearTimeout(timer);
    timer = setTimeout(apply, settleMilliseconds);
  });
  async function apply(): Promise<void> {
    const start = performance.now();
    try {
      await app.redeploy(folder);
      printer.line(`${printer.paint('green', '✓')} live after ${duration(performance.now() - start)}`);
    } catch (error) {
      for (const fault of faultsOf(error)) showFault(printer, fault);
      printer.line('what ran before goes on');
    }
  }
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
