/**
 * @file fmt_line.h
 * The words of one line of YAML with one space between them, and what stays open behind it: a quote, a bracket, a block of text.
 * Private to fmt.c.
 */
#ifndef TIDEWAITER_RULES_FMT_LINE_H
#define TIDEWAITER_RULES_FMT_LINE_H

#include <tidewaiter/slice.h>

/** Zero at the begin of a file. */
struct tw_fmt_state {
	char quote;    /**< ' or " that is open, 0: none */
	uint32_t flow; /**< brackets that are open */
	bool block;    /**< the next deeper lines are text after | or > */
};

/**
 * @param line  without its indent and without blanks at its end
 * @param bytes room of at least 2 * line.len + 2
 * @param state of the lines before; after the call: of this one too
 * @param comment where the comment begins in `bytes`; what is returned when there is none
 * @return bytes written
 */
uint32_t tw_fmt_line(struct tw_slice line, struct tw_fmt_state *state, char *bytes, uint32_t *comment);

#endif
