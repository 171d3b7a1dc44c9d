/**
 * @file xml_fuzz.h
 * Any bytes as a list in XML: the reader refuses or loads, and what it loads can be indexed and screened by its own names. A bound of the
 * reader is never passed in silence: slots hold texts that a stage can copy, entries hold an id.
 */
#ifndef TIDEWAITER_TESTS_XML_FUZZ_H
#define TIDEWAITER_TESTS_XML_FUZZ_H

#include "tests/fuzz/list_fuzz.h"

/* What was passed over leaves nothing behind: everything staged belongs to an entry with an id. */
static void check_whole(struct tw_list_stage *stage)
{
	for (uint32_t i = 0; i < stage->entries.count; i++) {
		if (tw_list_stage_entry_at(stage, i)->id.len == 0) {
			abort();
		}
	}
	const struct tw_stage_name *names = stage->names.data;
	for (uint32_t i = 0; i < stage->names.count; i++) {
		if (names[i].entry >= stage->entries.count || names[i].name.text.len == 0) {
			abort();
		}
	}
	if (stage->report.names != stage->names.count || stage->report.identifiers != stage->identifiers.count) {
		abort();
	}
}

static int xml_fuzz(enum tw_code (*load)(struct tw_list_stage *, const struct tw_list_file *, struct tw_error *), const uint8_t *data, size_t size)
{
	if (size > UINT32_MAX) {
		return 0;
	}
	return list_fuzz(load, &(struct tw_list_file){"fuzz.xml", (struct tw_slice){(const char *)data, (uint32_t)size}}, check_whole);
}

#endif
