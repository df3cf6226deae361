#!/usr/bin/env node
require("../dist/code-cache.cjs").useCodeCache();
void require("../dist/package-build-order.cjs").main(process.argv.slice(2));
