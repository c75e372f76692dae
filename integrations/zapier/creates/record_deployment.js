const { api } = require('../nyala')

const statuses = { success: 4, failed: 3 }

const perform = async (z, bundle) => {
  const { id, site, status, ...report } = bundle.inputData
  const { data } = await z.request({
    method: 'PUT',
    url: `${api(bundle, site)}/deployments/${encodeURIComponent(id)}`,
    // Otherwise the server waits for the first attempt of each webhook.
    headers: { Prefer: 'respond-async' },
    body: { ...report, status: statuses[status] }
  })
  return data
}

module.exports = {
  key: 'record_deployment',
  noun: 'Deployment',
  display: {
    label: 'Record Deployment',
    description: 'Records a deployment that has ended. Nyala then sends its webhooks.'
  },
  operation: {
    perform,
    inputFields: [
      { key: 'id', label: 'Deployment', type: 'string', required: true, helpText: 'Usually a commit id. Letters, digits, `.`, `_` and `-`.' },
      { key: 'status', label: 'Status', type: 'string', required: true, choices: { success: 'Succeeded', failed: 'Failed' } },
      { key: 'message', label: 'Message', type: 'string', required: true, helpText: 'Usually the commit message.' },
      { key: 'author', label: 'Author', type: 'string', required: true },
      { key: 'deployer', label: 'Deployer', type: 'string', required: true, default: 'Zapier' },
      { key: 'site', label: 'Site', type: 'string', helpText: 'Leave it empty for the site of the connection, or the default site.' },
      { key: 'branch', label: 'Branch', type: 'string' },
      { key: 'author_email', label: 'Author Email', type: 'string' },
      { key: 'status_text', label: 'Reason', type: 'string', helpText: 'Why it failed.' },
      {
        key: 'run',
        label: 'Run',
        type: 'string',
        helpText: 'Your own key for this run, such as a build number. A second report with the same key changes nothing. Without a key, the server refuses a second report of the same deployment.'
      }
    ],
    sample: {
      id: '982843aff56d37f2bfb9f532a9c0465031f4172d',
      status: 4,
      status_text: '',
      author: 'Someone',
      deployer: 'Zapier',
      message: 'Show prices with tax',
      received_time: '2026-02-27T17:44:25.8567966Z',
      start_time: '2026-02-27T17:44:25.8567966Z',
      end_time: '2026-02-27T17:45:06.2016537Z',
      complete: true,
      active: true,
      url: 'https://nyala.example.com/sites/shop/api/deployments/982843aff56d37f2bfb9f532a9c0465031f4172d',
      site_name: 'shop',
      run: 1,
      branch: 'main'
    }
  }
}
