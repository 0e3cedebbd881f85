import { convert } from "html-to-text";
import PostalMime, { type Address as Sender, type Email } from "postal-mime";

/** What is read of one e-mail. */
export interface Mail {
  /** The subject, decoded, empty where there is none. */
  subject: string;
  /** The sender's address in lower case, empty where there is none. */
  sender: string;
  /** What stands behind the @ of the sender's address, empty where there is none. */
  domain: string;
  /** When it says it was sent, as ISO 8601 or as it stands; not to be trusted. */
  date: string;
  /** The mail's own id, empty where it has none. */
  messageId: string;
  /** The id of the mail that this one answers, empty where it answers none. */
  inReplyTo: string;
  /** Whether the text had to be taken from HTML. */
  html: boolean;
  /** The body as plain text, without markup and attachments. */
  text: string;
}

/**
 * Reads a raw e-mail: headers decoded, the body as plain text.
 *
 * A body with a plain part is taken as it is; one that is only HTML is stripped of its markup.
 * Parts are decoded by the character set they name; a mail that names none is taken for UTF-8 where
 * it is that, else for Windows-1252, which most mail programs of 2002 meant by silence.
 *
 * @param raw The mail as it went over the wire.
 * @returns What it says.
 * @throws {Error} When it can't be parsed, or holds no text at all.
 *
 * @example
 * ```ts
 * import { parseMail } from "@tunebook/data";
 * import { assertEquals } from "@std/assert";
 *
 * const raw = "From: Ada <ada@Example.org>\nSubject: =?utf-8?q?caf=C3=A9?=\n" +
 *   "Content-Type: text/html\n\n<p>See <b>you</b> there</p>";
 * const mail = await parseMail(new TextEncoder().encode(raw));
 * assertEquals([mail.subject, mail.domain, mail.text], ["café", "example.org", "See you there"]);
 * ```
 */
export async function parseMail(raw: Uint8Array): Promise<Mail> {
  const email = await PostalMime.parse(asUtf8(withoutEnvelope(raw)));
  const sender = addressOf(email.from ?? email.sender).toLowerCase();
  const { text, html } = bodyOf(email);
  if (text === "") throw new TypeError("text: Expected a text but found none");
  return {
    subject: oneLine(email.subject),
    sender,
    domain: sender.includes("@") ? sender.slice(sender.lastIndexOf("@") + 1) : "",
    date: oneLine(email.date),
    messageId: oneLine(email.messageId),
    inReplyTo: oneLine(email.inReplyTo),
    html,
    text,
  };
}

/**
 * Drops the "From someone date" line that mailbox files put before each mail: it is not part of
 * it, and a parser would take the first header for its continuation.
 */
function withoutEnvelope(raw: Uint8Array): Uint8Array {
  const FROM = [70, 114, 111, 109, 32]; // "From "
  if (!FROM.every((byte, i) => raw[i] === byte)) return raw;
  return raw.subarray(raw.indexOf(10) + 1);
}

function asUtf8(raw: Uint8Array): Uint8Array {
  const western = new TextDecoder("windows-1252").decode(raw);
  if (/charset\s*=/i.test(western) || isUtf8(raw)) return raw;
  return new TextEncoder().encode(western);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function addressOf(sender: Sender | undefined): string {
  return sender?.address ?? sender?.group?.[0]?.address ?? "";
}

function bodyOf({ text, html }: Email): { text: string; html: boolean } {
  const plain = tidy(text ?? "");
  if (plain !== "" || !html) return { text: plain, html: false };
  const stripped = convert(html, {
    wordwrap: false,
    selectors: [
      { selector: "a", options: { ignoreHref: true } },
      { selector: "img", format: "skip" },
    ],
  });
  return { text: tidy(stripped), html: true };
}

/** Line breaks as one character, no white space at line ends, at most one empty line in a row. */
function tidy(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/[^\S\n]+\n/g, "\n").replace(/\n{3,}/g, "\n\n")
    .trim();
}

function oneLine(header: string | undefined): string {
  return (header ?? "").replace(/\s+/g, " ").trim();
}
