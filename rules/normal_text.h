/**
 * @file normal_text.h
 * Room for the normal form of one text at a time (engine/base/normal.h), kept for the next. Threads: one owner.
 */
#ifndef TIDEWAITER_RULES_NORMAL_TEXT_H
#define TIDEWAITER_RULES_NORMAL_TEXT_H

#include "engine/base/normal.h"

/** Zero before its first text. */
struct tw_normal_text {
	struct tw_normal_unit *unit;
	char *bytes;
	uint32_t room;  /**< bytes of a text that both have room for */
	uint32_t count; /**< units of the last text that is not its own normal form */
};

/**
 * @param text UTF-8 of any length
 * @param out  good until the next text; {NULL, 0}: the text is its own normal form
 * @return false without memory for a text longer than any before
 */
bool tw_normal_text_of(struct tw_normal_text *normal, struct tw_slice text, struct tw_slice *out);
/** @param part bytes of the last text's normal form @return those of the text that it stands for */
struct tw_span tw_normal_text_source(const struct tw_normal_text *normal, struct tw_span part);
void tw_normal_text_fini(struct tw_normal_text *normal);

#endif
