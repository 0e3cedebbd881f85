// The operations a launch can name. This file is read by both compilers: AssemblyScript for the
// kernels' dispatch and Deno for the callers, so the numbers can't drift apart.

/** One entry per parallel kernel; `parallel.ts` maps it to the function. */
export enum Op {
  Fill,
  Copy,
  Strided,
  Binary,
  Unary,
  UnaryBackward,
  Accumulate,
  Select,
  ReduceColumns,
  ReduceRows,
  SumBlocks,
  ArgMaxRows,
  VarRows,
  VarRowsBackward,
  CumSumRows,
  RowScatter,
  SoftmaxRows,
  SoftmaxRowsBackward,
  LogSumExpRows,
  ExpShiftRows,
  Norm,
  NormBackwardInput,
  NormBackwardWeight,
  Gather,
  ScatterAdd,
  Embedding,
  EmbeddingBackward,
  Dropout,
  RandomUniform,
  RandomNormal,
  RandomIntegers,
  Gemm,
  Attention,
  AttentionBackward,
  CrossEntropy,
  CrossEntropyBackward,
  Im2Col,
  Col2Im,
  MaxPool,
  MaxPoolBackward,
  AvgPool,
  AvgPoolBackward,
  Sgd,
  Adam,
}

/** Element-wise operations of two operands. */
export enum BinaryKind {
  Add,
  Sub,
  Mul,
  Div,
  Pow,
  Maximum,
  Minimum,
  Equal,
  NotEqual,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
}

/** Element-wise operations of one operand; `Affine` is `x * p + q`. */
export enum UnaryKind {
  Affine,
  Exp,
  Log,
  Sqrt,
  Abs,
  Clip,
  Tanh,
  Sigmoid,
  Relu,
  GeluTanh,
  GeluErf,
  Silu,
  Reciprocal,
  PowScalar,
  Sign,
  ToFloat,
  ToInt,
  Sin,
  Cos,
  Softplus,
}

/** How a reduction combines elements. */
export enum ReduceKind {
  Sum,
  Max,
  Min,
  SumOfSquares,
}

/**
 * Blocks in which long sums are formed, each added to the total when it is complete: values of k in a
 * matrix product, rows in a sum of rows. Threads that share a sum take whole blocks, so the result
 * doesn't depend on how many they are.
 */
export enum SumBlock {
  K = 256,
  Rows = 128,
}
