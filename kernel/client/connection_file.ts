import { join } from "node:path";

/** Where a kernel listens and how its messages are signed (Jupyter's connection file). */
export interface ConnectionInfo {
  /** Always `tcp`. */
  transport: "tcp";
  /** The address to listen on. */
  ip: string;
  /** The key for the signatures. */
  key: string;
  /** Always `hmac-sha256`. */
  signature_scheme: string;
  /** The kernelspec's name. */
  kernel_name: string;
  /** Requests and replies. */
  shell_port: number;
  /** Requests that overtake a running cell. */
  control_port: number;
  /** Outputs, to everyone. */
  iopub_port: number;
  /** Questions to the person at the keyboard. */
  stdin_port: number;
  /** Heartbeat. */
  hb_port: number;
}

/** A connection file on disk, readable by nobody else. */
export interface ConnectionFile {
  /** The path. */
  readonly path: string;
  /** What it says. */
  readonly info: ConnectionInfo;
  /** Removes the file and its folder, if they are still there. */
  remove(): void;
}

/**
 * Writes a connection file with a fresh key and free ports into a private temporary folder. It is
 * synchronous so that no signal can come between making the folder and knowing of it.
 */
export function makeConnectionFile(kernelName: string): ConnectionFile {
  const [shell_port, control_port, iopub_port, stdin_port, hb_port] = freePorts();
  const info: ConnectionInfo = {
    transport: "tcp",
    ip: "127.0.0.1",
    key: crypto.randomUUID(),
    signature_scheme: "hmac-sha256",
    kernel_name: kernelName,
    shell_port,
    control_port,
    iopub_port,
    stdin_port,
    hb_port,
  };
  const folder = Deno.makeTempDirSync({ prefix: "tunebook-kernel-" });
  const path = join(folder, "connection.json");
  Deno.writeTextFileSync(path, JSON.stringify(info, null, 2), { mode: 0o600 });
  return {
    path,
    info,
    remove() {
      try {
        Deno.removeSync(folder, { recursive: true });
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    },
  };
}

/**
 * Five ports that are free now. They lie below the range from which systems pick ports for outgoing
 * connections (32768 on Linux, 49152 elsewhere), so that nothing takes one by accident before the
 * kernel does.
 */
function freePorts(): [number, number, number, number, number] {
  const held: Deno.TcpListener[] = [];
  const hold = (): number => {
    while (true) {
      const port = 20_000 + crypto.getRandomValues(new Uint16Array(1))[0]! % 12_000;
      try {
        held.push(Deno.listen({ hostname: "127.0.0.1", port }));
        return port;
      } catch (error) {
        if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      }
    }
  };
  try {
    return [hold(), hold(), hold(), hold(), hold()];
  } finally {
    for (const listener of held) listener.close();
  }
}
