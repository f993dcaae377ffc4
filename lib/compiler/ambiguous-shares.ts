import type { Plan } from '../component/plan.ts';
import { ShareAmbiguousError } from './share-ambiguous-error.ts';

/** Shares of which not all pipelines say the same number of runs, with those that name them. */
export function ambiguousShares<Of extends { readonly pipeline: string; readonly shares?: Plan['shares'] }>(
  pipelines: readonly Of[],
): readonly { readonly error: ShareAmbiguousError; readonly of: readonly Of[] }[] {
  const shares = pipelines.flatMap((one) =>
    Object.entries(one.shares ?? {}).map(([resource, runs]) => ({ resource, runs, one })),
  );
  return [...Map.groupBy(shares, ({ resource }) => resource)].flatMap(([resource, uses]) => {
    if (new Set(uses.map(({ runs }) => runs)).size < 2) return [];
    const limits = Object.fromEntries(uses.map(({ one, runs }) => [one.pipeline, runs]));
    return [{ error: new ShareAmbiguousError(resource, limits), of: uses.map(({ one }) => one) }];
  });
}
