/** One part of a multipart body. Its content is read before the next part is asked for, or dropped. */
export interface Part {
  name: string;
  filename: string | undefined;
  content: AsyncIterable<Buffer>;
}

const HEADER_LIMIT = 16 * 1024;

/** Parts of a multipart/form-data body, in constant memory whatever their size. */
export async function* readMultipart(body: AsyncIterable<Buffer>, contentType: string): AsyncGenerator<Part> {
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/i.exec(contentType);
  if (boundary === null) throw new Error("multipart body without a boundary");
  const delimiter = `\r\n--${boundary[1] ?? boundary[2]}`;
  const window = new Window(body);
  await drain(window.until(delimiter));
  while ((await window.take(2)) !== "--") {
    const headers = parseHeaders(await window.takeUntil("\r\n\r\n"));
    const content = window.until(delimiter);
    yield { ...headers, content };
    await drain(content);
  }
}

/** A view of the stream that is never longer than one chunk and what is searched for. */
class Window {
  private readonly chunks: AsyncIterator<Buffer>;
  /** Begins with a line end, so that the first delimiter looks like all others. */
  private seen: Buffer = Buffer.from("\r\n");

  constructor(body: AsyncIterable<Buffer>) {
    this.chunks = body[Symbol.asyncIterator]();
  }

  /** Everything before the mark, which is consumed too. */
  async *until(mark: string): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.seen.indexOf(mark);
      const certain = at === -1 ? this.seen.length - mark.length + 1 : at;
      if (certain > 0) {
        const before = this.seen.subarray(0, certain);
        this.seen = this.seen.subarray(certain);
        yield before;
      }
      if (at !== -1) {
        this.seen = this.seen.subarray(mark.length);
        return;
      }
      await this.more();
    }
  }

  async takeUntil(mark: string): Promise<string> {
    while (!this.seen.includes(mark)) {
      if (this.seen.length > HEADER_LIMIT) throw new Error("multipart headers are too long");
      await this.more();
    }
    const text = await this.take(this.seen.indexOf(mark));
    await this.take(mark.length);
    return text;
  }

  async take(length: number): Promise<string> {
    while (this.seen.length < length) await this.more();
    const text = this.seen.toString("utf8", 0, length);
    this.seen = this.seen.subarray(length);
    return text;
  }

  private async more(): Promise<void> {
    const { value, done } = await this.chunks.next();
    if (done) throw new Error("multipart body ends too early");
    this.seen = Buffer.concat([this.seen, value]);
  }
}

function parseHeaders(text: string): Pick<Part, "name" | "filename"> {
  const disposition = /^\s*content-disposition:(.*)$/im.exec(text)?.[1] ?? "";
  const name = /[;\s]name="([^"]*)"/i.exec(disposition)?.[1];
  if (name === undefined) throw new Error("multipart part without a name");
  return { name, filename: /[;\s]filename="([^"]*)"/i.exec(disposition)?.[1] };
}

async function drain(content: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of content);
}
