// What all requests share: the address of the API, the token, and what an error means.

// People paste the URL with or without a scheme, a slash at the end, or the path /api/hooks that the server prints when it starts.
const root = server => {
  const url = server.trim().replace(/(\/api(\/hooks)?)?\/*$/, '')
  return /^https?:\/\//i.test(url) ? url : `https://${url}`
}

// The API of the site of the connection. If the connection is for all sites, a step can choose one.
const api = ({ authData }, site) => {
  const name = (authData.site || site || '').trim()
  return root(authData.server) + (name ? `/sites/${encodeURIComponent(name)}/api` : '/api')
}

const authorize = (request, z, { authData }) => {
  request.headers.Authorization = `Bearer ${authData.token.trim()}`
  return request
}

const explain = (response, z) => {
  if (response.status < 400) return response
  const problem = response.data || {}
  const fields = Object.entries(problem.errors || {}).map(([name, messages]) => `${name}: ${[].concat(messages).join(' ')}`)
  const detail = [problem.detail || problem.Message, ...fields].filter(Boolean).join(' ')
  const message = detail || `The server responded with ${response.status} and no explanation. Check that the server URL is that of a Nyala server.`
  if (response.status === 401) throw new z.errors.ExpiredAuthError(`The server does not accept the token. ${detail}`.trim())
  throw new z.errors.Error(message, problem.title, response.status)
}

module.exports = { api, authorize, explain }
