/** Run by data_package_test.ts without any permission: prints how each kind of loader fails. */
import { afinn, mnist } from "@tunebook/data";

for (const load of [() => afinn(), () => mnist(), () => afinn({ csv: "words.csv" })]) {
  await load().catch((error: Error) => console.log(error.message));
}
