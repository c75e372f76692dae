const { api } = require('../nyala')

const event = 'PostDeployment'

const outcomes = {
  failed: 'It failed',
  success: 'It succeeded',
  broke: 'It failed, and the previous one had succeeded',
  fixed: 'It succeeded, and the previous one had failed',
  still_failing: 'It failed, and the previous one had failed too'
}

const statuses = ['failed', 'success']

const chosen = values => [].concat(values || []).map(value => value.trim()).filter(Boolean)

// A hook receives what matches any of its filters. An empty filter matches everything, and clears the filter of a hook that exists already.
const filterOf = input => {
  const when = chosen(input.when)
  const status = when.filter(outcome => statuses.includes(outcome))
  const change = when.filter(outcome => !statuses.includes(outcome))
  const common = Object.fromEntries(['branch', 'site'].map(name => [name, chosen(input[name])]).filter(([, values]) => values.length))
  if (!status.length && !change.length) return common
  return [...(status.length ? [{ ...common, status }] : []), ...(change.length ? [{ ...common, change }] : [])]
}

const performSubscribe = async (z, bundle) => {
  const zap = bundle.meta && bundle.meta.zap && bundle.meta.zap.id
  const { data } = await z.request({
    method: 'POST',
    url: `${api(bundle)}/hooks`,
    body: { url: bundle.targetUrl, event, format: 'kudu', filter: filterOf(bundle.inputData), description: zap ? `Zap ${zap}` : 'Zapier' }
  })
  // The rest, such as the signing secret, does not belong in Zapier's storage.
  return { id: data.id }
}

// The server returns 200 also if the hook was removed before.
const performUnsubscribe = async (z, bundle) => {
  await z.request({ method: 'DELETE', url: `${api(bundle)}/hooks/${bundle.subscribeData.id}` })
  return { id: bundle.subscribeData.id }
}

// A ping tests the connection. It does not start the Zap.
const perform = (z, { cleanedRequest }) => (cleanedRequest.event === 'Ping' ? [] : [cleanedRequest])

const performList = async (z, bundle) => (await z.request({ url: `${api(bundle)}/hooks/samples/${event}`, params: { limit: 3 } })).data

module.exports = {
  key: 'deployment_finished',
  noun: 'Deployment',
  display: {
    label: 'Deployment Finished',
    description: 'Triggers when a deployment ends, in success or failure.'
  },
  operation: {
    type: 'hook',
    performSubscribe,
    performUnsubscribe,
    perform,
    performList,
    inputFields: [
      { key: 'when', label: 'When', type: 'string', list: true, choices: outcomes, helpText: 'Any of these results. Leave it empty for all.' },
      { key: 'branch', label: 'Branch', type: 'string', list: true, helpText: 'Any of these branches. `*` matches any characters, as in `release/*`. Leave it empty for all.' },
      { key: 'site', label: 'Site', type: 'string', list: true, helpText: 'Any of these sites. `*` matches any characters. Leave it empty for all sites of the connection.' }
    ],
    sample: {
      id: '982843aff56d37f2bfb9f532a9c0465031f4172d',
      status: 'success',
      statusText: '',
      authorEmail: 'someone@example.com',
      author: 'Someone',
      message: 'Show prices with tax',
      progress: '',
      deployer: 'CI',
      receivedTime: '2026-02-27T17:44:25.8567966Z',
      startTime: '2026-02-27T17:44:25.8567966Z',
      endTime: '2026-02-27T17:45:06.2016537Z',
      lastSuccessEndTime: '2026-02-27T17:45:06.2016537Z',
      complete: true,
      siteName: 'shop',
      hostName: 'shop.example.com',
      branch: 'main',
      run: 1
    },
    // The same commit can be deployed more than once, and to several sites.
    outputFields: [
      { key: 'id', label: 'Deployment', type: 'string', primary: true },
      { key: 'siteName', label: 'Site', type: 'string', primary: true },
      { key: 'run', label: 'Run', type: 'integer', primary: true },
      { key: 'status', label: 'Status', type: 'string' },
      { key: 'statusText', label: 'Reason', type: 'string' },
      { key: 'change', label: 'Change', type: 'string' },
      { key: 'message', label: 'Message', type: 'string' },
      { key: 'author', label: 'Author', type: 'string' },
      { key: 'authorEmail', label: 'Author Email', type: 'string' },
      { key: 'branch', label: 'Branch', type: 'string' },
      { key: 'deployer', label: 'Deployer', type: 'string' },
      { key: 'hostName', label: 'Host Name', type: 'string' },
      { key: 'url', label: 'URL', type: 'string' },
      { key: 'startTime', label: 'Started', type: 'datetime' },
      { key: 'endTime', label: 'Ended', type: 'datetime' },
      { key: 'complete', label: 'Complete', type: 'boolean' }
    ]
  }
}
