import { assertEquals, assertThrows } from "@std/assert";
import { endingWithUs, ROOM_FOR_YOUNG, wideVectors } from "../../../kernel/relay/command.ts";
import { childEnvironment } from "../../../kernel/relay/spawn.ts";
import {
  completionPoint,
  offsetOfCodePoint,
  pathAround,
} from "../../../kernel/relay/completion.ts";
import { freshConnection } from "../../../kernel/relay/connection_file.ts";
import { History } from "../../../kernel/relay/history.ts";
import { memoryProbe, parseMemory, parseMemoryLimit } from "../../../kernel/relay/memory.ts";
import { pipeName } from "../../../kernel/relay/output_pipe.ts";

Deno.test("memory limits are read in the units people write", () => {
  const cases: [text: string | undefined, bytes: number][] = [
    ["4G", 4e9],
    ["800MB", 8e8],
    ["1.5 GiB", 1.5e9],
    ["500000000", 5e8],
    [undefined, 8e9],
    ["", 8e9],
  ];
  for (const [text, bytes] of cases) assertEquals(parseMemoryLimit(text, 1e10).bytes, bytes);
  for (const text of ["a lot", "10", "100M", "-4G"]) {
    assertThrows(() => parseMemoryLimit(text, 1e10), TypeError, "TUNEBOOK_MEMORY");
  }
});

Deno.test("every platform's answer about memory is understood", () => {
  assertEquals(parseMemory("linux", "Name:\tdeno\nVmRSS:\t  2048 kB\n"), 2048 * 1024);
  assertEquals(parseMemory("darwin", "  2048\n"), 2048 * 1024);
  const csv = '"deno.exe","123","Console","1","12,345 K"\r\n';
  assertEquals(parseMemory("windows", csv), 12345 * 1024);
  assertEquals(parseMemory("windows", "INFO: No tasks are running"), undefined);
  assertEquals(memoryProbe("linux").command, undefined);
  assertEquals(memoryProbe("darwin").command?.[0], "ps");
  assertEquals(memoryProbe("windows").command?.[0], "tasklist");
});

Deno.test("the child's environment keeps the user's V8 flags", () => {
  const wide = wideVectors(Deno.build.arch, Deno.version.v8);
  const flags = (...more: string[]) =>
    [ROOM_FOR_YOUNG, ...wide, ...more, "--max-old-space-size=500"].join();
  assertEquals(childEnvironment(undefined, 500).TUNEBOOK_KERNEL, "1");
  assertEquals(childEnvironment(undefined, 500).DENO_V8_FLAGS, flags());
  // The last of two flags counts: a user's own room for young objects, but our limit.
  assertEquals(childEnvironment("--a", 500).DENO_V8_FLAGS, flags("--a"));
});

Deno.test("a program ends with us on every platform", () => {
  assertEquals(endingWithUs("windows", ["deno", "jupyter"], "f"), ["deno", "jupyter"]);
  for (const platform of ["linux", "darwin"] as const) {
    const [shell, , , , ...rest] = endingWithUs(platform, ["deno", "a b"], "f");
    assertEquals([shell, ...rest], ["/bin/sh", "f", "deno", "a b"]);
  }
});

Deno.test("wide vectors are for the V8 they were tested with, unless the user decides", () => {
  const flag = "--experimental-wasm-revectorize";
  assertEquals(wideVectors("x86_64", "15.0.245.2-rusty"), [flag]);
  assertEquals(wideVectors("x86_64", "16.1.1"), []);
  assertEquals(wideVectors("aarch64", "15.0.245.2-rusty"), []);
  assertEquals(wideVectors("x86_64", "15.0.245.2-rusty", "--no-experimental-wasm-revectorize"), []);
});

Deno.test("the output pipe has a name on every platform", () => {
  for (const platform of ["linux", "darwin"] as const) {
    assertEquals(pipeName(platform, "x"), { path: "/dev/stdout", served: false });
  }
  assertEquals(pipeName("windows", "x"), { path: "\\\\.\\pipe\\tunebook-x", served: true });
});

Deno.test("a fresh connection has five ports and a key of its own", () => {
  const one = freshConnection();
  const ports = [one.shell_port, one.control_port, one.iopub_port, one.stdin_port, one.hb_port];
  assertEquals(new Set(ports).size, 5);
  assertEquals(one.key.length, 64);
  assertEquals(freshConnection().key === one.key, false);
});

Deno.test("history answers tail, range and search", () => {
  const history = new History();
  for (const [i, code] of ["let a = 1", "a + 1", "let b", "let b"].entries()) {
    history.add(i + 1, code);
  }
  const codes = (request: Record<string, unknown>) =>
    history.find(request).map(([, , code]) => code);
  assertEquals(codes({ hist_access_type: "tail", n: 2 }), ["let b", "let b"]);
  assertEquals(codes({ hist_access_type: "range", start: 1, stop: 3 }), ["let a = 1", "a + 1"]);
  assertEquals(codes({ hist_access_type: "search", pattern: "let ?" }), ["let b", "let b"]);
  assertEquals(codes({ hist_access_type: "search", pattern: "let*", unique: true, n: 9 }), [
    "let a = 1",
    "let b",
  ]);
  history.setOutput("2");
  assertEquals(history.find({ hist_access_type: "tail", n: 1, output: true }), [
    [1, 4, ["let b", "2"]],
  ]);
  assertEquals(codes({ hist_access_type: "search", pattern: "a + 1" }), ["a + 1"]);
});

Deno.test("completion finds the path before the cursor", () => {
  const cases: [before: string, path: string[] | undefined, typed: string][] = [
    ["", [], ""],
    ["con", [], "con"],
    ["x = Deno.errors.No", ["Deno", "errors"], "No"],
    ["a?.b.", ["a", "b"], ""],
    ["f(a.b", ["a"], "b"],
    ["f().b", undefined, ""],
    ["a[0].b", undefined, ""],
    ["größe.a", ["größe"], "a"],
  ];
  for (const [before, path, typed] of cases) {
    const point = completionPoint(before);
    assertEquals(point, path && { path, typed }, before);
  }
  assertEquals(offsetOfCodePoint("𝒳ab", 2), 3);
  assertEquals(pathAround("x(Deno.errors.NotFound)", 9), ["Deno", "errors"]);
  assertEquals(pathAround("f().b", 5), undefined);
  assertEquals(pathAround("1 + ", 4), undefined);
});
