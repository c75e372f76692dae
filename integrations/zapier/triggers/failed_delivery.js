const { api } = require('../nyala')

const named = ({ webhook_id: id, event, reason, last_reason: last }) => ({
  id,
  name: [event.type, event.site, event.deployment, reason || last].filter(Boolean).join(', ')
})

// A ping cannot be sent again.
const perform = async (z, bundle) => {
  const { data } = await z.request({ url: `${api(bundle)}/deliveries`, params: { state: 'failed', limit: 50 } })
  return data.filter(({ event }) => event.type !== 'Ping').map(named)
}

// Fills the dropdown of the action Redeliver.
module.exports = {
  key: 'failed_delivery',
  noun: 'Failed Delivery',
  display: { label: 'Failed Delivery', description: 'Lists the deliveries that failed.', hidden: true },
  operation: { type: 'polling', perform, sample: { id: 'msg_912976470094118912', name: 'PostDeployment, shop' } }
}
