import { createHash } from 'node:crypto';
import { keyedHashFunction } from '../component/keyed-hash.ts';
import type { Session } from './session.ts';

/** Bytes that SHA-256 works on at a time. */
const blockBytes = 64;
const table = '__keys';

/**
 * Gives a session the function that hashes under secrets. Their keys lie in a table, which no expression can name: they
 * are never part of SQL, so no message can quote them.
 * @param secrets values by name; none where nothing is computed
 */
export async function openKeys(session: Session, secrets: Readonly<Record<string, string>>): Promise<void> {
  await session.run(`CREATE TABLE ${table} (name VARCHAR, inner_key BLOB, outer_key BLOB)`);
  const connection = await session.connect();
  const appender = await connection.createAppender(table);
  for (const [name, secret] of Object.entries(secrets)) {
    const { inner, outer } = paddedKeys(secret);
    appender.appendVarchar(name);
    appender.appendBlob(inner);
    appender.appendBlob(outer);
    appender.endRow();
  }
  appender.closeSync();
  const key = (which: string) => `(SELECT ${which} FROM ${table} WHERE name = secret)`;
  const inner = `sha256(${key('inner_key')} || encode(text))`;
  await session.run(
    `CREATE MACRO ${keyedHashFunction}(secret, text) AS sha256(${key('outer_key')} || unhex(${inner}))`,
  );
}

/** The key as HMAC (RFC 2104) puts it before the message, and before the hash of that. */
function paddedKeys(secret: string): { readonly inner: Uint8Array; readonly outer: Uint8Array } {
  const bytes = Buffer.from(secret, 'utf8');
  const key = Buffer.alloc(blockBytes);
  (bytes.length > blockBytes ? createHash('sha256').update(bytes).digest() : bytes).copy(key);
  return { inner: key.map((byte) => byte ^ 0x36), outer: key.map((byte) => byte ^ 0x5c) };
}
