/** @file marking_list_fuzz.c  Any bytes as a list of marks: refused with what and where, or loaded, counted, and asked. */
#include "feeds/marking_list.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tw_marking_list *list = NULL;
	struct tw_marking_notice notice;
	struct tw_error err = {0};
	if (size > UINT32_MAX) {
		return 0;
	}
	if (tw_marking_list_read("marks.csv", (struct tw_slice){(const char *)data, (uint32_t)size}, NULL, &list, &err) != TW_OK) {
		if (!err.what || !err.where[0]) {
			abort();
		}
		return 0;
	}
	const struct tw_marking_list_report *report = tw_marking_list_report(list);
	uint64_t rows = (uint64_t)report->lost + report->stolen + report->destroyed;
	if (report->bytes < rows * 40) {
		abort();
	}
	if (tw_marking_list_find(list, tw_slice_str("SAMPLEARMS|AB01417"), INT32_MAX, true, &notice) && (rows == 0 || notice.line < 2)) {
		abort();
	}
	tw_marking_list_free(list);
	return 0;
}
