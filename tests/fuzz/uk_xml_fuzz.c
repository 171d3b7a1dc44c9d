/** @file uk_xml_fuzz.c  The UK Sanctions List. See xml_fuzz.h. */
#include "tests/fuzz/xml_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return xml_fuzz(tw_uk_xml_load, data, size);
}
