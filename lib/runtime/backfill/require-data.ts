import { placeOptions } from '../../component/parameter-place.ts';
import type { Plan, SourceNode } from '../../component/plan.ts';
import { BackfillRefusedError } from '../../core/errors/backfill-refused-error.ts';
import type { Ports } from '../ports/ports.ts';
import { planWithValues } from '../run-parameters.ts';
import { boundsOf } from './cut-range.ts';
import type { PlannedBackfill } from './plan-backfill.ts';

/** Throws `BackfillRefusedError` where no source has anything to read, in any slice. */
export async function requireData(
  ports: Pick<Ports, 'objects' | 'tables'>,
  plan: Plan,
  { record, slices }: PlannedBackfill,
): Promise<void> {
  const looked = new Set<string>();
  for (const slice of slices) {
    for (const source of readSources(
      planWithValues(plan, { ...record.parameters, ...boundsOf(slice, record.bounds) }),
    )) {
      const place = placesOf(source).join();
      if (looked.has(place)) continue;
      looked.add(place);
      if (await hasData(ports, source)) return;
    }
  }
  throw new BackfillRefusedError({
    problem: `there is no data in the range: nothing lies where "${plan.pipeline}" reads`,
    received: `from ${record.from} to ${record.to}: ${[...looked].slice(0, 3).join(', ')}`,
    allowed: 'a range that some file or row belongs to',
    change: 'nothing was started: drop the files first, or give another range',
  });
}

function readSources({ nodes }: Plan): SourceNode[] {
  return nodes.filter((node): node is SourceNode => node.kind === 'source' && node.use !== 'reference');
}

function placesOf({ options }: SourceNode): string[] {
  return [...placeOptions, 'table'].flatMap((name) => (typeof options[name] === 'string' ? [options[name]] : []));
}

async function hasData(
  { objects, tables }: Pick<Ports, 'objects' | 'tables'>,
  { options }: SourceNode,
): Promise<boolean> {
  if (typeof options.table === 'string') return (await tables.pointer(options.table)).rows > 0;
  const place = String(options.prefix ?? options.key);
  for await (const { key, size } of objects.list(place))
    if (size > 0 && (options.prefix !== undefined || key === place)) return true;
  return false;
}
