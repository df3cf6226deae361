import { parseArgs } from "node:util";
import { startBuilderHost } from "../test/support/builder-host.ts";
import { soakKills } from "../test/support/kill-soak.ts";
import { randomNumbers } from "../test/support/random.ts";

// `npm run soak -- [rounds [seed]] [--buildroot mock]`: kills the builder at random moments of real builds. The seed
// repeats a run. With mock, PATH and /etc/mock must have one that works for this user, with the chroot fedora-43-x86_64.
const { positionals, values } = parseArgs({ allowPositionals: true, options: { buildroot: { type: "string", default: "host" } } });
const [rounds = "50", seed = String(Date.now() % 1_000_000)] = positionals;
const buildroot = values.buildroot === "mock" ? "mock" : "host";
console.log(`${rounds} kills, seed ${seed}, buildroot ${buildroot}`);
const host = await startBuilderHost("", buildroot);
let count = 0;
try {
  await soakKills(host, {
    rounds: Number(rounds),
    random: randomNumbers(Number(seed)),
    ...(buildroot === "mock" ? { chrootDirectory: "/var/lib/mock" } : {}),
    onKill: ({ signal, afterMs, state }) => console.log(`${(count += 1)}. ${signal} after ${afterMs} ms: ${state}`),
  });
  console.log(`${count} kills, all in order`);
} finally {
  await host.close();
}
