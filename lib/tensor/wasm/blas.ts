export function blasSymbol(_memory: WebAssembly.Memory): ((...n: number[]) => void) | undefined {
  return undefined;
}
export function blasName(): string | undefined {
  return undefined;
}
