import type { Operation } from '../../../service.ts';
import { isSimulator } from '../address.ts';
import { accountOf, type SesCore } from '../core.ts';
import { refuseUnknown } from '../errors.ts';

const day = 24 * 3_600_000;
const quota = {
  sandbox: { Max24HourSend: 200, MaxSendRate: 1 },
  production: { Max24HourSend: 50_000, MaxSendRate: 14 },
};

/** What describes the use of mail to AWS's reviewers, who do not look at this machine. */
const review = ['MailType', 'WebsiteURL', 'ContactLanguage', 'UseCaseDescription', 'AdditionalContactEmailAddresses'];

export function accountOperations(core: SesCore): Record<string, Operation> {
  return {
    async GetAccount() {
      const { productionAccess, sendingEnabled } = accountOf(core);
      const since = core.cloud.clock.now() - day;
      const recent = core.mailbox.all().filter(({ Timestamp }) => Date.parse(Timestamp) > since);
      // Recipients count, those of the simulator aside.
      const sent = recent.flatMap(({ Destination }) => Object.values(Destination).flat());
      return {
        DedicatedIpAutoWarmupEnabled: false,
        EnforcementStatus: 'HEALTHY',
        ProductionAccessEnabled: productionAccess,
        SendingEnabled: sendingEnabled,
        SendQuota: {
          ...quota[productionAccess ? 'production' : 'sandbox'],
          SentLast24Hours: sent.filter((text) => !isSimulator(text)).length,
        },
      };
    },
    /** Takes effect at once: `ProductionAccessEnabled: false` puts the account into the sandbox. */
    async PutAccountDetails(input) {
      refuseUnknown('PutAccountDetails', input, ['ProductionAccessEnabled', ...review]);
      const productionAccess = input.ProductionAccessEnabled === true;
      core.account.set('account', { ...accountOf(core), productionAccess });
      return {};
    },
    async PutAccountSendingAttributes(input) {
      refuseUnknown('PutAccountSendingAttributes', input, ['SendingEnabled']);
      core.account.set('account', { ...accountOf(core), sendingEnabled: input.SendingEnabled === true });
      return {};
    },
  };
}
