import type { LocalApp } from '../../local/index.ts';
import type { Printer } from './print.ts';

const pollMilliseconds = 1000;

/** What the two services tell of a mail. */
interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly at: string;
  readonly file: string;
}

/** Writes a line for each mail that the app sends from now on, until `stopped` resolves: none leaves this machine. */
export async function reportMails(
  { cloud }: Pick<LocalApp, 'cloud'>,
  printer: Printer,
  stopped: Promise<void>,
): Promise<void> {
  if (printer.json) return;
  const known = new Set((await mailsOf(cloud)).map(({ file }) => file));
  let ended = false;
  const end = stopped.then(() => {
    ended = true;
  });
  while (!ended) {
    for (const { at, to, subject, file } of await mailsOf(cloud)) {
      if (known.has(file)) continue;
      known.add(file);
      const time = new Date(at).toTimeString().slice(0, 8);
      printer.line(`${printer.paint('dim', time)}  mail to ${to.join(', ')}: ${subject}  ${file}`);
    }
    const waited = Promise.withResolvers<void>();
    const timer = setTimeout(waited.resolve, pollMilliseconds);
    await Promise.race([end, waited.promise]);
    clearTimeout(timer);
  }
}

async function mailsOf(cloud: LocalApp['cloud']): Promise<readonly Mail[]> {
  const caller = { kind: 'root', arn: `arn:aws:iam::${cloud.accountId}:root` } as const;
  const sent = async (service: string) => (await cloud.call(service, 'ListSentEmails', {}, caller)).SentEmails;
  const [topics, letters] = await Promise.all([sent('sns'), sent('ses')]);
  return [
    ...topics.map(({ Timestamp, To, Subject, File }: any) => ({
      at: Timestamp,
      to: [To],
      subject: Subject,
      file: File,
    })),
    ...letters.map(({ Timestamp, Destination, Subject, File }: any) => ({
      at: Timestamp,
      to: Object.values(Destination).flat(),
      subject: Subject,
      file: File,
    })),
  ];
}
