/** @file eu_xml_fuzz.c  The EU list, nearly all of it attributes. See xml_fuzz.h. */
#include "tests/fuzz/xml_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return xml_fuzz(tw_eu_xml_load, data, size);
}
