/** What `parse` returns, worked out from its options. */

/**
 * A row by its columns' names: the names themselves where the options spell
 * them out, any string otherwise.
 */
export type RecordWithColumn<C extends string> = string extends C ? Record<string, string>
  : Record<C, string>;

/**
 * What {@linkcode parse} returns for options of type `T`: records if `columns`
 * or `skipFirstRow` is given, else rows of fields, and either if the type does
 * not tell.
 */
export type ParseResult<ParseOptions, T> = T extends
  ParseOptions & { columns: readonly (infer C extends string)[] } ? RecordWithColumn<C>[]
  : T extends ParseOptions & { skipFirstRow: true } ? Record<string, string>[]
  : T extends ParseOptions & { columns?: undefined; skipFirstRow?: false | undefined } ? string[][]
  : Record<string, string>[] | string[][];
