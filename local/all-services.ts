import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceFactory } from './service.ts';

/** One folder of `services/` is one service; its `create…` export makes it. */
export async function allServices(): Promise<ServiceFactory[]> {
  const folder = join(import.meta.dirname, 'services');
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'index.ts')));
  return Promise.all(
    names.map(async (name) => {
      const module = await import(new URL(`./services/${name}/index.ts`, import.meta.url).href);
      const create = Object.entries(module).find(([member]) => member.startsWith('create'))?.[1];
      if (!create) throw new Error(`services/${name} exports no create function`);
      return create as ServiceFactory;
    }),
  );
}
