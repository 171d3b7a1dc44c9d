/**
 * @file name_partners.c
 * Open addressing, at most half full, in as few places as the pairs need so that they stay near; see name_partners.h.
 */
#include "feeds/name_partners.h"

#include <stdlib.h>
#include <string.h>

#define BITS_MIN 6U  /* of the places in use: 1 KiB */
#define BITS_MAX 12U /* 64 KiB a domain and thread */

bool tw_partners_init(struct tw_name_partners *partners)
{
	partners->slot = calloc(1U << BITS_MAX, sizeof(*partners->slot));
	return partners->slot != NULL;
}

void tw_partners_fini(struct tw_name_partners *partners)
{
	free(partners->slot);
}

bool tw_partners_begin(struct tw_name_partners *partners, uint32_t pairs)
{
	uint32_t bits = BITS_MIN;
	if (pairs > (1U << BITS_MAX) / 2) {
		return false;
	}
	while (pairs * 2 > 1U << bits) {
		bits++;
	}
	partners->shift = 32 - bits;
	if (++partners->query == 0) {
		memset(partners->slot, 0, (1U << BITS_MAX) * sizeof(*partners->slot));
		partners->query = 1;
	}
	return true;
}
