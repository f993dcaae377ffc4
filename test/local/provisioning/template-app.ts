import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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

  /** `assets` are what the first stack uploads to the bucket `assets`: texts of files by path, under the key of a folder or file. */
  write(
    templates: Templates,
    assets: Readonly<Record<string, Readonly<Record<string, string>> | string>> = {},
  ): string {
    const directory = mkdtempSync(join(this.folder, 'assembly-'));
    mkdirSync(directory, { recursive: true });
    const names = Object.keys(templates);
    const artifacts: [string, object][] = names.map((name, index) => [
      name,
      {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: `${name}.json` },
        dependencies: [...names.slice(0, index), ...(index === 0 ? ['assets'] : [])],
      },
    ]);
    artifacts.push(['assets', { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } }]);
    const files = Object.entries(assets).map(([key, content]) => [key, this.#writeAsset(directory, key, content)]);
    writeFileSync(join(directory, 'assets.json'), JSON.stringify({ files: Object.fromEntries(files) }));
    writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ artifacts: Object.fromEntries(artifacts) }));
    for (const name of names) writeFileSync(join(directory, `${name}.json`), JSON.stringify(templates[name]));
    return directory;
  }

  #writeAsset(directory: string, key: string, content: Readonly<Record<string, string>> | string): object {
    const path = `asset.${key}`;
    for (const [name, text] of typeof content === 'string' ? [['', content]] : Object.entries(content)) {
      const file = join(directory, path, name!);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text!);
    }
    const packaging = typeof content === 'string' ? 'file' : 'zip';
    return { source: { path, packaging }, destinations: { here: { bucketName: 'assets', objectKey: key } } };
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
