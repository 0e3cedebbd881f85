import { parseMail } from "@tunebook/data";
import { assertEquals, assertRejects } from "@std/assert";

const latin1 = (lines: string[]) =>
  Uint8Array.from(lines.join("\n"), (character) => character.charCodeAt(0));

Deno.test("headers are decoded, and the mailbox's own line is no header", async () => {
  const mail = await parseMail(latin1([
    "From someone@example.org  Thu Aug 22 12:36:23 2002",
    "From: =?iso-8859-1?Q?P=E1draig?= <Padraig@Linux.IE>",
    "Subject: Re: =?utf-8?B?Y2Fmw6k=?=",
    "\tagain",
    "Date: Thu, 22 Aug 2002 18:26:25 +0700",
    "Message-ID: <1@linux.ie>",
    "In-Reply-To: <0@linux.ie>",
    "",
    "Yes.",
    "",
  ]));
  assertEquals(mail, {
    subject: "Re: café again",
    sender: "padraig@linux.ie",
    domain: "linux.ie",
    date: "2002-08-22T11:26:25.000Z",
    messageId: "<1@linux.ie>",
    inReplyTo: "<0@linux.ie>",
    html: false,
    text: "Yes.",
  });
});

Deno.test("a body is decoded by the character set it names", async () => {
  const mail = await parseMail(latin1([
    "Content-Type: text/plain; charset=ISO-8859-1",
    "Content-Transfer-Encoding: 8bit",
    "",
    "\xa3160,000 for P\xe1draig",
  ]));
  assertEquals(mail.text, "£160,000 for Pádraig");
  assertEquals([mail.subject, mail.sender, mail.domain], ["", "", ""]);
});

Deno.test("a mail that names no character set is UTF-8 if it can be, else Windows-1252", async () => {
  const curly = await parseMail(latin1(["Subject: x", "", "the world\x92s \xa3"]));
  assertEquals(curly.text, "the world’s £");
  const utf8 = await parseMail(new TextEncoder().encode("Subject: x\n\nthe world’s £"));
  assertEquals(utf8.text, "the world’s £");
});

Deno.test("HTML is stripped of markup, links and pictures", async () => {
  const mail = await parseMail(latin1([
    "Content-Type: text/html",
    "",
    "<style>p { color: red }</style><script>track()</script>",
    '<p>Buy &amp; <a href="http://spam.example/x">save</a><img src="x.gif" alt="now"></p>',
    "<table><tr><td>today</td></tr></table>",
  ]));
  assertEquals([mail.html, mail.text], [true, "Buy & save\n\ntoday"]);
});

Deno.test("of a mail in two versions, the plain one is taken", async () => {
  const mail = await parseMail(latin1([
    "Content-Type: multipart/alternative; boundary=b",
    "",
    "--b",
    "Content-Type: text/plain",
    "",
    "plain",
    "--b",
    "Content-Type: text/html",
    "",
    "<b>rich</b>",
    "--b--",
  ]));
  assertEquals([mail.html, mail.text], [false, "plain"]);
});

Deno.test("a mail without text is refused", async () => {
  const picture = latin1(["Content-Type: text/html", "", '<img src="x.gif">']);
  await assertRejects(() => parseMail(picture), TypeError, "Expected a text but found none");
});
