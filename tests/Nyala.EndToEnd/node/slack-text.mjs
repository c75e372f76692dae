// Reads a callback (on standard input) as the relay WCOMAB/KuduPostDeploymentSlackHook does, the same fields in the same way, and prints what
// it would have Slack say.
import { readFileSync } from 'node:fs'

const { status, complete, siteName, hostName, id, author, endTime, message } = JSON.parse(readFileSync(0, 'utf8'))
const succeeded = status == 'success' && complete
console.log(`${succeeded ? 'Published' : 'Failed'}: ${siteName || 'unknown'}`)
console.log(`Initiated by: ${author || 'unknown'} ${endTime || ''}`)
console.log(`${hostName ? `<https://${hostName}|${hostName}> ` : ''}${id ? `Id: ${id}` : ''}`)
console.log(message || 'null message')
