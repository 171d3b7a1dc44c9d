/** @file un_xml_fuzz.c  The UN list. See xml_fuzz.h. */
#include "tests/fuzz/xml_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return xml_fuzz(tw_un_xml_load, data, size);
}
