import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { World } from './world/world.ts';

/** Runs that wait for a person. */
export async function awaited(world: World): Promise<readonly string[]> {
  const { Items } = await world.look('dynamodb', 'Scan', { TableName: world.output('RunTableName') });
  return Items.map((item: never) => unmarshall(item))
    .filter(({ sk, phase }: Record<string, unknown>) => sk === 'RUN' && phase === 'Undecided')
    .map(({ run }: Record<string, unknown>) => run);
}
