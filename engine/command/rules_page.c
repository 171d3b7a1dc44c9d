/**
 * @file rules_page.c
 * See rules_page.h. Source: CommonMark 0.30 (backslash escapes); WHATWG HTML, 13.1.2 (character references).
 */
#include "engine/command/rules_page.h"

#include <string.h>

static const char style[] =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a2530}h1,h2,h3{line-height:1.2}"
    "h2{border-bottom:2px solid #35576e;margin-top:3rem}h3{margin-top:2.5rem}pre{background:#f1f4f6;padding:.8rem;overflow-x:auto;font-size:.85rem}"
    "dl{display:grid;grid-template-columns:10rem 1fr;gap:.2rem 1rem}dt{color:#56707f}dd{margin:0}a{color:#1d5f8a}"
    "@media print{pre{white-space:pre-wrap}h3{break-after:avoid}}";

void tw_page_escape(FILE *out, struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		switch (text.ptr[i]) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(text.ptr[i], out);
		}
	}
}

/* One line: a line end inside a text would end the paragraph's line. */
static void put_markdown(FILE *out, struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (strchr("\\`*_[]<>|#", c) && c) {
			fputc('\\', out);
		}
		fputc(c == '\n' ? ' ' : c, out);
	}
}

static void put(struct tw_page *page, struct tw_slice text)
{
	if (page->html) {
		tw_page_escape(page->out, text);
	} else {
		put_markdown(page->out, text);
	}
}

void tw_page_begin(struct tw_page *page, const char *title)
{
	if (page->html) {
		fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>",
		      page->out);
		tw_page_escape(page->out, tw_slice_str(title));
		fprintf(page->out, "</title>\n<style>%s</style>\n</head>\n<body>\n", style);
	}
	tw_page_heading(page, 1, tw_slice_str(title), tw_slice_str(""));
}

void tw_page_end(struct tw_page *page)
{
	if (page->html) {
		fputs("</body>\n</html>\n", page->out);
	}
}

void tw_page_heading(struct tw_page *page, unsigned level, struct tw_slice text, struct tw_slice anchor)
{
	if (page->html) {
		fprintf(page->out, "<h%u", level);
		if (anchor.len) {
			fputs(" id=\"", page->out);
			tw_page_escape(page->out, anchor);
			fputc('"', page->out);
		}
		fputc('>', page->out);
		put(page, text);
		fprintf(page->out, "</h%u>\n", level);
		return;
	}
	if (anchor.len) {
		fprintf(page->out, "<a id=\"%.*s\"></a>\n\n", (int)anchor.len, anchor.ptr);
	}
	fprintf(page->out, "%.*s ", (int)level, "####");
	put(page, text);
	fputs("\n\n", page->out);
}

void tw_page_paragraph(struct tw_page *page, struct tw_slice text)
{
	fputs(page->html ? "<p>" : "", page->out);
	put(page, text);
	fputs(page->html ? "</p>\n" : "\n\n", page->out);
}

void tw_page_link(struct tw_page *page, struct tw_slice text, struct tw_slice anchor, struct tw_slice more)
{
	fputs(page->html ? "<div><a href=\"#" : "- [", page->out);
	put(page, page->html ? anchor : text);
	fputs(page->html ? "\">" : "](#", page->out);
	if (page->html) {
		put(page, text);
	} else {
		fprintf(page->out, "%.*s", (int)anchor.len, anchor.ptr);
	}
	fputs(page->html ? "</a> " : ") ", page->out);
	put(page, more);
	fputs(page->html ? "</div>\n" : "\n", page->out);
}

void tw_page_links_end(struct tw_page *page)
{
	fputs("\n", page->out);
}

void tw_page_row(struct tw_page *page, const char *name, struct tw_slice text)
{
	if (!text.len) {
		return;
	}
	if (page->html) {
		fprintf(page->out, "<dl><dt>%s</dt><dd>", name);
		put(page, text);
		fputs("</dd></dl>\n", page->out);
		return;
	}
	fprintf(page->out, "- **%s**: ", name);
	put(page, text);
	fputc('\n', page->out);
}

void tw_page_rows_end(struct tw_page *page)
{
	fputs("\n", page->out);
}

/* A fence longer than any run of backquotes inside. */
static void fence(struct tw_page *page, struct tw_slice text)
{
	unsigned longest = 2, run = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		run = text.ptr[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	for (unsigned i = 0; i <= longest; i++) {
		fputc('`', page->out);
	}
}

void tw_page_code(struct tw_page *page, struct tw_slice text)
{
	if (page->html) {
		fputs("<pre>", page->out);
		tw_page_escape(page->out, text);
		fputs("</pre>\n", page->out);
		return;
	}
	fence(page, text);
	fprintf(page->out, "\n%.*s", (int)text.len, text.len ? text.ptr : "");
	fence(page, text);
	fputs("\n\n", page->out);
}
