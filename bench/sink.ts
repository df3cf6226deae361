import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

// A frontend that swallows uploads: a process of its own, so that it costs both clients the same.
const build = { id: 1, state: "pending", projectname: "prj", ownername: "me", chroots: [] };
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(build));
  });
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
