// Signs a request (on standard input) as the npm package oauth-1.0a does, with the nonce and the time of an Authorization header, and prints the signature that
// the header should have.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import OAuth from 'oauth-1.0a'

const { method, url, header, consumer, token } = JSON.parse(readFileSync(0, 'utf8'))
const sent = Object.fromEntries([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, decodeURIComponent(value)]))
const oauth = new OAuth({
  consumer,
  signature_method: 'HMAC-SHA1',
  hash_function: (text, key) => createHmac('sha1', key).update(text).digest('base64'),
})
oauth.getNonce = () => sent.oauth_nonce
oauth.getTimeStamp = () => sent.oauth_timestamp
console.log(JSON.stringify({ expected: oauth.authorize({ method, url }, token).oauth_signature, sent: sent.oauth_signature }))
