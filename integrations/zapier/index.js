const { version, dependencies } = require('./package.json')
const { authorize, explain } = require('./nyala')

module.exports = {
  version,
  platformVersion: dependencies['zapier-platform-core'],
  authentication: require('./authentication'),
  beforeRequest: [authorize],
  afterResponse: [explain],
  triggers: {
    deployment_finished: require('./triggers/deployment_finished'),
    failed_delivery: require('./triggers/failed_delivery')
  },
  creates: {
    record_deployment: require('./creates/record_deployment'),
    redeliver: require('./creates/redeliver')
  }
}
