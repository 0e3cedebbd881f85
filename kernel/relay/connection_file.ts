/**
 * The connection file a front-end starts a kernel with.
 *
 * @module
 */

/** Where a kernel listens and how its messages are signed. */
export interface ConnectionInfo {
  transport: string;
  ip: string;
  key: string;
  signature_scheme: string;
  shell_port: number;
  control_port: number;
  iopub_port: number;
  stdin_port: number;
  hb_port: number;
}

const PORTS = ["shell_port", "control_port", "iopub_port", "stdin_port", "hb_port"] as const;
const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1"]);

/**
 * Reads a connection file, and refuses one that would let others in.
 *
 * @throws {TypeError} When it isn't a connection file, names another transport than TCP, an address
 * that other machines can reach, or no key.
 */
export function parseConnectionFile(text: string): ConnectionInfo {
  const found = JSON.parse(text) as Partial<ConnectionInfo>;
  for (const port of PORTS) {
    if (!Number.isInteger(found[port])) {
      throw new TypeError(`Expected a connection file with ${port}, found ${found[port]}`);
    }
  }
  const { transport = "tcp", ip = "127.0.0.1", key = "" } = found;
  if (transport !== "tcp") {
    throw new TypeError(
      `Expected the transport tcp, found ${transport}: Deno has no other that Jupyter speaks`,
    );
  }
  if (!LOOPBACK.has(ip)) {
    throw new TypeError(
      `Expected a loopback address, found ${ip}: cells run with all your rights, so the kernel ` +
        "doesn't listen where other machines could reach it",
    );
  }
  if (key === "") {
    throw new TypeError(
      "Expected a signing key, found none: without one, every user of this machine could run code",
    );
  }
  return {
    ...found as ConnectionInfo,
    transport,
    ip,
    key,
    signature_scheme: found.signature_scheme ?? "hmac-sha256",
  };
}

/** Below what systems give to outgoing connections, which would take a port between two moments. */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;
const ATTEMPTS = 100;

/** A connection for a kernel of our own: free loopback ports, a fresh key. */
export function freshConnection(): ConnectionInfo {
  // All at once, so that no port is given out twice.
  const listeners = PORTS.map((name) => [name, listenAnywhere()] as const);
  const ports = listeners.map(([name, { addr }]) => [name, addr.port] as const);
  for (const [, listener] of listeners) listener.close();
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    key: crypto.getRandomValues(new Uint8Array(32)).toHex(),
    signature_scheme: "hmac-sha256",
    ...Object.fromEntries(ports) as Record<typeof PORTS[number], number>,
  };
}

function listenAnywhere(): Deno.TcpListener {
  for (let attempt = 1;; attempt++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    try {
      return Deno.listen({ hostname: "127.0.0.1", port });
    } catch (error) {
      // Taken, or kept by the system for itself.
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
