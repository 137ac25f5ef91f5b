import { ApiFault, defineApi } from '../module.ts';
import { loginPlace, sha1, webArgs } from './shared/tars-login.ts';

export default defineApi({
  name: 'tars_web_admin',
  doc: 'Gives the administrator of a new web of Tars his first password. Where he has one already it must be this: it is never changed. Whether one was set cannot be seen before it is tried, so a dry run does not know.',
  args: {
    properties: {
      ...webArgs,
      uid: { type: 'string', default: 'admin', description: 'The account.' },
      password: { type: 'string', secret: true, description: 'Its password; sent as SHA-1, as the web wants it.' },
    },
    required: ['password'],
  },
  examples: `
- tars_web_admin: { password: "{{ tars_web_admin_password }}" }
`,
  returns: { uid: 'the account' },
  check: a => (a.password === '' ? 'the password is empty' : undefined),

  async plan(a, api) {
    const password = sha1(a.password);
    const web = loginPlace(a, api, [a.password, password]);
    const login = await web.try('login', { uid: a.uid, password });
    const values = { uid: a.uid };
    if ('data' in login) return { before: {}, after: {}, steps: [], values };
    return {
      before: { password: 'not this' },
      after: { password: 'as given' },
      unsure: `the web does not let "${a.uid}" in with this password: either none was set yet, or another`,
      values,
      steps: [
        {
          what: `set the first password of "${a.uid}"`,
          async run() {
            const set = await web.try('adminModifyPass', { uid: a.uid, password, repeat_password: password });
            if ('data' in set) return {};
            const advice = 'where it has another one, give that, or change it in the web';
            throw new ApiFault('answer', `${set.refused}; the login says: ${login.refused}; ${advice}`);
          },
        },
      ],
    };
  },
});
