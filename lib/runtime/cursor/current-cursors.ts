import { cursorSources, fedOutputs } from '../../component/fed-outputs.ts';
import type { Plan } from '../../component/plan.ts';
import type { Ports } from '../ports/ports.ts';
import { cursorOfTable } from './cursor-of-table.ts';

/** How far a source was taken that goes on. */
export interface SourceCursor {
  readonly source: string;
  /** Column by which it goes on. */
  readonly by: string;
  readonly lagSeconds: number;
  /** Text of a value by table; null where none of its rows was published there. */
  readonly tables: Readonly<Record<string, string | null>>;
}

/** What the tables of a plan say of its sources. */
export async function currentCursors(
  ports: Pick<Ports, 'objects' | 'tables'>,
  { pipeline, nodes }: Plan,
): Promise<readonly SourceCursor[]> {
  return Promise.all(
    cursorSources(nodes).map(async ({ id: source, incremental: { by, lagSeconds } }) => {
      const tables = await Promise.all(
        fedOutputs(nodes, source).map(async ({ table }) => {
          const pointer = await ports.tables.pointer(table);
          return [table, (await cursorOfTable(ports, pointer, { pipeline, source })) ?? null] as const;
        }),
      );
      return { source, by, lagSeconds, tables: Object.fromEntries(tables) };
    }),
  );
}
