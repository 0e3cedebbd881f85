import { scaledDotProductAttention } from "@tunebook/tensor";
import type { Compute } from "./reference.ts";

/** Attention with what the options name among the inputs. */
export const ATTENTION: Readonly<Record<string, Compute>> = {
  attention: ([query, key, value, ...rest], { causal, masked, prefix }) => {
    const mask = masked ? rest.shift()! : undefined;
    const [keys, values] = rest;
    return scaledDotProductAttention(query!, key!, value!, {
      causal,
      ...(mask ? { mask } : {}),
      ...(prefix ? { prefixKeys: keys!, prefixValues: values! } : {}),
    });
  },
};
