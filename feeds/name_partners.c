/**
 * @file name_partners.c
 * Open addressing, at most half full, in as few places as the pairs need so that they stay near; see name_partners.h.
 */
#include "feeds/name_partners.h"

#include <stdlib.h>
#include <string.h>

#define BITS_MIN  6U  /* of the places in use: 1.5 KiB */
#define BITS_MAX  12U /* 96 KiB a domain and thread */
#define PAIRS_MAX ((1U << BITS_MAX) / 2)

bool tw_partners_init(struct tw_name_partners *partners)
{
	partners->slot = calloc(1U << BITS_MAX, sizeof(*partners->slot));
	partners->pair = calloc(PAIRS_MAX, sizeof(*partners->pair));
	return partners->slot && partners->pair;
}

void tw_partners_fini(struct tw_name_partners *partners)
{
	free(partners->slot);
	free(partners->pair);
}

bool tw_partners_begin(struct tw_name_partners *partners, uint32_t pairs)
{
	uint32_t bits = BITS_MIN;
	partners->pairs = 0;
	if (pairs > PAIRS_MAX) {
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
