#!/usr/bin/env node
require("../dist/code-cache.cjs").useCodeCache();
void require("../dist/copr-builder.cjs").main(process.argv.slice(2), "copr-builder-rhsm-subscribe-daemon");
