import type { ParameterValues } from './parameter.ts';

const slot = /\{([^{}]*)\}/g;

/** Canonical options of sources that say where their objects lie. */
export const placeOptions = ['prefix', 'key'] as const;

/** Names of the parameters in a place of the lake, e.g. `day` in `landing/orders/{day}/`. */
export function parametersIn(place: string): readonly string[] {
  return [...place.matchAll(slot)].map(([, name]) => name!);
}

/** The place with values in it. One without a value stays, so that no object lies there. */
export function placeWith(place: string, values: ParameterValues): string {
  return place.replaceAll(slot, (given, name: string) => values[name] ?? given);
}

/** The folder that holds the place whatever the values are. A place without parameters stands for itself. */
export function placeWithout(place: string): string {
  const at = place.search(slot);
  return at < 0 ? place : place.slice(0, place.lastIndexOf('/', at) + 1);
}

/** Whether a value can be a part of a place: another folder, or none, must not come of it. */
export function fitsPlace(value: string): boolean {
  return /^[A-Za-z0-9_=.-]{1,200}$/.test(value) && !/^\.+$/.test(value);
}
