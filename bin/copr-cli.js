#!/usr/bin/env node
void require("../dist/copr-cli.cjs").main(process.argv.slice(2));
