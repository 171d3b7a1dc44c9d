/**
 * @file events.c
 * What the logs get: few entities that every partition speaks of, so that every record has many writers; certificates that are drawn on, and given
 * back by cancellations and amendments; inspections; now and then bytes that are no event, the same event once more, and offsets that no event has.
 */
#include <stdarg.h>
#include <stdio.h>

#include "tests/simulation/world.h"

#define EVENTS_LEAST 40
#define EVENTS_MOST  160
#define EIGHTH       8
#define DAY          "2026-03-02T"
#define LAST_US      (5 * SIM_S) /* behind the last fault: one more event a partition, that whatever was lost is noticed */

static int64_t planned, appended;

struct due {
	uint32_t log;
};

static struct tw_slice text(const char *format, ...) __attribute__((format(printf, 1, 2)));

static struct tw_slice text(const char *format, ...)
{
	char buffer[1024];
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(buffer, sizeof(buffer), format, arguments);
	va_end(arguments);
	char *copy = sim_alloc((size_t)length + 1);
	memcpy(copy, buffer, (size_t)length);
	return (struct tw_slice){copy, (uint32_t)length};
}

/* One that came before; only every eighth is amended, cancelled, inspected. */
static int64_t earlier(struct sim_random *random, int64_t number)
{
	return EIGHTH - 1 + EIGHTH * (int64_t)sim_random_below(random, (uint32_t)(number / EIGHTH));
}

static struct tw_slice cancelled(struct sim_random *random, int64_t number)
{
	uint32_t minute = sim_random_below(random, 60);
	return text("{\"id\":\"x%lld\",\"type\":\"consignment.cancelled\",\"time\":\"" DAY
	            "11:%02u:00Z\",\"source\":\"port\",\"consignment\":{\"id\":\"C%lld\"}}",
	            (long long)number, minute, (long long)earlier(random, number));
}

/*
 * Every eighth consignment draws on a certificate of its own, or on one more where it is amended: the draws on the others are added up by the
 * checker, and those of the eighths come and go with the facts of cancellations and amendments.
 */
static struct tw_slice manifest(struct sim_random *random, int64_t number)
{
	uint32_t party = sim_random_below(random, 3), other = sim_random_below(random, 4), vessel = sim_random_below(random, 2);
	uint32_t minute = sim_random_below(random, 60), quantity = 1 + sim_random_below(random, 9), kind = sim_random_below(random, 1000);
	bool changes = number > EIGHTH, amends = changes && kind < 100;
	if (changes && kind >= 900) {
		return cancelled(random, number);
	}
	int64_t consignment = amends ? earlier(random, number) : number;
	uint32_t drawn_on = consignment % EIGHTH == EIGHTH - 1 ? 8 + sim_random_below(random, 2) : 1 + sim_random_below(random, 2);
	return text(
	    "{\"id\":\"m%lld\",\"type\":\"consignment.%s\",\"time\":\"" DAY "10:%02u:00Z\",\"source\":\"port\",\"consignment\":{\"id\":\"C%lld\","
	    "\"revision\":%u,\"means\":{\"mode\":\"sea\",\"name\":\"QZ TIDE %u\",\"flag\":\"QZ\"},\"parties\":[{\"role\":\"consignee\",\"name\":"
	    "\"Harbour %u\",\"country\":\"XB\"},{\"role\":\"consignor\",\"name\":\"Quay %u\",\"country\":\"XA\"}],\"items\":[{\"line\":1,"
	    "\"description\":\"rifles\",\"quantity\":%u,\"unit\":\"C62\",\"certificates\":[{\"number\":\"QZ-%u\",\"issuer_country\":\"QZ\","
	    "\"line\":1}]}]}}",
	    (long long)number, amends ? "amended" : "declared", minute, (long long)consignment, amends ? 2U : 1U, vessel, party, other, quantity,
	    drawn_on);
}

static struct tw_slice outcome(struct sim_random *random, int64_t number)
{
	static const char *const results[] = {"conform", "discrepancy", "seizure", "not_examined"};
	uint32_t result = sim_random_below(random, 4), minute = sim_random_below(random, 60);
	int64_t consignment = number > EIGHTH ? earlier(random, number) : EIGHTH - 1;
	return text("{\"id\":\"o%lld\",\"type\":\"inspection.completed\",\"time\":\"" DAY
	            "12:%02u:00Z\",\"source\":\"inspections\",\"consignment\":\"C%lld\","
	            "\"inspection\":{\"lane\":\"red\",\"result\":\"%s\",\"kind\":\"physical\"}}",
	            (long long)number, minute, (long long)consignment, results[result]);
}

static struct tw_slice certificate(struct sim_random *random, int64_t number)
{
	static const char *const types[] = {"issued", "authenticated", "suspended", "reinstated"};
	uint32_t type = sim_random_below(random, 4), minute = sim_random_below(random, 60), of = 1 + sim_random_below(random, 2);
	return text(
	    "{\"id\":\"c%lld\",\"type\":\"certificate.%s\",\"time\":\"" DAY "09:%02u:00Z\",\"source\":\"registry\",\"certificate\":{\"number\":"
	    "\"QZ-%u\",\"issuer\":{\"country\":\"QZ\"},\"items\":[{\"line\":1,\"description\":\"rifles\",\"quantity\":500,\"unit\":\"C62\"}]}}",
	    (long long)number, types[type], minute, of);
}

static struct tw_slice event_make(struct sim_random *random, enum tw_family family, int64_t number)
{
	return family == TW_FAMILY_CERTIFICATE ? certificate(random, number)
	       : family == TW_FAMILY_OUTCOME   ? outcome(random, number)
	                                       : manifest(random, number);
}

static void append(void *context)
{
	struct due *due = context;
	struct sim_world *world = sim_world();
	struct sim_log *log = &world->logs[due->log];
	struct sim_random *random = &world->events;
	int64_t number = appended++;
	struct tw_slice value = event_make(random, log->family, number);
	if (sim_random_chance(random, 40)) {
		value.len /= 2; /* a dead letter */
	}
	while (sim_random_chance(random, 60)) {
		sim_log_gap(log);
	}
	int64_t back = world->window ? 1 + (int64_t)sim_random_below(random, world->window - 1) : 0;
	if (back && sim_random_chance(random, 120) && log->count >= back && log->records[log->count - back].data) {
		value = log->records[log->count - back].value; /* sent again */
	}
	sim_log_append(log, (struct tw_slice){"", 0}, value);
	if (sim_random_chance(random, 60)) {
		sim_log_gap(log);
	}
}

static void plan(uint32_t log, int64_t when)
{
	struct due *due = sim_alloc(sizeof(*due));
	due->log = log;
	planned++;
	sim_at(when, append, due);
}

void sim_events_plan(void)
{
	struct sim_world *world = sim_world();
	struct sim_random *random = &world->events;
	uint32_t partitions = 1 + sim_random_below(random, 3);
	int64_t count = sim_random_between(random, EVENTS_LEAST, EVENTS_MOST);
	world->window = sim_random_chance(random, 500) ? 2 + sim_random_below(random, 30) : 0;
	for (uint32_t i = 0; i < partitions; i++) {
		(void)sim_log_add("tw.manifests", TW_FAMILY_MANIFEST, (int32_t)i);
	}
	(void)sim_log_add("tw.certificates", TW_FAMILY_CERTIFICATE, 0);
	(void)sim_log_add("tw.outcomes", TW_FAMILY_OUTCOME, 0);
	planned = appended = 0;
	/* a partition that nobody has heard of while state comes and goes */
	int64_t late = sim_random_chance(random, 400) ? sim_random_between(random, 0, world->faults_end) : 0;
	for (int64_t i = 0; i < count; i++) {
		uint32_t log = sim_random_chance(random, 200) ? partitions + sim_random_below(random, 2) : sim_random_below(random, partitions);
		plan(log, sim_random_between(random, log == 0 ? late : 0, world->faults_end));
	}
	for (uint32_t i = 0; i < world->log_count; i++) {
		plan(i, world->faults_end + LAST_US);
	}
	world->facts = sim_log_add("tw.facts", TW_FAMILY_FACT, 0); /* what is in it the engines put there */
}

bool sim_events_over(void)
{
	return appended == planned;
}
