// SPDX-License-Identifier: MIT
// check.js - verifies webhooks with the official library: reads [{secret, body, headers}] as JSON, prints a line each.
"use strict";

const { Webhook } = require("standardwebhooks");

const requests = JSON.parse(require("fs").readFileSync(0, "utf8"));

for (const { secret, body, headers } of requests) {
  try {
    new Webhook(secret).verify(body, headers);
    console.log("verified");
  } catch (error) {
    console.log(`refused: ${error.message}`);
  }
}
