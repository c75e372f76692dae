const { api } = require('../nyala')

const perform = async (z, bundle) => {
  const { data } = await z.request({ method: 'POST', url: `${api(bundle)}/deliveries/${encodeURIComponent(bundle.inputData.delivery)}/redeliver` })
  return data
}

module.exports = {
  key: 'redeliver',
  noun: 'Delivery',
  display: {
    label: 'Redeliver',
    description: 'Sends a delivery again: the same bytes, to the same hook.'
  },
  operation: {
    perform,
    inputFields: [
      {
        key: 'delivery',
        label: 'Delivery',
        type: 'string',
        required: true,
        dynamic: 'failed_delivery.id.name',
        helpText: 'The list shows failed deliveries. Any other id, such as `msg_912976470094118912`, works too.'
      }
    ],
    sample: {
      id: '912976470094118912',
      webhook_id: 'msg_912976470094118912',
      hook: '912976469544665088',
      state: 'delivered',
      attempts: 2,
      created: '2026-02-27T17:45:06.2016537Z',
      ended: '2026-02-27T17:45:06.3120044Z',
      last_status: 200
    }
  }
}
