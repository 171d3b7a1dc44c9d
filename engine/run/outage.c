/**
 * @file outage.c
 * See outage.h.
 */
#include "engine/run/outage.h"

#include <time.h>

#include "engine/base/log.h"
#include "engine/run/signals.h"

#define PAUSE_FIRST_MS 100U
#define PAUSE_MOST_MS  5000U
#define SLICE_MS       50U /* a stop is noticed within that */
#define SAY_AGAIN_MS   60000

int64_t tw_now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_ms(uint32_t ms)
{
	struct timespec left = {.tv_sec = 0, .tv_nsec = (long)ms * 1000000};
	nanosleep(&left, NULL); /* a signal may end it early: that is wanted */
}

bool tw_outage_wait(struct tw_outage *outage, const struct tw_error *err)
{
	int64_t now = tw_now_ms();
	outage->errors++;
	if (!outage->away) {
		outage->away = true;
		outage->since_ms = now;
		outage->pause_ms = PAUSE_FIRST_MS;
	}
	if (outage->said_ms == 0 || now - outage->said_ms >= SAY_AGAIN_MS) {
		tw_log_error(TW_LOG_WARN, outage->away_event, err);
		outage->said_ms = now;
	}
	for (uint32_t waited = 0; waited < outage->pause_ms && !tw_stop_asked(); waited += SLICE_MS) {
		pause_ms(SLICE_MS);
	}
	if (outage->meanwhile) {
		outage->meanwhile(outage->context);
	}
	outage->pause_ms = outage->pause_ms * 2 < PAUSE_MOST_MS ? outage->pause_ms * 2 : PAUSE_MOST_MS;
	return !tw_stop_asked();
}

void tw_outage_over(struct tw_outage *outage)
{
	if (outage->away) {
		tw_log(TW_LOG_INFO, outage->back_event, "after_s=%.1f", (double)(tw_now_ms() - outage->since_ms) / 1000);
		outage->away = false;
		outage->said_ms = 0;
	}
}
