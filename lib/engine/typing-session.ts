import { Session } from './session.ts';

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

/** Keeps it for the next compilation; nothing but tables may have been made in it, and all of them dropped. */
export function giveBackTypingSession(session: Session): void {
  if (idle) session.close();
  else idle = session;
}

/** After a fatal error no query succeeds. */
async function isAsNew(session: Session): Promise<boolean> {
  const tables = await session.counts('SELECT count(*) FROM duckdb_tables()').catch(() => [1]);
  return tables[0] === 0;
}
