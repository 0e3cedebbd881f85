/** An error as plain data, as it travels from the child to the relay. */
export interface Failure {
  /** `TypeError`, … */
  name: string;
  /** What went wrong. */
  message: string;
  /** V8's stack, its positions still those of the rewritten code. */
  stack: string;
  /** What caused it. */
  cause?: Failure;
  /** The parts of an `AggregateError`. */
  errors: Failure[];
  /** Where the syntax error is in the rewritten code, when there is no stack. */
  at?: { script: string; line: number; column: number };
}
