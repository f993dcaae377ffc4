import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { currentUser } from '../../lib/cli/current-user.ts';

test('names who runs a command, by a number where there is no name', () => {
  expect(currentUser()).toBe(userInfo().username);
  const nameless = () => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  };
  expect(currentUser(nameless)).toBe(`uid ${process.getuid?.()}`);
});
