import { appendToJournal } from "../../src/builder/history/journal.ts";

// Writes a journal, task by task, until it is killed: `journal-writer.ts PATH FIRST`. Prints the number of each task it has written.
const [path = "", first = "0"] = process.argv.slice(2);
for (let number = Number(first); ; number += 1) {
  const mark = `${String(number).padStart(8, "0")}-0000-4000-8000-000000000000`;
  await appendToJournal(path, { mark, state: "starting", started_on: number });
  await appendToJournal(path, { mark, state: "failed", task_id: "7", started_on: number, ended_on: number + 1, reason: "x".repeat(300) });
  process.stdout.write(`${number}\n`);
}
