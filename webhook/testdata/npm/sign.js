// Signs requests with the published npm client: reads one as a line of JSON from
// standard input, and writes its signature as a line of standard output. Called
// by the end-to-end tests, which write to maitre as Twilio would.
'use strict';
const readline = require('readline');
const { getExpectedTwilioSignature } = require('twilio/lib/webhooks/webhooks');

readline.createInterface({ input: process.stdin }).on('line', line => {
  const { token, url, params } = JSON.parse(line);
  process.stdout.write(getExpectedTwilioSignature(token, url, params) + '\n');
});
