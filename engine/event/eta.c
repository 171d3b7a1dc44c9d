/**
 * @file eta.c
 * See eta.h.
 */
#include "engine/event/eta.h"

#include "engine/base/time.h"

static int64_t arrival_at(const struct tw_list *route, enum tw_leg_role role)
{
	const struct tw_leg *legs = route->data;
	int64_t earliest = TW_ETA_NONE;
	for (uint32_t i = 0; i < route->count; i++) {
		if (legs[i].role.value == role && tw_stated(legs[i].arrival.span) && legs[i].arrival.day * TW_DAY_MS < earliest) {
			earliest = legs[i].arrival.day * TW_DAY_MS;
		}
	}
	return earliest;
}

static int64_t arrival_last(const struct tw_list *route)
{
	const struct tw_leg *legs = route->data;
	for (uint32_t i = route->count; i > 0; i--) {
		if (tw_stated(legs[i - 1].arrival.span)) {
			return legs[i - 1].arrival.day * TW_DAY_MS;
		}
	}
	return TW_ETA_NONE;
}

int64_t tw_eta_ms(const struct tw_event *event)
{
	const struct tw_list *route = &event->consignment.route;
	if (event->family != TW_FAMILY_MANIFEST) {
		return TW_ETA_NONE;
	}
	int64_t eta = arrival_at(route, TW_LEG_DISCHARGE);
	eta = eta == TW_ETA_NONE ? arrival_at(route, TW_LEG_DELIVERY) : eta;
	return eta == TW_ETA_NONE ? arrival_last(route) : eta;
}
