// Signs and judges requests with the published npm client: reads a list of them
// from standard input and says of each, on standard output, what signature it
// would make and whether it takes ours. Called by npm_test.go, which judges.
'use strict';
const { getExpectedTwilioSignature, validateRequest } = require('twilio/lib/webhooks/webhooks');

let input = '';
process.stdin.on('data', chunk => { input += chunk; });
process.stdin.on('end', () => {
  const verdicts = JSON.parse(input).map(({ token, url, params, signature }) => ({
    signature: getExpectedTwilioSignature(token, url, params),
    takes: validateRequest(token, signature, url, params),
  }));
  process.stdout.write(JSON.stringify(verdicts));
});
