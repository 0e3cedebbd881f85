import { assertEquals } from "@std/assert";
import { sentencesOf, taskAddresses } from "@tunebook/finetune";

const cases: Record<string, string[]> = {
  "Mr. Fox left St. Louis. Gen. Grant stayed.": ["Mr. Fox left St. Louis.", "Gen. Grant stayed."],
  "The U.S. Government paid J. Q. Adams. It did so in 1825.": [
    "The U.S. Government paid J. Q. Adams.",
    "It did so in 1825.",
  ],
  "It cost $2.5 million. We paid.": ["It cost $2.5 million.", "We paid."],
  '1. We begin. "Peace." So he said. Why? Because!': [
    "1. We begin.",
    '"Peace."',
    "So he said.",
    "Why?",
    "Because!",
  ],
  "an end without a stop": ["an end without a stop"],
  "": [],
};

for (const [text, sentences] of Object.entries(cases)) {
  Deno.test(`sentences of ${JSON.stringify(text)}`, () =>
    assertEquals(sentencesOf(text), sentences));
}

Deno.test("the sentences of an address are all of its text", async () => {
  const { text } = (await taskAddresses()).validation.at(0);
  assertEquals(sentencesOf(text).join(" "), text.replaceAll(/\s+/g, " ").trim());
});
