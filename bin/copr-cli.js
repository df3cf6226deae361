#!/usr/bin/env node
require("../dist/code-cache.cjs").useCodeCache();
void require("../dist/copr-cli.cjs").main(process.argv.slice(2));
