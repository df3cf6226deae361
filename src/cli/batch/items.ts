import { mkdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Build, type BuildOptions, type BuildTarget, buildUpload, buildUrls } from "../../core/api/index.ts";
import type { BatchItem } from "../../core/batch/batch-submitter.ts";
import { CoprError } from "../../core/errors.ts";
import { makePrivateDirectory } from "../../core/files/private-directory.ts";
import type { Transport } from "../../core/http/transport.ts";
import { makeSourcePackage } from "../../core/packaging/source-package.ts";
import type { Context } from "../context.ts";
import { startProgress } from "../progress.ts";
import type { BatchPackage } from "./plan.ts";

/** Packages as they are sent. */
export interface ReadyItems {
  /** Makes a package ready, if it is not: the source package of a checkout is made. */
  item(one: BatchPackage): Promise<BatchItem>;
  /** Removes what was made. */
  remove(): Promise<void>;
}

/** Where they go, and how that is told. */
export interface Sending {
  context: Context;
  transport: Transport;
  target: BuildTarget;
  note: (text: string) => void;
}

/** Where packages are made ready. */
export async function openItems(sending: Sending): Promise<ReadyItems> {
  const { path: directory, remove } = await makePrivateDirectory("batch-");
  const items = new Map<string, Promise<BatchItem>>();
  return {
    item(one) {
      const item = items.get(one.name) ?? readyItem(sending, one, join(directory, String(items.size)));
      items.set(one.name, item);
      return item;
    },
    remove,
  };
}

async function readyItem(sending: Sending, { name, read }: BatchPackage, directory: string): Promise<BatchItem> {
  const { digest, location, kind } = read;
  if (kind === "address") {
    return { name, digest, source: { type: "link", url: location }, send: (options) => sendAddress(sending, location, options) };
  }
  const path = kind === "checkout" ? await makePackage(sending, location, directory) : location;
  return { name, digest, source: { type: "upload", file: basename(path) }, send: (options) => upload(sending, path, options) };
}

async function makePackage({ context, transport }: Sending, checkout: string, output: string): Promise<string> {
  await mkdir(output);
  return makeSourcePackage({ directory: checkout, output, transport, signal: context.interrupted });
}

async function sendAddress({ transport, target }: Sending, url: string, options: BuildOptions): Promise<Build> {
  const [build] = await buildUrls(transport, [url], { ...target, ...options });
  if (!build) throw new CoprError(`The frontend made no build of ${url}`);
  return build;
}

async function upload({ context, transport, target, note }: Sending, path: string, options: BuildOptions): Promise<Build> {
  note(`Uploading package ${basename(path)}\n`);
  const progress = await startProgress(context.terminal, (await stat(path)).size);
  try {
    return await buildUpload(transport, path, { ...target, ...options }, (sentBytes) => progress.update(sentBytes));
  } finally {
    progress.end();
  }
}
