import type { History, Mishap } from './history.ts';
import type { CallNote } from './play.ts';

/** Histories that strike different parts of the same run, in the order in which they strike; or one. */
export type Together = readonly [History, ...History[]];

/** More would find a run that has used up what it may try, and no fault. */
const mostTogether = 3;

/**
 * Puts histories that strike one call each, and are alike otherwise, together by three, so that a run is struck again when
 * it has got over the strike before. Those that strike the same part of a run are kept apart: the later strike could not be
 * told from one of an attempt that an earlier one has caused.
 * @param calls those of the history in which nothing is struck
 */
export function inGroups(histories: readonly History[], calls: readonly CallNote[]): readonly Together[] {
  const places = new Map(histories.map((history) => [history, calls.indexOf(struckIn(history, calls))]));
  const parts = [...Map.groupBy(histories, (history) => partOf(struckIn(history, calls))).values()];
  const groups: Together[] = [];
  for (;;) {
    // From where the most are left, for what is left at the end is played alone.
    const largest = parts.sort((a, b) => b.length - a.length).slice(0, mostTogether);
    const taken = largest.flatMap((part) => part.shift() ?? []);
    const [first, ...others] = taken.sort((a, b) => places.get(a)! - places.get(b)!);
    if (!first) return groups;
    groups.push([first, ...others]);
  }
}

/** The history in which all of them are struck. Where the first one was, calls have other numbers: the others are named. */
export function together([first, ...others]: Together, calls: readonly CallNote[]): History {
  const named = others.map((other): Mishap => {
    const call = struckIn(other, calls);
    const { operation, about } = call;
    const of = lastingPart(about);
    const isNamed = (one: CallNote) => one.by === call.by && one.operation === operation && one.about.includes(of);
    const nth = calls.slice(0, calls.indexOf(call)).filter(isNamed).length;
    return { ...other.mishaps.at(-1)!, at: { call: operation, of, nth } };
  });
  return { ...first, mishaps: [...first.mishaps, ...named] };
}

/** Whether two calls of histories that differ in a strike before them are the same call. */
export function isAlike(a: CallNote, b: CallNote): boolean {
  return a.by === b.by && a.operation === b.operation && lastingParts(a.about).join() === lastingParts(b.about).join();
}

/** The call that a history strikes; it is the last of its mishaps. */
export function struckIn({ mishaps }: History, calls: readonly CallNote[]): CallNote {
  const { by, at } = mishaps.at(-1)!;
  return calls.find((call) => call.by === by && call.at === at)!;
}

/** What a call is a part of: a function itself, or what a service asks, or asks for. */
function partOf({ by, about }: CallNote): string {
  const words = about.split(' ');
  return by === 'function' ? words[0]! : words.at(-1)!;
}

/** Times, and ids that are drawn or hang on times: what came before has changed them. */
const changing = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{16}|\d{10,}|\d{4}-\d\d-\d\d[T/][\d:.]+Z/;

const lastingParts = (about: string) => about.split(changing);

const lastingPart = (about: string) => lastingParts(about).reduce((a, b) => (b.length > a.length ? b : a));
