/**
 * The names of the API's members begin in lower case on the wire and in upper case in the SDK. Keys of maps are the
 * user's own and stay as they are.
 */
const maps = new Set(['tags', 'stagevariables', 'requestparameters', 'responseparameters', 'routesettings']);

/** Maps whose values are structures again. */
const mapsOfStructures = new Set(['routesettings']);

type Rename = (name: string) => string;

const capitalized: Rename = (name) => name.charAt(0).toUpperCase() + name.slice(1);
const uncapitalized: Rename = (name) => name.charAt(0).toLowerCase() + name.slice(1);

export const fromWire = (body: object): any => renamed(body, capitalized);
export const toWire = (output: unknown): unknown => renamed(output, uncapitalized);

function renamed(value: unknown, rename: Rename): unknown {
  if (Array.isArray(value)) return value.map((member) => renamed(member, rename));
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [rename(name), inside(name, member, rename)]),
  );
}

function inside(name: string, member: unknown, rename: Rename): unknown {
  const key = name.toLowerCase();
  if (!maps.has(key) || typeof member !== 'object' || member === null) return renamed(member, rename);
  if (!mapsOfStructures.has(key)) return member;
  return Object.fromEntries(Object.entries(member).map(([own, structure]) => [own, renamed(structure, rename)]));
}
