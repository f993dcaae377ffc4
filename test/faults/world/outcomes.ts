import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { KeptFile } from './files-of-session.ts';

/** What a statement gave and wrote. */
export interface Outcome {
  /** Rows as JSON, in which the folder of the session has another name. */
  readonly rows: string | undefined;
  readonly written: readonly KeptFile[];
}

export interface OutcomesOptions {
  /** From so many known on, those are forgotten that were asked for longest ago. Default 150,000, some kilobytes each. */
  readonly mostKnown?: number;
  /** Of those that are left to others. Default 50,000. */
  readonly mostShared?: number;
}

/** What DuckDB has made of statements, by what stands for all that was asked: by this process, and by others beside it. */
export class Outcomes {
  readonly #known = new Map<string, Outcome>();
  readonly #mostKnown: number;
  readonly #mostShared: number;
  #folder: string | undefined;
  #shared = 0;

  constructor({ mostKnown = 150_000, mostShared = 50_000 }: OutcomesOptions = {}) {
    this.#mostKnown = mostKnown;
    this.#mostShared = mostShared;
  }

  /** From here on what is found out is left in this folder for others, and what they leave there is known. */
  share(folder: string): void {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
  }

  /** @param key which can be the name of a file */
  get(key: string): Outcome | undefined {
    const known = this.#known.get(key);
    if (!known) return this.#ofOthers(key);
    this.#know(key, known);
    return known;
  }

  keep(key: string, outcome: Outcome): void {
    this.#know(key, outcome);
    if (this.#folder === undefined || this.#shared === this.#mostShared) return;
    this.#shared++;
    const draft = join(this.#folder, `${process.pid}.draft`);
    writeFileSync(draft, serialize(outcome));
    // Others see it when it is whole; one who was quicker has left the same.
    renameSync(draft, join(this.#folder, key));
  }

  #ofOthers(key: string): Outcome | undefined {
    const bytes = this.#folder === undefined ? undefined : bytesOf(join(this.#folder, key));
    if (!bytes) return undefined;
    const outcome = deserialize(bytes) as Outcome;
    this.#know(key, outcome);
    return outcome;
  }

  #know(key: string, outcome: Outcome): void {
    // The map has those in front that were asked for longest ago.
    this.#known.delete(key);
    this.#known.set(key, outcome);
    if (this.#known.size > this.#mostKnown) this.#known.delete(this.#known.keys().next().value!);
  }
}

function bytesOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
