import { Session } from './session.ts';
import { typingTable } from './types/expression-typing.ts';

/** Of a compilation that has ended. Opening one takes as long as typing twenty steps. */
let idle: Session | undefined;

/** A session without a table, which can read no file. Give it back or close it. */
export async function takeTypingSession(): Promise<Session> {
  const kept = idle;
  idle = undefined;
  if (kept) {
    if (await isAsNew(kept)) return kept;
    kept.close();
  }
  return Session.open({ folders: [], memoryMegabytes: 512, threads: 1 });
}

/** Keeps it for the next compilation; nothing may be left in it but tables that say of themselves that they hold no rows. */
export function giveBackTypingSession(session: Session): void {
  if (idle) session.close();
  else idle = session;
}

/** After a fatal error no query succeeds. */
async function isAsNew(session: Session): Promise<boolean> {
  try {
    const tables = await session.rows('SELECT table_name AS name FROM duckdb_tables()');
    if (tables.some(({ name }) => !name.startsWith(typingTable))) return false;
    for (const { name } of tables) await session.run(`DROP TABLE ${name}`);
    return true;
  } catch {
    return false;
  }
}
