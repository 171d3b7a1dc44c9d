/**
 * @file meter.c
 * See meter.h.
 */
#include "engine/run/meter.h"

#include <stdio.h>
#include <time.h>

static int64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void tw_meter_lap(struct tw_meter *meter, enum tw_stage stage)
{
	int64_t now = now_ns();
	meter->ns[stage] += meter->at_ns ? now - meter->at_ns : 0;
	meter->at_ns = now;
}

const char *tw_stage_name(enum tw_stage stage)
{
	static const char *const names[TW_STAGES] = {"poll", "decode", "lists", "state", "rules", "produce", "commit"};
	return names[stage];
}

const char *tw_meter_text(const struct tw_meter *meter, char *buffer, size_t size)
{
	int64_t sum = 0;
	size_t used = 0;
	for (int i = 0; i < TW_STAGES; i++) {
		sum += meter->ns[i];
	}
	for (int i = 0; i < TW_STAGES && used < size; i++) {
		double share = sum ? 100.0 * (double)meter->ns[i] / (double)sum : 0;
		int wrote = snprintf(buffer + used, size - used, "%s%s %.0f%%", i ? ", " : "", tw_stage_name((enum tw_stage)i), share);
		used += wrote > 0 ? (size_t)wrote : 0;
	}
	if (used < size) {
		snprintf(buffer + used, size - used, " of %.1f s", (double)sum / 1e9);
	}
	return buffer;
}
