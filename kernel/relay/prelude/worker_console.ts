/**
 * Loaded into a worker before its own module, see `workers.ts`.
 *
 * @module
 */
import { enterCell } from "./cells.ts";
import { openChannel, shareChannel } from "./channel.ts";
import { installConsole } from "./console.ts";
import type { WorkerChannel } from "./workers.ts";

const global = globalThis as unknown as { __worker?: WorkerChannel };
const { token, channel, cell, thread } = global.__worker!;
delete global.__worker;
openChannel(token, channel, thread);
shareChannel();
enterCell(cell, installConsole);
