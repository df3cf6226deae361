#!/usr/bin/env node
import { main } from "../dist/package-build-order.js";

await main(process.argv.slice(2));
