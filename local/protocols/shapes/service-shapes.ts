import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a member may be; a structure is named, because structures may hold themselves. */
export type Type =
  | { readonly kind: 'list' | 'map'; readonly of: Type }
  | { readonly kind: 'structure'; readonly name: string }
  | { readonly kind: keyof typeof scalars };

export const scalars = { s: 'String', n: 'Number', t: 'Boolean', d: 'Timestamp', b: 'Blob', a: 'Document' } as const;

export interface Member {
  readonly name: string;
  readonly type: Type;
  readonly required: boolean;
}

/** What the operations of one service take. */
export interface ServiceShapes {
  /** By name; the input of an operation is named as the operation, with `()` behind. */
  readonly structures: ReadonlyMap<string, readonly Member[]>;
  /** Operations that AWS has and local AWS has not. */
  readonly elsewhere: ReadonlySet<string>;
}

const read = new Map<string, ServiceShapes | undefined>();

/** The shapes that `generate.ts` has written, or undefined for a service that has none. */
export function shapesOf(service: string): ServiceShapes | undefined {
  if (!read.has(service)) {
    const file = join(import.meta.dirname, `${service}.shapes`);
    read.set(service, existsSync(file) ? parse(readFileSync(file, 'utf8')) : undefined);
  }
  return read.get(service);
}

function parse(text: string): ServiceShapes {
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '));
  const structures = lines
    .filter(([name]) => name !== 'elsewhere')
    .map(([name, ...members]) => [name!, members.map(memberOf)] as const);
  const elsewhere = lines.find(([name]) => name === 'elsewhere')?.slice(1);
  return { structures: new Map(structures), elsewhere: new Set(elsewhere) };
}

function memberOf(text: string): Member {
  const [, name, mark, type] = /^(\w+)(!?)=(.+)$/.exec(text)!;
  return { name: name!, required: mark === '!', type: typeOf(type!) };
}

function typeOf(text: string): Type {
  if (text.startsWith('[')) return { kind: 'list', of: typeOf(text.slice(1, -1)) };
  if (text.startsWith('{')) return { kind: 'map', of: typeOf(text.slice(1, -1)) };
  return text in scalars ? { kind: text as keyof typeof scalars } : { kind: 'structure', name: text };
}
