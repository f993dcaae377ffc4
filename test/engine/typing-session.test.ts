import { expect, test } from 'vitest';
import { giveBackTypingSession, takeTypingSession } from '../../lib/engine/typing-session.ts';

test('a session is used by one compilation after the other', async () => {
  const first = await takeTypingSession();
  giveBackTypingSession(first);
  const second = await takeTypingSession();
  expect(second).toBe(first);
  const beside = await takeTypingSession();
  expect(beside).not.toBe(first);
  giveBackTypingSession(second);
  giveBackTypingSession(beside);
});

test('a session with something left in it is not used again, nor one that has failed', async () => {
  const left = await takeTypingSession();
  await left.run('CREATE TABLE rest (a INTEGER)');
  giveBackTypingSession(left);
  const closed = await takeTypingSession();
  expect(closed).not.toBe(left);
  giveBackTypingSession(closed);
  closed.close();
  const other = await takeTypingSession();
  expect(other).not.toBe(closed);
  giveBackTypingSession(other);
});

test('a session can read no file', async () => {
  const session = await takeTypingSession();
  await expect(session.rows(`SELECT * FROM read_text('${import.meta.filename}')`)).rejects.toThrow('Permission Error');
  giveBackTypingSession(session);
});
