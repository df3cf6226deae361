#!/usr/bin/env node
import { main } from "../dist/copr-builder.js";

await main(process.argv.slice(2), "copr-builder-rhsm-subscribe-daemon");
