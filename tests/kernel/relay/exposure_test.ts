import { assert, assertEquals, assertThrows } from "@std/assert";
import { createMessage, Signer, ZmtpConnection } from "../../../kernel/wire/mod.ts";
import { parseConnectionFile } from "../../../kernel/relay/connection_file.ts";
import { TestKernel } from "./client.ts";

/** The TCP ports that a process listens on, from the system's own tables (Linux). */
async function listeningPorts(pid: number): Promise<{ address: string; port: number }[]> {
  const inodes = new Set<string>();
  for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
    const target = await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode) inodes.add(inode);
  }
  const LISTEN = "0A";
  const ports = [];
  for (const table of ["tcp", "tcp6"]) {
    const text = await Deno.readTextFile(`/proc/${pid}/net/${table}`).catch(() => "");
    for (const line of text.split("\n").slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state !== LISTEN || !inodes.has(inode!)) continue;
      const [address, port] = local!.split(":") as [string, string];
      ports.push({ address, port: parseInt(port, 16) });
    }
  }
  return ports;
}

const LOOPBACK = ["0100007F", "00000000000000000000000001000000"];

/** What a port answers to an HTTP request, as any web page or program can send one. */
async function askByHttp(port: number, host: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = `GET /json/list HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const answer = new Uint8Array(4096);
  const timer = setTimeout(() => connection.close(), 500);
  try {
    const length = await connection.read(answer);
    return new TextDecoder().decode(answer.subarray(0, length ?? 0));
  } catch {
    return "";
  } finally {
    clearTimeout(timer);
  }
}

Deno.test({
  name: "no port of the kernel or its child is a debugger's, and all are loopback",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using kernel = await TestKernel.start();
    const child = await kernel.childPid();
    const ports = [...await listeningPorts(kernel.process.pid), ...await listeningPorts(child)];
    assertEquals(ports.length, 10, "five sockets each for Jupyter and for the child");
    for (const { address, port } of ports) {
      assert(LOOPBACK.includes(address), `port ${port} listens on ${address}`);
      // An inspector answers with its secret address here, whatever the Host says.
      for (const host of ["localhost", "attacker.example"]) {
        const answer = await askByHttp(port, host);
        assert(!/HTTP|webSocketDebuggerUrl/.test(answer), `port ${port} answered ${answer}`);
      }
      const page = new WebSocket(`ws://127.0.0.1:${port}/`);
      const opened = await new Promise((resolve) => {
        page.onopen = () => resolve(true);
        page.onerror = () => resolve(false);
        setTimeout(() => page.close(), 500);
      });
      assertEquals(opened, false, `port ${port} speaks WebSocket`);
    }
  },
});

Deno.test({
  name: "a stranger who finds the child's own sockets can't run code through them",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using kernel = await TestKernel.start();
    const marker = `${kernel.folder}/attacked`;
    const child = await kernel.childPid();
    for (const { port } of await listeningPorts(child)) {
      let socket: ZmtpConnection;
      try {
        socket = await ZmtpConnection.connect({ type: "DEALER", port, handshakeMs: 500 });
      } catch {
        continue; // Not a socket that takes requests.
      }
      for (const key of ["", "guessed"]) {
        const request = createMessage("execute_request", {
          code: `Deno.writeTextFileSync(${JSON.stringify(marker)}, "")`,
          silent: false,
        }, { session: "stranger", version: "5.3" });
        try {
          socket.send(new Signer(key).encode(request));
        } catch {
          // Disconnected: all the better.
        }
      }
      socket.close();
    }
    assertEquals(await kernel.value("1 + 1"), "2");
    assertEquals(await Deno.stat(marker).catch(() => "no file"), "no file");
  },
});

Deno.test("unsigned, forged, replayed and mangled requests run nothing and harm nobody", async () => {
  await using kernel = await TestKernel.start();
  await kernel.value("let runs = 0");
  const shell = await ZmtpConnection.connect({
    type: "DEALER",
    port: kernel.connection.shell_port,
  });
  const content = { code: "runs++", silent: false, store_history: true };
  const fresh = () => createMessage("execute_request", content, { session: "s", version: "5.3" });
  const signed = kernel.signer.encode(fresh());
  const altered = [...signed];
  altered[altered.length - 1] = new TextEncoder().encode(
    JSON.stringify({ ...content, code: "runs += 100" }),
  );
  const bad: Uint8Array[][] = [
    new Signer("").encode(fresh()),
    new Signer("another key").encode(fresh()),
    altered,
    signed.slice(0, 3),
    signed.slice(1),
    [new Uint8Array()],
    [crypto.getRandomValues(new Uint8Array(2000))],
    Array.from({ length: 50 }, () => new Uint8Array(3)),
    kernel.signer.encode({ ...fresh(), content: null as never }),
    kernel.signer.encode({ ...fresh(), header: {} as never }),
  ];
  for (const frames of bad) shell.send(frames);
  for (let again = 0; again < 5; again++) shell.send(signed); // Only the first counts.
  await shell.drain();
  await shell.receive(); // The reply to the one that is right.
  assertEquals(await kernel.value("runs"), "1");
  shell.close();

  for (const port of [kernel.connection.shell_port, kernel.connection.iopub_port]) {
    for (const bytes of [new Uint8Array(0), new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n")]) {
      using raw = await Deno.connect({ hostname: "127.0.0.1", port });
      if (bytes.length > 0) await raw.write(bytes);
    }
    // A frame that promises more than it brings.
    using raw = await Deno.connect({ hostname: "127.0.0.1", port });
    await raw.write(new Uint8Array([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, 78]));
  }
  assertEquals(await kernel.value("'still here'"), '"still here"');
});

Deno.test("connections that others could use are refused", () => {
  const good = {
    transport: "tcp",
    ip: "127.0.0.1",
    key: "k",
    shell_port: 1,
    control_port: 2,
    iopub_port: 3,
    stdin_port: 4,
    hb_port: 5,
  };
  const parse = (change: object) => parseConnectionFile(JSON.stringify({ ...good, ...change }));
  assertEquals(parse({}).signature_scheme, "hmac-sha256");
  assertThrows(() => parse({ ip: "0.0.0.0" }), TypeError, "Expected a loopback address");
  assertThrows(() => parse({ key: "" }), TypeError, "Expected a signing key");
  assertThrows(() => parse({ transport: "ipc" }), TypeError, "Expected the transport tcp");
  assertThrows(() => parse({ hb_port: undefined }), TypeError, "hb_port");
});
