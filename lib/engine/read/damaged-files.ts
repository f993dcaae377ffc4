import type { Connector } from '../../component/connector.ts';
import type { ExecuteRequest } from '../chunk-run.ts';
import { componentOf } from '../components.ts';
import { numberedRows } from '../numbered-rows.ts';
import type { Session } from '../session.ts';
import { type ReadRequest, reading } from '../source-files.ts';

/**
 * Parquet files are views: a page that is damaged shows wherever a step first reads its column. Once a step has failed,
 * the rows of this chunk are read from end to end. Throws `InputMalformedError` naming the file that cannot be; else it was not them.
 */
export async function findDamage(
  session: Session,
  { plan, inputs, components }: Pick<ExecuteRequest, 'plan' | 'inputs' | 'components'>,
): Promise<void> {
  for (const node of plan.nodes) {
    if (node.kind !== 'source') continue;
    const format = componentOf<Connector>(components, node.component).source!.format(node.options);
    if (format.kind !== 'parquet') continue;
    for (const file of inputs.filter((input) => input.of === node.id && !input.rejects))
      await readThrough({ session, file, format });
  }
}

/** Reads what there is of a Parquet file: the row groups of other chunks are a hole. Throws `InputMalformedError`. */
export function readThrough(request: Pick<ReadRequest, 'session' | 'file' | 'format'>): Promise<void> {
  const { session, file } = request;
  return reading(request, async () => {
    const { from, number } = await numberedRows(session, file.path);
    const range = file.rows ? ` WHERE ${number} >= ${file.rows.from} AND ${number} < ${file.rows.to}` : '';
    await session.run(`SELECT max(hash(all_of)) FROM (SELECT * FROM ${from}${range}) all_of`);
  });
}
