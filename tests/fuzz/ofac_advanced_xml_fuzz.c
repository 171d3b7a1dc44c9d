/** @file ofac_advanced_xml_fuzz.c  OFAC's lists in the advanced schema. See xml_fuzz.h. */
#include "tests/fuzz/xml_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return xml_fuzz(tw_ofac_advanced_xml_load, data, size);
}
