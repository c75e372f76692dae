// Deploys a zip with vscode-azurekudu in the order in which Visual Studio Code's App Service extension calls it (JSON on standard input: url,
// token, file), and prints as JSON what it sees at the end: the deployment, its log, and the details of each entry of the log.
import { createReadStream, readFileSync } from 'node:fs'
import { BasicAuthenticationCredentials } from '@azure/ms-rest-js'
import vscode from 'vscode-azurekudu'

const { url, token, file } = JSON.parse(readFileSync(0, 'utf8'))
const kudu = new vscode.KuduClient(new BasicAuthenticationCredentials('anyone', token), { baseUri: url })
await kudu.pushDeployment.zipPushDeploy(() => createReadStream(file), { isAsync: true, author: 'VS Code', deployer: 'VS Code', trackDeploymentId: true })

let latest = await kudu.deployment.getResult1('latest')
while (!latest.complete) latest = await kudu.deployment.getResult1(latest.id)

const log = await kudu.deployment.getLogEntry1(latest.id)
const details = await Promise.all(log.map(entry => kudu.deployment.getLogEntryDetails1(latest.id, entry.id)))
console.log(JSON.stringify({ latest, log, details }))
