/**
 * @file list_columns_fuzz.c
 * Any bytes as an issuer's table (the first byte says whose): the reader refuses or loads, and what it loads can be indexed, screened by
 * name and by number.
 */
#include "tests/fuzz/list_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static enum tw_code (*const readers[])(struct tw_list_stage *, const struct tw_list_file *, struct tw_error *) = {
	    tw_ofsi_csv_load, tw_bis_dpl_load, tw_uk_csv_load, tw_opensanctions_csv_load, tw_watch_csv_load, tw_eu_csv_load};
	if (size > UINT32_MAX) {
		return 0;
	}
	uint32_t which = size ? data[0] % (sizeof(readers) / sizeof(readers[0])) : 0;
	struct tw_list_file file = {"list.csv", {(const char *)data + (size != 0), (uint32_t)(size - (size != 0))}};
	return list_fuzz(readers[which], &file, NULL);
}
