/**
 * @file rules_page_test.c
 * Texts cannot break out of what is written: neither of HTML nor of Markdown.
 */
#include "engine/command/rules_page.h"

#include <criterion/criterion.h>

static char said[8192];

static void write_page(bool html, const char *text)
{
	FILE *out = fmemopen(said, sizeof(said), "w");
	struct tw_page page = {out, html};
	tw_page_begin(&page, "T");
	tw_page_heading(&page, 3, tw_slice_str(text), tw_slice_str("an-id"));
	tw_page_paragraph(&page, tw_slice_str(text));
	tw_page_row(&page, "Name", tw_slice_str(text));
	tw_page_row(&page, "Absent", tw_slice_str(""));
	tw_page_code(&page, tw_slice_str("``` x\n"));
	tw_page_end(&page);
	fclose(out);
}

#define SAYS(text)  cr_assert_not_null(strstr(said, text), "%s", said)
#define LACKS(text) cr_assert_null(strstr(said, text), "%s", said)

Test(rules_page, html_is_whole_and_escapes)
{
	write_page(true, "a <b> & \"c\"");
	SAYS("<!DOCTYPE html>");
	SAYS("<h3 id=\"an-id\">a &lt;b&gt; &amp; &quot;c&quot;</h3>");
	SAYS("<dt>Name</dt><dd>a &lt;b&gt;");
	SAYS("<pre>``` x\n</pre>");
	SAYS("</html>");
	LACKS("Absent");
	LACKS("http"); /* nothing is fetched from elsewhere */
}

Test(rules_page, markdown_escapes_and_fences_wider_than_what_they_hold)
{
	write_page(false, "a <b> *c* [d](e)\nf");
	SAYS("### a \\<b\\> \\*c\\* \\[d\\](e) f\n");
	SAYS("- **Name**: a");
	SAYS("````\n``` x\n````\n");
	LACKS("Absent");
}
