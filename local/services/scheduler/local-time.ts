/**
 * The moment at which the clocks of a time zone show `text` (`2026-03-29T08:30:00`), in milliseconds since the epoch.
 * A time that the change to summer time skips is taken as if the clocks had not changed; of one that comes twice it is the
 * first. Undefined where there is no such date.
 */
export function localTime(text: string, timezone: string): number | undefined {
  const asUtc = Date.parse(`${text}Z`);
  // Date.parse rolls some dates over: 30 February would become 2 March.
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 19) !== text) return undefined;
  const before = asUtc - offset(asUtc - 86_400_000, timezone);
  if (before + offset(before, timezone) === asUtc) return before;
  const after = asUtc - offset(asUtc + 86_400_000, timezone);
  return after + offset(after, timezone) === asUtc ? after : before;
}

/** Whether the clocks of a time zone show at a moment what they have shown before: they were put back. */
export function isRepeated(moment: number, timezone: string): boolean {
  if (timezone === 'UTC') return false;
  const shown = new Date(moment + offset(moment, timezone)).toISOString().slice(0, 19);
  return localTime(shown, timezone)! < Math.floor(moment / 1000) * 1000;
}

/** How far the zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offset(moment: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(moment);
  const part = (type: string) => Number(parts.find((one) => one.type === type)!.value);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(moment / 1000) * 1000;
}
