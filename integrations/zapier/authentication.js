const { api } = require('./nyala')

const test = async (z, bundle) => {
  const { data } = await z.request({ url: `${api(bundle)}/hooks`, params: { limit: 1 } })
  if (!Array.isArray(data)) throw new z.errors.Error('This URL responds, but not as a Nyala server. Check the server URL.', 'WrongServer')
  return { name: api(bundle).replace(/^https?:\/\/|\/api$/g, '') }
}

module.exports = {
  type: 'custom',
  test,
  connectionLabel: '{{name}}',
  fields: [
    {
      key: 'server',
      label: 'Server URL',
      type: 'string',
      required: true,
      placeholder: 'https://nyala.example.com',
      helpText: 'Zapier must be able to reach the server from the internet.'
    },
    {
      key: 'token',
      label: 'Token',
      type: 'password',
      required: true,
      helpText:
        'The trigger and *Redeliver* need the scope `hooks`, *Record Deployment* needs `deploy`. To create a token with both: `nyala tokens create zapier --scope hooks --scope deploy`.'
    },
    {
      key: 'site',
      label: 'Site',
      type: 'string',
      required: false,
      helpText: 'Leave it empty for all sites. A token that is limited to a site needs the name of that site.'
    }
  ]
}
