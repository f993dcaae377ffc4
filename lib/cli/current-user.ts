import { userInfo } from 'node:os';

/** Whose commands these are, for `--by`. In a container the number of a user may have no name. */
export function currentUser(ask: () => { readonly username: string } = userInfo): string {
  try {
    return ask().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}
