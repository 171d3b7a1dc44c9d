/**
 * @file wilson.c
 * See wilson.h. Rounded to millionths, so that the last bits of a double reach nobody.
 */
#include "engine/command/wilson.h"

#include <math.h>

#define Z 1.959963984540054 /* the standard normal's 0.975 quantile */

static uint32_t ppm_of(double share)
{
	double bounded = share < 0 ? 0 : share > 1 ? 1 : share;
	return (uint32_t)lround(bounded * 1e6);
}

struct tw_wilson tw_wilson_of(uint64_t hits, uint64_t of)
{
	if (of == 0) {
		return (struct tw_wilson){0, 0, 1000000};
	}
	double n = (double)of, share = (double)hits / n;
	double centre = share + Z * Z / (2 * n), reach = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)), scale = 1 + Z * Z / n;
	return (struct tw_wilson){.share_ppm = ppm_of(share),
	                          .low_ppm = hits == 0 ? 0 : ppm_of((centre - reach) / scale),
	                          .high_ppm = hits == of ? 1000000 : ppm_of((centre + reach) / scale)};
}
