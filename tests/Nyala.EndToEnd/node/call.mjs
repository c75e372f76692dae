// Calls one function of a client of Kudu that others wrote (JSON on standard input: url, token, client, part, name, arguments), and prints what
// it gives as JSON, after what it prints itself; else says why not. An argument { "file": path } is a stream of that file.
import { createReadStream, readFileSync } from 'node:fs'

const { url, token, client, part, name, args } = JSON.parse(readFileSync(0, 'utf8'))
const user = 'anyone'
const given = args.map(arg => (arg?.file ? () => createReadStream(arg.file) : arg))

const clients = {
  'azure-actions-appservice-rest': async () => {
    const { Kudu } = await import('azure-actions-appservice-rest/Kudu/azure-app-kudu-service.js')
    const { KuduServiceUtility } = await import('azure-actions-appservice-rest/Utilities/KuduServiceUtility.js')
    const kudu = new Kudu(url, { username: user, password: token })
    const parts = { kudu, utility: new KuduServiceUtility(kudu) }
    return parts[part][name](...given)
  },

  // Its own entry can only reach *.scm.azurewebsites.net, so its parts are handed what that entry hands them, with another address.
  'kudu-api': async () => {
    const { default: request } = await import('request')
    const { default: create } = await import(`kudu-api/lib/${part}.js`)
    const authorization = `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`
    const http = request.defaults({ baseUrl: url, headers: { Authorization: authorization } })
    return new Promise((resolve, reject) =>
      create(http)[name](...given, (error, body, response) => (error ? reject(error) : resolve({ status: response.statusCode, body }))))
  },

  'vscode-azurekudu': async () => {
    const { BasicAuthenticationCredentials } = await import('@azure/ms-rest-js')
    const { default: { KuduClient } } = await import('vscode-azurekudu')
    const kudu = new KuduClient(new BasicAuthenticationCredentials(user, token), { baseUri: url })
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
