import type { Cloud } from '../../service.ts';
import type { Collection } from '../../store.ts';
import type { Identities } from './identities.ts';
import type { Mailbox } from './mailbox.ts';

export interface AccountDetails {
  /** In the sandbox, which this is false for, recipients must be verified, too. */
  readonly productionAccess: boolean;
  readonly sendingEnabled: boolean;
}

/** What the operations of SES share. */
export interface SesCore {
  readonly cloud: Cloud;
  readonly identities: Identities;
  readonly mailbox: Mailbox;
  /** One entry, `account`, once somebody has changed it. */
  readonly account: Collection<AccountDetails>;
}

export function accountOf({ account }: SesCore): AccountDetails {
  return account.get('account') ?? { productionAccess: true, sendingEnabled: true };
}
