/** @file reference_stub.c  Links the list builder without the reference tables; a weak symbol that the real one replaces. */
#include "feeds/reference.h"

__attribute__((weak)) uint16_t tw_reference_country_named(const struct tw_reference *reference, struct tw_slice name)
{
	(void)reference;
	(void)name;
	return 0;
}
