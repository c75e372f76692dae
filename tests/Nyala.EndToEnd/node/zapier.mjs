// Calls functions of the app in integrations/zapier as Zapier does, with its own tester. Reads JSON from standard input (url, token, and calls: the path of a
// function in the app, and what Zapier gives it), and prints a JSON list: for each call its result or its error. The call "validate" checks the definition.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

// Zapier's checks of results throw only in a test.
process.env.NODE_ENV = 'test'
const require = createRequire(import.meta.url)
const { createAppHandler, createAppTester } = require('zapier-platform-core')
const app = require('../../../integrations/zapier')

const { url, token, calls } = JSON.parse(readFileSync(0, 'utf8'))
const tester = createAppTester(app)
const run = ({ path, bundle }) =>
  path === 'validate'
    ? createAppHandler(app)({ command: 'validate' }).then(({ results }) => results)
    : tester(path.split('.').reduce((part, name) => part[name], app), { inputData: {}, ...bundle, authData: { server: url, token, ...bundle?.authData } })

const answers = []
for (const call of calls) answers.push(await run(call).then(result => ({ result }), error => ({ error: { name: error.name, ...said(error) } })))
console.log(JSON.stringify(answers))

// Zapier packs some errors as JSON.
function said({ message }) {
  const [text] = message.split('\n')
  try {
    return JSON.parse(text)
  } catch {
    return { message: text }
  }
}
