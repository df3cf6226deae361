#!/usr/bin/env node
void require("../dist/package-build-order.cjs").main(process.argv.slice(2));
