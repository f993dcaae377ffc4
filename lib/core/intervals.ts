const secondsByUnit: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

/** Seconds of `1 minute`, `5 minutes`, `12 hours`, `1 day`; undefined where it is no such text. */
export function secondsOf(interval: string): number | undefined {
  const [, number, unit, plural] = /^([1-9]\d*) (second|minute|hour|day)(s?)$/.exec(interval) ?? [];
  if (number === undefined || (number === '1') !== (plural === '')) return undefined;
  return Number(number) * secondsByUnit[unit!]!;
}
