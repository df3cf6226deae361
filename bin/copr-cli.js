#!/usr/bin/env node
import { main } from "../dist/copr-cli.js";

await main(process.argv.slice(2));
