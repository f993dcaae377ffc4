import type { Act, History } from './history.ts';

/** Histories that are a little less than this one, those that are much less first. */
function* lesser(history: History): Generator<History> {
  const { workers, ...asDeployed } = history;
  const { acts, mishaps, order } = history;
  if (workers) yield asDeployed;
  if (order.length > 0) yield { ...history, order: [] };
  for (const index of mishaps.keys()) yield { ...history, mishaps: mishaps.toSpliced(index, 1) };
  for (const index of acts.keys()) yield { ...history, acts: acts.toSpliced(index, 1) };
  if (order.length > 1) yield { ...history, order: order.slice(0, order.length >> 1) };
  for (const [index, act] of acts.entries()) {
    if (act.do !== 'drop' || act.rows.length < 2) continue;
    const less: Act = { ...act, rows: act.rows.slice(0, act.rows.length >> 1) };
    yield { ...history, acts: acts.with(index, less) };
  }
  for (const [index, choice] of order.entries()) if (choice > 0) yield { ...history, order: order.with(index, 0) };
}

/** The least history that `fails` still finds wanting, as far as `most` tries go. */
export async function shrunk(
  history: History,
  fails: (history: History) => Promise<boolean>,
  most = 60,
): Promise<History> {
  let least = history;
  let left = most;
  for (let progress = true; progress && left > 0; ) {
    progress = false;
    for (const candidate of lesser(least)) {
      if (left-- <= 0) break;
      if (!(await fails(candidate))) continue;
      least = candidate;
      progress = true;
      break;
    }
  }
  return least;
}
