// Runs the function "Verify" of the flow in integrations/node-red as Node-RED does, with requests that npm's standardwebhooks has signed, and prints as JSON
// for each case the status code of the response and the payload that the flow continues with.
import * as crypto from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Webhook } from 'standardwebhooks'

const flow = JSON.parse(readFileSync(new URL('../../../integrations/node-red/flow.json', import.meta.url), 'utf8'))
const { func, libs } = flow.find(node => node.name === 'Verify')
const verify = new Function('msg', 'node', 'env', ...libs.map(lib => lib.var), func)

const secret = `whsec_${crypto.randomBytes(32).toString('base64')}`
const body = '{"status":"failed","message":"café ☕"}'
const sign = (date, key = secret) => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': `${Math.floor(date / 1000)}`,
  'webhook-signature': new Webhook(key).sign('msg_1', new Date(date), body)
})

const now = sign(Date.now())
const other = sign(Date.now(), `whsec_${crypto.randomBytes(32).toString('base64')}`)
const cases = {
  genuine: { headers: now },
  rotated: { headers: { ...now, 'webhook-signature': `${other['webhook-signature']} ${now['webhook-signature']}` } },
  changed: { headers: now, sent: body.replace('failed', 'success') },
  other: { headers: other },
  old: { headers: sign(Date.now() - 600_000) },
  unsigned: { headers: {} },
  unset: { headers: now, set: null }
}

const run = ({ headers, sent = body, set = secret }) => {
  const [next, response] = verify({ req: { headers }, payload: Buffer.from(sent) }, { error() {} }, { get: () => set }, crypto)
  return [response.statusCode, next?.payload ?? null]
}

console.log(JSON.stringify(Object.fromEntries(Object.entries(cases).map(([name, value]) => [name, run(value)]))))
