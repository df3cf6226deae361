#!/usr/bin/env node
void require("../dist/copr-rpmbuild-loggify.cjs").main();
