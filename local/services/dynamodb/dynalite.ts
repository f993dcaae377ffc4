import { createRequire } from 'node:module';
import { checkedPlainly, validatedPlainly } from './plain-values.ts';
import { type Parser, rememberParsed } from './remembered-parser.ts';

/** What is used of dynalite's inside; the package has no types and no exports map, so its version is pinned exactly. */
export interface DynaliteDb {
  create(options: { path: string }): { readonly db: Level };
  lazy: unknown;
  createKey(item: Item, table: unknown): string;
  validateKey(key: Item, table: unknown): Failure | undefined;
  validateItem(item: Item, table: unknown): Failure | undefined;
  validateKeyPaths(paths: unknown, table: unknown): Failure | undefined;
  checkConditional(data: any, item: Item | undefined): Failure | undefined | null;
  getIndexActions(
    indexes: readonly any[],
    before: Item | undefined,
    after: Item | undefined,
    table: unknown,
  ): IndexActions;
}

/** The key-value database under dynalite; values are JSON. */
export interface Level {
  get(key: string): Promise<any>;
  batch(changes: readonly Change[]): Promise<void>;
  clear(range: { gte: string; lt: string }): Promise<void>;
  iterator(range: {
    gt?: string;
    gte?: string;
    lt?: string;
    limit?: number;
    reverse?: boolean;
  }): AsyncIterable<[string, any]>;
  createValueStream(range: Record<string, unknown>): unknown;
  close(): Promise<void>;
}

export type Change = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };

/** Attributes by name, each `{ S: '…' }`, `{ N: '1' }` and so on; binary values are base64 text. */
export type Item = Record<string, any>;

/** Dynalite's errors: a status, and the body that goes over the wire. */
export type Failure = Error & { statusCode?: number; body?: { __type: string; message?: string; Message?: string } };

export interface IndexActions {
  readonly puts: readonly { index: string; key: string; item: Item }[];
  readonly deletes: readonly { index: string; key: string }[];
}

type Action = (store: unknown, data: any, done: (error: Failure | null, result?: any) => void) => void;

interface Validation {
  readonly types: Record<string, any>;
  custom?(data: any, store: unknown): string | undefined;
}

const load = createRequire(import.meta.url);

for (const name of ['conditionParser', 'updateParser', 'projectionParser'])
  rememberParsed(load(`dynalite/db/${name}`) as Parser);

export const dynaliteDb: DynaliteDb = load('dynalite/db');
const rules = load('dynalite/validations') as {
  checkTypes(data: any, types: unknown): any;
  checkValidations(data: any, types: unknown, custom: unknown, store: unknown): void;
  validateAttributeValue(value: unknown): string | undefined;
  validateExpressionParams(data: any, expressions: string[], others: string[]): string | undefined;
  validateExpressions(data: any): string | undefined;
};
// Its rules of each operation ask for this when they look at values.
rules.validateAttributeValue = validatedPlainly(rules.validateAttributeValue);
export const checkTypes = checkedPlainly(rules.checkTypes);
export const { checkValidations, validateExpressionParams, validateExpressions } = rules;

/** Dynalite's action and request rules of one operation, by its name with a small first letter. */
export function dynaliteOperation(name: string): { run: Action; validation: Validation } {
  let found = operations.get(name);
  if (!found) {
    found = { run: load(`dynalite/actions/${name}`), validation: load(`dynalite/validations/${name}`) };
    operations.set(name, found);
  }
  return found;
}

const operations = new Map<string, { run: Action; validation: Validation }>();
