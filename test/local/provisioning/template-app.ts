import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../local/iam/principals.ts';
import { type LocalApp, type StartLocalOptions, startLocal } from '../../../local/index.ts';

/** Stacks in the order of their dependencies, by name. */
export type Templates = Readonly<Record<string, object>>;

/** A folder for assemblies and data that is gone after the tests of one file, and apps that are closed by then. */
export class TemplateApps {
  readonly folder = mkdtempSync(join(tmpdir(), 'templates-'));
  readonly #running = new Set<LocalApp>();

  /** Starts an app out of bare templates; every stack depends on those before it. */
  async start(templates: Templates, options: Partial<StartLocalOptions> = {}): Promise<LocalApp> {
    const app = await startLocal({ cloudAssembly: this.write(templates), ...options });
    this.#running.add(app);
    return app;
  }

  write(templates: Templates): string {
    const directory = mkdtempSync(join(this.folder, 'assembly-'));
    mkdirSync(directory, { recursive: true });
    const names = Object.keys(templates);
    const artifacts = names.map((name, index) => [
      name,
      {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: `${name}.json` },
        dependencies: names.slice(0, index),
      },
    ]);
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ artifacts: Object.fromEntries(artifacts) }));
    for (const name of names) writeFileSync(join(directory, `${name}.json`), JSON.stringify(templates[name]));
    return directory;
  }

  async stop(app: LocalApp): Promise<void> {
    this.#running.delete(app);
    await app.close();
  }

  async close(): Promise<void> {
    for (const app of this.#running) await app.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Calls a service of a running app as root. */
export const call = (app: LocalApp, service: string, operation: string, input: object = {}) =>
  app.cloud.call(service, operation, input, root(app.cloud.accountId));
