/**
 * A native BLAS by FFI, where there is one: its matrix product uses wider vectors than WebAssembly
 * has. It works on the engine's memory in place, called on one thread at a time from the engine's own
 * threads, and is used only if nobody has to be asked for permission.
 *
 * @module
 */
import { readVariable } from "./environment.ts";

/** C = alpha A B + beta C on addresses in the WebAssembly memory, as `assembly/gemm.ts` imports it. */
export type Sgemm = (...args: number[]) => void;

/** Operating systems a BLAS is looked for on. */
export type Platform = "linux" | "darwin" | "windows";

/**
 * Where a BLAS may be, best first: macOS's own, the wheel `scipy-openblas32` in the project's Python
 * environment, the system's OpenBLAS.
 *
 * @param platform The operating system.
 * @param roots Python environments.
 * @param list The names in a folder; empty if it can't be read.
 */
export function blasCandidates(
  platform: Platform,
  roots: readonly string[],
  list: (folder: string) => string[],
): string[] {
  const wheel = "site-packages/scipy_openblas32/lib/libscipy_openblas";
  if (platform === "windows") return roots.map((root) => `${root}/Lib/${wheel}.dll`);
  const suffix = platform === "darwin" ? "dylib" : "so";
  const wheels = roots.flatMap((root) =>
    list(`${root}/lib`).filter((name) => name.startsWith("python")).sort()
      .map((name) => `${root}/lib/${name}/${wheel}.${suffix}`)
  );
  if (platform === "darwin") {
    return ["/System/Library/Frameworks/Accelerate.framework/Accelerate", ...wheels];
  }
  const system = [
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
  ];
  return [...wheels, ...system.map((folder) => `${folder}/libopenblas.so.0`)];
}

/**
 * Loads the library and returns its product, or undefined if it has none. Worker threads run this
 * function from its source text, so it must not use anything outside itself.
 */
export function bindBlas(path: string, memory: WebAssembly.Memory): Sgemm | undefined {
  const parameters = [
    ...["i32", "i32", "i32", "i32", "i32", "i32", "f32", "usize", "i32", "usize", "i32", "f32"],
    ...["usize", "i32"],
  ] as Deno.NativeType[];
  const set = { parameters: ["i32"], result: "void", optional: true } as const;
  const { symbols } = Deno.dlopen(path, {
    cblas_sgemm: { parameters, result: "void", optional: true },
    scipy_cblas_sgemm: { parameters, result: "void", optional: true },
    openblas_set_num_threads: set,
    scipy_openblas_set_num_threads: set,
    BLASSetThreading: { parameters: ["u32"], result: "i32", optional: true },
  });
  const call = symbols.cblas_sgemm ?? symbols.scipy_cblas_sgemm;
  if (!call) return;
  // The engine's threads share the work out; the library's own would get in their way.
  (symbols.openblas_set_num_threads ?? symbols.scipy_openblas_set_num_threads)?.(1);
  symbols.BLASSetThreading?.(1);
  const ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112;
  const pointer = Deno.UnsafePointer.of(new Uint8Array(memory.buffer as unknown as ArrayBuffer));
  const base = Number(Deno.UnsafePointer.value(pointer)); // stays where it is when memory grows
  return (ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) => {
    (call as (...args: number[]) => void)(
      ...[ROW_MAJOR, ta ? TRANSPOSED : PLAIN, tb ? TRANSPOSED : PLAIN, m!, n!, k!, alpha!],
      ...[base + (a! >>> 0), lda!, base + (b! >>> 0), ldb!, beta!, base + (c! >>> 0), ldc!],
    );
  };
}

/** A library that was found to work. */
export interface Blas {
  path: string;
  sgemm: Sgemm;
}

/** Looks for a BLAS; undefined if there is none, it is turned off, or FFI isn't allowed. */
export function findBlas(memory: WebAssembly.Memory): Blas | undefined {
  const choice = readVariable("TUNEBOOK_BLAS");
  const allowed = Deno.permissions.querySync({ name: "ffi" }).state === "granted";
  if (choice === "off" || !allowed) return;
  for (const path of choice ? [choice] : candidatesHere()) {
    try {
      const sgemm = bindBlas(path, memory);
      if (sgemm) return { path, sgemm };
    } catch {
      // Not there, or built for something else: the next one.
    }
  }
  if (choice) {
    throw new Error(
      `TUNEBOOK_BLAS names ${choice}, which cannot be loaded or has no cblas_sgemm; ` +
        "set it to the path of a BLAS library, or to off",
    );
  }
}

function candidatesHere(): string[] {
  const platform = Deno.build.os === "darwin" || Deno.build.os === "windows"
    ? Deno.build.os
    : "linux";
  const project = decodeURIComponent(new URL("../../../.venv", import.meta.url).pathname);
  const active = readVariable("VIRTUAL_ENV"), roots = active ? [project, active] : [project];
  const own = platform === "windows" ? roots.map((root) => root.replace(/^\/(?=\w:)/, "")) : roots;
  return blasCandidates(platform, own, (folder) => {
    if (Deno.permissions.querySync({ name: "read", path: folder }).state !== "granted") return [];
    try {
      return Array.from(Deno.readDirSync(folder), (entry) => entry.name);
    } catch {
      return [];
    }
  });
}
