// Verifies a delivery (JSON on standard input: secret, headers, body) as a receiver in Node.js would: prints the parsed body, else why not.
import { readFileSync } from 'node:fs'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'

const { secret, headers, body } = JSON.parse(readFileSync(0, 'utf8'))
try {
  console.log(JSON.stringify(new Webhook(secret).verify(body, headers)))
} catch (error) {
  if (!(error instanceof WebhookVerificationError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
