import { engineInfo } from "@tunebook/tensor";

/** What a result was measured on: times mean little without it. */
export interface MachineInfo {
  /** The operating system and processor family, such as `linux x86_64`. */
  system: string;
  /** The processor's name, where the system says. */
  processor: string;
  /** Its cores. */
  cores: number;
  /** Memory in bytes. */
  memory: number;
  /** Deno's version. */
  deno: string;
  /** The engine's threads, its BLAS (or `"none"`) and its vector instructions. */
  engine: { threads: number; blas: string; simd: string };
}

/**
 * What this machine is, for the file of a result.
 *
 * @example
 * ```ts
 * import { machineInfo } from "@tunebook/experiments";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(machineInfo().deno, Deno.version.deno);
 * ```
 */
export function machineInfo(): MachineInfo {
  const { threadsWanted, blas, simd } = engineInfo();
  return {
    system: `${Deno.build.os} ${Deno.build.arch}`,
    processor: processorName(),
    cores: navigator.hardwareConcurrency,
    memory: Deno.systemMemoryInfo().total,
    deno: Deno.version.deno,
    // The file's name alone: where someone's libraries lie is nobody's business.
    engine: { threads: threadsWanted, blas: blas?.split(/[\\/]/).at(-1) ?? "none", simd },
  };
}

function processorName(): string {
  try {
    const [, name] = /^model name\s*:\s*(.+)$/m.exec(Deno.readTextFileSync("/proc/cpuinfo")) ?? [];
    return name ?? "unknown";
  } catch {
    return "unknown";
  }
}
