/**
 * @file rules_page.h
 * A page of headings, paragraphs, rows and code, written as Markdown or as one self-contained HTML file. Texts are escaped for what is written.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_RULES_PAGE_H
#define TIDEWAITER_ENGINE_COMMAND_RULES_PAGE_H

#include <stdio.h>
#include <tidewaiter/slice.h>

struct tw_page {
	FILE *out;
	bool html;
};

/** Text inside an element or an attribute in double quotes: & < > and " as references. */
void tw_page_escape(FILE *out, struct tw_slice text);
void tw_page_begin(struct tw_page *page, const char *title);
void tw_page_end(struct tw_page *page);
/** @param level 1 to 4 @param anchor what links point at; empty: nothing does */
void tw_page_heading(struct tw_page *page, unsigned level, struct tw_slice text, struct tw_slice anchor);
void tw_page_paragraph(struct tw_page *page, struct tw_slice text);
/** A line of a list, with a link to an anchor of this page. */
void tw_page_link(struct tw_page *page, struct tw_slice text, struct tw_slice anchor, struct tw_slice more);
void tw_page_links_end(struct tw_page *page);
/** "name: text", one after the other; an empty text leaves no row. */
void tw_page_row(struct tw_page *page, const char *name, struct tw_slice text);
void tw_page_rows_end(struct tw_page *page);
/** As it is, in a fixed font; lines end with newlines. */
void tw_page_code(struct tw_page *page, struct tw_slice text);

#endif
