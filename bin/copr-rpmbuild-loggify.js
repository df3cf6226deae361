#!/usr/bin/env node
import { main } from "../dist/copr-rpmbuild-loggify.js";

await main();
