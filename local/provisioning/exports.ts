import type { Cloud } from '../service.ts';
import { TemplateError } from '../template/scope.ts';
import { endpointMark } from './records.ts';

interface ExportRecord {
  readonly stackName: string;
  readonly value: string;
}

/**
 * What the stacks of one deployment export and import. As CloudFormation, it refuses to change or delete what another
 * stack imports: a stack that stands later in the assembly still has what it had before, an earlier one is new already.
 */
export class Exports {
  readonly #cloud: Cloud;
  readonly #order: readonly string[];
  readonly #undoing: boolean;
  readonly #values = new Map<string, string>();
  readonly #standing = new Map<string, Promise<unknown>>();
  readonly #importedBefore: ReadonlyMap<string, readonly string[]>;

  /** `order` are the stacks of the assembly. Whoever undoes a deployment is refused nothing. */
  constructor(cloud: Cloud, order: readonly string[], { undoing }: { readonly undoing: boolean }) {
    this.#cloud = cloud;
    this.#order = order;
    this.#undoing = undoing;
    this.#importedBefore = new Map(this.#imports.entries());
  }

  /** To be told of every stack of the assembly that is on its way. */
  track(stackName: string, standing: Promise<unknown>): void {
    this.#standing.set(stackName, standing);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** Takes what a stack exports and imports now. Throws, and takes nothing, where others use what it no longer exports. */
  async replace(stackName: string, exported: ReadonlyMap<string, string>, imported: Iterable<string>): Promise<void> {
    for (const name of this.#namesOf(stackName)) {
      const value = exported.get(name);
      if (value !== undefined && this.#stored(value) === this.#records.get(name)?.value) continue;
      const users = await this.#users(name, stackName);
      refuse(stackName, name, value === undefined ? 'deleted' : 'updated', this.#undoing ? [] : users);
    }
    for (const name of this.#namesOf(stackName)) this.#records.delete(name);
    for (const [name, value] of exported) {
      this.#records.set(name, { stackName, value: this.#stored(value) });
      this.#values.set(name, value);
    }
    this.#imports.set(stackName, [...new Set(imported)]);
  }

  /** Forgets a stack that is about to be deleted. Throws where others use what it exports. */
  remove(stackName: string): void {
    const names = this.#namesOf(stackName);
    for (const name of names) {
      const users = [...this.#imports.entries()].filter(([user, used]) => user !== stackName && used.includes(name));
      refuse(stackName, name, 'deleted', this.#undoing ? [] : users.map(([user]) => user));
    }
    for (const name of names) this.#records.delete(name);
    this.#imports.delete(stackName);
  }

  async #users(name: string, exporter: string): Promise<string[]> {
    const own = this.#order.indexOf(exporter);
    const users: string[] = [];
    for (const [user, before] of this.#importedBefore) {
      if (user === exporter || !before.includes(name)) continue;
      const place = this.#order.indexOf(user);
      const earlier = place >= 0 && place < own;
      if (earlier) await this.#standing.get(user)?.catch(() => {});
      if ((earlier ? this.#imports.get(user) : before)?.includes(name)) users.push(user);
    }
    return users;
  }

  #namesOf(stackName: string): string[] {
    return [...this.#records.entries()].filter(([, record]) => record.stackName === stackName).map(([name]) => name);
  }

  /** A restart may come up on another port, which changes nothing for those who import. */
  #stored(value: string): string {
    return value.replaceAll(this.#cloud.endpoint, endpointMark);
  }

  get #records() {
    return this.#cloud.store.collection<ExportRecord>('cloudformation.exports');
  }

  /** Names of exports by the stack that imports them. */
  get #imports() {
    return this.#cloud.store.collection<readonly string[]>('cloudformation.imports');
  }
}

function refuse(stackName: string, name: string, verb: 'updated' | 'deleted', users: readonly string[]): void {
  if (users.length === 0) return;
  throw new TemplateError(stackName, `Export ${name} cannot be ${verb} as it is in use by ${users.join(' and ')}`);
}
