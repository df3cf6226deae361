import { board } from "./board.ts";
import { cost } from "./cost.ts";
import { download } from "./download.ts";
import { explain } from "./explain.ts";
import { filter } from "./filter.ts";
import { listBuilds } from "./list-builds.ts";
import { logs } from "./logs.ts";
import { overhead } from "./overhead.ts";
import { overheadOfMock } from "./overhead-mock.ts";
import { plan } from "./plan.ts";
import { describe, verdict } from "./promise.ts";
import { startUp } from "./start-up.ts";
import { upload } from "./upload.ts";
import { watch } from "./watch.ts";

// `npm run bench [name …]`: the promises about speed, each as a ratio of two programs in the same run.
const promises = {
  "start-up": startUp,
  upload,
  download,
  watch,
  board,
  "list-builds": listBuilds,
  logs,
  explain,
  plan,
  filter,
  cost,
  overhead,
  "overhead-mock": overheadOfMock,
};

const names = process.argv.slice(2);
let broken = 0;
for (const [name, findings] of Object.entries(promises)) {
  if (names.length > 0 && !names.includes(name)) continue;
  for (const finding of await findings()) {
    console.log(describe(finding));
    if (verdict(finding) === "BROKEN") broken += 1;
  }
}
process.exitCode = broken === 0 ? 0 : 1;
