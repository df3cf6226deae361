#!/usr/bin/env node
require("../dist/code-cache.cjs").useCodeCache();
void require("../dist/copr-rpmbuild-loggify.cjs").main();
