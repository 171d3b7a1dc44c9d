/**
 * @file group.c
 * The consumer group: static members, eager rebalances, generations, sessions.
 *
 *     join, leave, a session that ended --> PREPARING: everybody has to join anew --all did, or SIM_REBALANCE_US--> STABLE, generation + 1
 *
 * A static member that joins while the group is stable and knows its instance takes that place as it is: no rebalance, the old generation; whoever
 * had it before is fenced. Source: KIP-62, KIP-345; Kafka's GroupCoordinator (behaviour).
 */
#include "tests/simulation/world.h"

static struct sim_group *group(void)
{
	return &sim_world()->group;
}

/* Partitions of a topic go to the members in runs (range), members in order of their instance. */
static void assign(void)
{
	struct sim_world *world = sim_world();
	uint32_t members = 0, of_topic[SIM_LOGS_MOST] = {0};
	for (uint32_t m = 0; m < SIM_INSTANCES; m++) {
		group()->member[m].assigned = 0;
		members += group()->member[m].used;
	}
	for (uint32_t i = 0; i < world->log_count; i++) {
		for (uint32_t k = 0; k < world->log_count; k++) {
			of_topic[i] += world->logs[k].family == world->logs[i].family;
		}
	}
	for (uint32_t i = 0; i < world->log_count && members; i++) {
		uint32_t wanted = (uint32_t)world->logs[i].partition * members / of_topic[i], rank = 0;
		for (uint32_t m = 0; m < SIM_INSTANCES; m++) {
			if (group()->member[m].used && rank++ == wanted) {
				group()->member[m].assigned |= UINT64_C(1) << i;
			}
		}
	}
}

static void complete(void)
{
	for (uint32_t m = 0; m < SIM_INSTANCES; m++) {
		struct sim_member *member = &group()->member[m];
		member->used = member->used && member->rejoined;
	}
	group()->preparing = false;
	group()->generation++;
	assign();
	sim_world()->rebalances++;
	sim_note("generation", group()->generation, (int64_t)group()->round, 0, 0);
}

static void complete_if_all(void)
{
	for (uint32_t m = 0; m < SIM_INSTANCES; m++) {
		if (group()->member[m].used && !group()->member[m].rejoined) {
			return;
		}
	}
	complete();
}

static void deadline(void *context)
{
	if (group()->preparing && group()->round == (uint64_t)(uintptr_t)context) {
		complete();
	}
}

static void prepare(void)
{
	if (group()->preparing) {
		return;
	}
	group()->preparing = true;
	group()->round++;
	for (uint32_t m = 0; m < SIM_INSTANCES; m++) {
		group()->member[m].rejoined = false;
	}
	sim_at(sim_now() + SIM_REBALANCE_US, deadline, (void *)(uintptr_t)group()->round);
}

static void remove_member(struct sim_member *member)
{
	*member = (struct sim_member){.used = false};
	prepare();
	complete_if_all();
}

enum sim_answer sim_member_check(uint32_t instance, uint64_t member, uint32_t generation)
{
	const struct sim_member *held = &group()->member[instance];
	if (!held->used) {
		return SIM_UNKNOWN_MEMBER;
	}
	if (held->id != member) {
		return SIM_FENCED_INSTANCE;
	}
	return generation == group()->generation ? SIM_OK : SIM_OLD_GENERATION;
}

/* call->member 0: it has no id yet. Answered with OK when the member is in the round, or in the group as it stands. */
enum sim_answer sim_join(struct sim_call *call)
{
	struct sim_member *member = &group()->member[call->instance];
	if (member->used && call->member && call->member != member->id) {
		return SIM_FENCED_INSTANCE;
	}
	if (!member->used && call->member) {
		return SIM_UNKNOWN_MEMBER;
	}
	bool known = member->used, replaces = known && !call->member;
	if (!call->member) {
		member->id = ++group()->ids;
	}
	member->used = true;
	member->engine = call->engine;
	call->member = member->id;
	if (!(replaces && !group()->preparing)) {
		prepare();
		member->rejoined = true;
		complete_if_all();
	}
	sim_note("joined", call->instance, (int64_t)member->id, replaces, group()->generation);
	return SIM_OK;
}

enum sim_answer sim_heartbeat(struct sim_call *call)
{
	const struct sim_member *member = &group()->member[call->instance];
	enum sim_answer answer = sim_member_check(call->instance, call->member, group()->generation);
	if (answer != SIM_OK) {
		return answer;
	}
	call->generation = group()->generation;
	call->assigned = member->assigned;
	if (group()->preparing) {
		return member->rejoined ? SIM_BUSY : SIM_REBALANCING;
	}
	return SIM_OK;
}

enum sim_answer sim_leave(struct sim_call *call)
{
	struct sim_member *member = &group()->member[call->instance];
	if (member->used && member->id == call->member) {
		sim_note("left", call->instance, (int64_t)member->id, group()->generation, 0);
		remove_member(member);
	}
	return SIM_OK;
}

static void session_end(void *context)
{
	struct sim_engine *engine = context;
	struct sim_member *member = &group()->member[engine->instance];
	if (!member->used || member->engine != engine || !sim_engine_silent(engine)) {
		return;
	}
	if (sim_world()->broker_down) {
		sim_at(sim_now() + SIM_SESSION_US, session_end, engine);
		return;
	}
	sim_note("session ended", engine->instance, (int64_t)member->id, 0, 0);
	remove_member(member);
}

void sim_session_watch(struct sim_engine *engine)
{
	sim_at(sim_now() + SIM_SESSION_US, session_end, engine);
}
