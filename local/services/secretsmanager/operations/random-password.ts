import { randomInt } from 'node:crypto';
import { refuseUnknown } from '../../../requests/known-members.ts';
import type { Operation } from '../../../service.ts';
import { invalidParameter } from '../errors.ts';

const kinds = {
  Lowercase: 'abcdefghijklmnopqrstuvwxyz',
  Uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  Numbers: '0123456789',
  Punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};
const members = [
  ...['PasswordLength', 'ExcludeCharacters', 'ExcludeNumbers', 'ExcludePunctuation', 'ExcludeUppercase'],
  ...['ExcludeLowercase', 'IncludeSpace', 'RequireEachIncludedType'],
];
const longest = 4096;

export const getRandomPassword: Operation = async (input) => {
  refuseUnknown('secretsmanager:GetRandomPassword', input, members);
  const length = Number(input.PasswordLength ?? 32);
  if (!(length >= 1 && length <= longest))
    throw invalidParameter(`PasswordLength must be from 1 to ${longest}: ${length}`);
  const excluded = new Set(input.ExcludeCharacters ?? '');
  const sets = Object.entries(kinds)
    .filter(([kind]) => input[`Exclude${kind}`] !== true)
    .map(([, characters]) => characters);
  if (input.IncludeSpace === true) sets.push(' ');
  const allowed = sets
    .map((characters) => [...characters].filter((one) => !excluded.has(one)))
    .filter((set) => set.length > 0);
  const all = allowed.flat();
  if (all.length === 0) throw invalidParameter('The password would have no characters to choose from.');
  const required = input.RequireEachIncludedType === false ? [] : allowed;
  if (length < required.length)
    throw invalidParameter('The password is too short for one character of each included type.');
  const password = required.map(pick);
  while (password.length < length) password.push(pick(all));
  return { RandomPassword: shuffled(password).join('') };
};

const pick = (characters: readonly string[]) => characters[randomInt(characters.length)]!;

function shuffled(characters: readonly string[]): string[] {
  const result = [...characters];
  for (let place = result.length - 1; place > 0; place--) {
    const other = randomInt(place + 1);
    [result[place], result[other]] = [result[other]!, result[place]!];
  }
  return result;
}
