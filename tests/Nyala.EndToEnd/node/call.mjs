// Calls one function of a client of Kudu that others wrote (JSON on standard input: url, token, client, part, name, arguments), and prints what
// it gives as JSON, after what it prints itself; else says why not. An argument { "file": path } is a stream of that file.
import { createReadStream, readFileSync } from 'node:fs'
import { BasicAuthenticationCredentials } from '@azure/ms-rest-js'
import { Kudu } from 'azure-actions-appservice-rest/Kudu/azure-app-kudu-service.js'
import { KuduServiceUtility } from 'azure-actions-appservice-rest/Utilities/KuduServiceUtility.js'
import deployment from 'kudu-api/lib/deployment.js'
import settings from 'kudu-api/lib/settings.js'
import request from 'request'
import vscode from 'vscode-azurekudu'

const { url, token, client, part, name, args } = JSON.parse(readFileSync(0, 'utf8'))
const user = 'anyone'
const given = args.map(arg => (arg?.file ? () => createReadStream(arg.file) : arg))

const clients = {
  'azure-actions-appservice-rest': () => {
    const kudu = new Kudu(url, { username: user, password: token })
    const parts = { kudu, utility: new KuduServiceUtility(kudu) }
    return parts[part][name](...given)
  },

  // Its own entry can only reach *.scm.azurewebsites.net, so its parts are handed what that entry hands them, with another address.
  'kudu-api': () => {
    const authorization = `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`
    const http = request.defaults({ baseUrl: url, headers: { Authorization: authorization } })
    const parts = { deployment: deployment(http), settings: settings(http) }
    return new Promise((resolve, reject) =>
      parts[part][name](...given, (error, body, response) => (error ? reject(error) : resolve({ status: response.statusCode, body }))))
  },

  'vscode-azurekudu': async () => {
    const kudu = new vscode.KuduClient(new BasicAuthenticationCredentials(user, token), { baseUri: url })
    const { _response: response } = await kudu[part][name](...given)
    return { status: response.status, location: response.headers.get('location'), body: response.parsedBody }
  }
}

try {
  console.log(JSON.stringify((await clients[client]()) ?? null))
} catch (error) {
  console.error(client === 'vscode-azurekudu' ? `${error.statusCode} ${error.message}` : (error.message ?? error))
  process.exitCode = 1
}
