#!/usr/bin/env node
void require("../dist/copr-builder.cjs").main(process.argv.slice(2), "copr-rpmbuild");
