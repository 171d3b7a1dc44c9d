/**
 * @file broker.c
 * Kafka's logs and transactions, as far as exactly-once rests on them.
 *
 * A transaction ends when its coordinator has decided; its offsets and outputs are seen a little later, each at its own time, and until then the
 * committed offsets of its partitions are not told (require_stable). A second transaction of the same producer has to wait as well. A producer of an
 * older epoch is refused. What is sent may be lost on its way there, or its answer on the way back, and it may arrive after its sender died.
 * Source: KIP-98, KIP-447; Kafka protocol guide, InitProducerId, TxnOffsetCommit, EndTxn, OffsetFetch.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/simulation/world.h"

/* ---- requests ---- */

struct sim_call *sim_call_new(sim_serve *serve)
{
	struct sim_call *call = sim_alloc(sizeof(*call));
	call->serve = serve;
	call->engine = sim_engine_self();
	call->instance = call->engine->instance;
	return call;
}

static bool lost(void)
{
	return sim_now() < sim_world()->faults_end && sim_random_chance(sim_chance(), sim_world()->lost_of_thousand);
}

static void arrive(void *context)
{
	struct sim_call *call = context;
	if (sim_world()->broker_down || sim_now() < call->engine->kafka_cut_until || lost()) {
		return;
	}
	enum sim_answer answer = call->serve(call);
	if (lost()) {
		return;
	}
	call->answer = answer;
	call->answered = true;
	call->ready = sim_now() + sim_delay();
	sim_wake(call->asker, call->ready);
}

void sim_call_send(struct sim_call *call)
{
	if (sim_dead()) {
		return;
	}
	/* in the order in which they were sent, as on a connection: an abort does not overtake what it undoes */
	int64_t when = sim_now() + sim_delay();
	call->engine->kafka_there = when > call->engine->kafka_there ? when : call->engine->kafka_there;
	call->asker = sim_self();
	sim_at(call->engine->kafka_there, arrive, call);
}

enum sim_answer sim_call_await(struct sim_call *call, int64_t patience_us)
{
	int64_t until = sim_now() + patience_us;
	while (!sim_dead() && (!call->answered || call->ready > sim_now())) {
		if (sim_now() >= until) {
			return SIM_NO_ANSWER;
		}
		sim_wait(call->answered && call->ready < until ? call->ready : until);
	}
	bool there = !sim_dead() && sim_now() >= call->engine->kafka_cut_until;
	return there ? call->answer : SIM_NO_ANSWER;
}

enum sim_answer sim_call_ask(struct sim_call *call, int64_t patience_us)
{
	sim_call_send(call);
	return sim_call_await(call, patience_us);
}

/* ---- logs ---- */

struct sim_log *sim_log_add(const char *topic, enum tw_family family, int32_t partition)
{
	struct sim_world *world = sim_world();
	struct sim_log *log = &world->logs[world->log_count++];
	*log = (struct sim_log){.topic = topic, .family = family, .partition = partition, .committed = -1};
	return log;
}

static struct sim_record *record_add(struct sim_log *log)
{
	if (log->count == log->room) {
		int64_t room = log->room ? log->room * 2 : SIM_RECORDS_FIRST;
		struct sim_record *records = sim_alloc((size_t)room * sizeof(*records));
		if (log->count) {
			memcpy(records, log->records, (size_t)log->count * sizeof(*records));
		}
		log->records = records;
		log->room = room;
	}
	return &log->records[log->count++];
}

void sim_log_append(struct sim_log *log, struct tw_slice key, struct tw_slice value)
{
	*record_add(log) = (struct sim_record){.key = key, .value = value, .data = true};
	log->data_end = log->count;
}

void sim_log_gap(struct sim_log *log)
{
	*record_add(log) = (struct sim_record){.data = false};
}

enum sim_answer sim_fetch_end(struct sim_call *call)
{
	call->first = 0;
	call->end = sim_world()->logs[call->log].count;
	return SIM_OK;
}

enum sim_answer sim_fetch_committed(struct sim_call *call)
{
	struct sim_world *world = sim_world();
	for (uint32_t i = 0; i < world->log_count; i++) {
		if ((call->logs >> i & 1) && world->logs[i].pending) {
			return SIM_BUSY;
		}
		call->committed[i] = world->logs[i].committed;
	}
	return SIM_OK;
}

/* ---- transactions ---- */

static struct sim_producer *producer_of(const struct sim_call *call)
{
	return &sim_world()->producers[call->instance];
}

static void finish(struct sim_producer *producer)
{
	if (--producer->unseen) {
		return;
	}
	sim_note("transaction over", producer - sim_world()->producers, producer->committed_last, 0, 0);
	producer->state = SIM_TXN_NONE;
}

/* The markers of a decided transaction are written: what it held is seen, or gone. */
static void outputs_seen(void *context)
{
	struct sim_producer *producer = context;
	struct sim_world *world = sim_world();
	bool facts = false;
	struct sim_output *ordered = NULL; /* the list has the last one first */
	while (producer->outputs) {
		struct sim_output *output = producer->outputs;
		producer->outputs = output->next;
		output->next = ordered;
		ordered = output;
	}
	while (ordered && producer->state == SIM_TXN_COMMITTING) {
		struct sim_output *output = ordered;
		ordered = output->next;
		if (output->kind == TW_OUTPUT_FACT) {
			facts = true;
			sim_log_append(world->facts, (struct tw_slice){"", 0}, output->value);
		}
		output->next = world->committed;
		world->committed = output;
	}
	if (facts) {
		sim_log_gap(world->facts);
	}
	finish(producer);
}

static void offsets_seen(void *context)
{
	struct sim_producer *producer = context;
	struct sim_world *world = sim_world();
	for (uint32_t i = 0; i < producer->offset_count; i++) {
		struct sim_log *log = &world->logs[producer->offsets[i].log];
		log->pending--;
		if (producer->state == SIM_TXN_COMMITTING) {
			sim_note("offset committed", producer->offsets[i].log, producer->offsets[i].offset, log->committed, 0);
			log->committed = producer->offsets[i].offset;
		}
	}
	producer->offset_count = 0;
	finish(producer);
}

static void decide(struct sim_producer *producer, bool commit)
{
	producer->state = commit ? SIM_TXN_COMMITTING : SIM_TXN_ABORTING;
	producer->committed_last = commit;
	producer->unseen = 2;
	sim_note(commit ? "transaction committed" : "transaction aborted", producer - sim_world()->producers, producer->epoch, 0, 0);
	sim_at(sim_now() + sim_delay(), outputs_seen, producer);
	sim_at(sim_now() + sim_delay(), offsets_seen, producer);
}

enum sim_answer sim_init_producer(struct sim_call *call)
{
	struct sim_producer *producer = producer_of(call);
	if (producer->state == SIM_TXN_OPEN) {
		producer->epoch++; /* whoever had it is fenced */
		decide(producer, false);
	}
	if (producer->state != SIM_TXN_NONE) {
		return SIM_BUSY;
	}
	producer->epoch++;
	producer->committed_last = false;
	call->epoch = producer->epoch;
	sim_note("producer taken over", call->instance, producer->epoch, 0, 0);
	return SIM_OK;
}

/* A transaction that is open too long is aborted, and its producer fenced. */
static void time_out(void *context)
{
	struct sim_call *opened = context;
	struct sim_producer *producer = producer_of(opened);
	if (producer->state == SIM_TXN_OPEN && producer->number == (uint64_t)opened->from) {
		producer->epoch++;
		decide(producer, false);
	}
}

static enum sim_answer opened(struct sim_call *call, struct sim_producer *producer)
{
	if (call->epoch != producer->epoch) {
		return SIM_FENCED_PRODUCER;
	}
	if (producer->state == SIM_TXN_COMMITTING || producer->state == SIM_TXN_ABORTING) {
		return SIM_BUSY;
	}
	if (producer->state == SIM_TXN_NONE) {
		producer->state = SIM_TXN_OPEN;
		struct sim_call *watch = sim_alloc(sizeof(*watch));
		*watch = (struct sim_call){.instance = call->instance, .from = (int64_t)++producer->number};
		sim_at(sim_now() + SIM_TXN_US, time_out, watch);
	}
	return SIM_OK;
}

enum sim_answer sim_produce(struct sim_call *call)
{
	struct sim_producer *producer = producer_of(call);
	enum sim_answer answer = opened(call, producer);
	while (answer == SIM_OK && call->outputs) { /* idempotent: what is sent once more has nothing left to bring */
		struct sim_output *output = call->outputs;
		call->outputs = output->next;
		output->next = producer->outputs;
		producer->outputs = output;
	}
	return answer;
}

enum sim_answer sim_send_offsets(struct sim_call *call)
{
	struct sim_producer *producer = producer_of(call);
	enum sim_answer answer = opened(call, producer);
	answer = answer == SIM_OK ? sim_member_check(call->instance, call->member, call->generation) : answer;
	if (sim_world()->control == SIM_COMMITS_ANYBODY && answer != SIM_BUSY && answer != SIM_FENCED_PRODUCER) {
		answer = SIM_OK;
	}
	if (answer != SIM_OK) {
		sim_note("offsets refused", call->instance, answer, call->generation, 0);
		return answer;
	}
	for (uint32_t i = 0; i < call->offset_count; i++) {
		uint32_t at = 0;
		while (at < producer->offset_count && producer->offsets[at].log != call->offsets[i].log) {
			at++;
		}
		if (at == producer->offset_count) {
			sim_world()->logs[call->offsets[i].log].pending++;
			producer->offset_count++;
		}
		producer->offsets[at] = call->offsets[i];
	}
	return SIM_OK;
}

enum sim_answer sim_end_transaction(struct sim_call *call)
{
	struct sim_producer *producer = producer_of(call);
	if (call->epoch != producer->epoch) {
		return SIM_FENCED_PRODUCER;
	}
	if (producer->state == SIM_TXN_OPEN) {
		decide(producer, call->commit);
		return SIM_OK;
	}
	/* asked once more: the answer it had */
	return producer->committed_last == call->commit ? SIM_OK : SIM_NO_TRANSACTION;
}
