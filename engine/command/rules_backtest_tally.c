/**
 * @file rules_backtest_tally.c
 * See rules_backtest.h. Rules go by their number in the union of both editions, in id order.
 */
#include "engine/command/rules_backtest.h"

#include <stdlib.h>

#include "engine/base/time.h"
#include "rules/trace.h"

#define ARENA_BLOCK_BYTES ((size_t)1024 * 1024)
#define ROOM_FIRST        1024U

static enum tw_code memory_out(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a backtest", NULL, NULL);
}

static enum tw_code limit_passed(const char *what, struct tw_error *err)
{
	return tw_fail(err, TW_E_LIMIT, TW_STOP, "the history is more than one backtest may hold: narrow --from and --to", NULL, "%s", what);
}

/* ---- both editions as one ---- */

static void rule_take(struct tw_backtest *backtest, enum tw_side side, uint32_t at)
{
	struct tw_backtest_rule *rule = &backtest->rule[backtest->rule_count];
	rule->info[side] = tw_rules_info(backtest->rules[side], at);
	rule->id = rule->info[side]->id;
	rule->title = rule->info[side]->title;
	backtest->number[side][at] = backtest->rule_count;
}

/* Both are in id order: one walk over both. */
static void rules_unite(struct tw_backtest *backtest)
{
	uint32_t i = 0, j = 0, olds = tw_rules_count(backtest->rules[TW_BEFORE]), nows = tw_rules_count(backtest->rules[TW_AFTER]);
	while (i < olds || j < nows) {
		int order = i == olds ? 1
		            : j == nows
		                ? -1
		                : tw_slice_compare(tw_rules_info(backtest->rules[TW_BEFORE], i)->id, tw_rules_info(backtest->rules[TW_AFTER], j)->id);
		if (order <= 0) {
			rule_take(backtest, TW_BEFORE, i++);
		}
		if (order >= 0) {
			rule_take(backtest, TW_AFTER, j++);
		}
		backtest->rule_count++;
	}
}

enum tw_code tw_backtest_init(struct tw_backtest *backtest, const struct tw_rules *before, const struct tw_rules *after, uint32_t capacity,
                              struct tw_error *err)
{
	size_t olds = tw_rules_count(before), nows = tw_rules_count(after);
	*backtest = (struct tw_backtest){.rules = {before, after}, .capacity = capacity, .seen_room = ROOM_FIRST, .pair_room = ROOM_FIRST};
	tw_arena_init(&backtest->arena, ARENA_BLOCK_BYTES, TW_BACKTEST_CASE_BYTES_MAX);
	backtest->number[TW_BEFORE] = tw_arena_alloc(&backtest->arena, olds * sizeof(uint32_t));
	backtest->number[TW_AFTER] = tw_arena_alloc(&backtest->arena, nows * sizeof(uint32_t));
	backtest->rule = tw_arena_alloc(&backtest->arena, (olds + nows) * sizeof(*backtest->rule));
	backtest->held = tw_arena_alloc(&backtest->arena, (TW_FINDINGS_MAX + 1) * sizeof(*backtest->held));
	backtest->held_points = tw_arena_alloc(&backtest->arena, (TW_FINDINGS_MAX + 1) * sizeof(*backtest->held_points));
	backtest->seen = calloc(ROOM_FIRST, sizeof(*backtest->seen));
	backtest->pairs = calloc(ROOM_FIRST, sizeof(*backtest->pairs));
	if (!backtest->number[TW_BEFORE] || !backtest->number[TW_AFTER] || !backtest->rule || !backtest->held || !backtest->held_points ||
	    !backtest->seen || !backtest->pairs) {
		return memory_out(err);
	}
	rules_unite(backtest);
	return TW_OK;
}

void tw_backtest_fini(struct tw_backtest *backtest)
{
	free(backtest->seen);
	free(backtest->pairs);
	tw_arena_fini(&backtest->arena);
}

/* ---- pairs ---- */

static struct tw_backtest_pair *pair_slot(struct tw_backtest_pair *pairs, uint32_t room, uint32_t a, uint32_t b)
{
	uint32_t key[2] = {a, b};
	uint64_t at = tw_hash64(key, sizeof(key), 0);
	while (pairs[at & (room - 1)].b && (pairs[at & (room - 1)].a != a || pairs[at & (room - 1)].b != b)) {
		at++;
	}
	return &pairs[at & (room - 1)];
}

static enum tw_code pairs_grow(struct tw_backtest *backtest, struct tw_error *err)
{
	uint32_t room = backtest->pair_room * 2;
	struct tw_backtest_pair *grown = calloc(room, sizeof(*grown));
	if (!grown) {
		return memory_out(err);
	}
	for (uint32_t i = 0; i < backtest->pair_room; i++) {
		if (backtest->pairs[i].b) {
			*pair_slot(grown, room, backtest->pairs[i].a, backtest->pairs[i].b) = backtest->pairs[i];
		}
	}
	free(backtest->pairs);
	backtest->pairs = grown;
	backtest->pair_room = room;
	return TW_OK;
}

/* `b` is never 0: it is the larger number. */
static enum tw_code pair_count(struct tw_backtest *backtest, enum tw_side side, uint32_t a, uint32_t b, struct tw_error *err)
{
	enum tw_code code = backtest->pair_count >= backtest->pair_room / 2 ? pairs_grow(backtest, err) : TW_OK;
	if (code != TW_OK) {
		return code;
	}
	struct tw_backtest_pair *pair = pair_slot(backtest->pairs, backtest->pair_room, a, b);
	if (!pair->b && backtest->pair_count == TW_BACKTEST_PAIRS_MAX) {
		backtest->pairs_lost++;
		return TW_OK;
	}
	backtest->pair_count += !pair->b;
	pair->a = a;
	pair->b = b;
	pair->together[side]++;
	return TW_OK;
}

/* ---- one event ---- */

/* The event's rules, each once with what it counted for, into `held`: findings are in the order of rules. */
static uint32_t rules_held(struct tw_backtest *backtest, enum tw_side side, const struct tw_findings *findings)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < findings->count; i++) {
		const struct tw_finding *finding = &findings->finding[i];
		uint32_t number = backtest->number[side][tw_rules_find(backtest->rules[side], finding->rule->id)];
		if (count == 0 || backtest->held[count - 1] != number) {
			backtest->held[count] = number;
			backtest->held_points[count++] = 0;
		}
		backtest->held_points[count - 1] += finding->counted;
	}
	return count;
}

static enum tw_code rules_count(struct tw_backtest *backtest, enum tw_side side, uint32_t count, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < count; i++) {
		struct tw_backtest_rule *rule = &backtest->rule[backtest->held[i]];
		rule->fired[side]++;
		rule->alone[side] += count == 1;
		rule->points[side] += backtest->held_points[i];
		for (uint32_t j = i + 1; code == TW_OK && j < count; j++) {
			code = pair_count(backtest, side, backtest->held[i], backtest->held[j], err);
		}
	}
	return code;
}

static bool view_set(struct tw_backtest *backtest, struct tw_backtest_view *view, const struct tw_assessment *assessment, uint32_t count)
{
	if (count > view->hit_room) {
		view->hits = tw_arena_alloc_raw(&backtest->arena, count * sizeof(*view->hits));
		view->hit_room = view->hits ? count : 0;
	}
	for (uint32_t i = 0; view->hits && i < count; i++) {
		view->hits[i] = (struct tw_backtest_hit){backtest->held[i], backtest->held_points[i]};
	}
	view->hit_count = view->hits ? count : 0;
	view->alert = assessment->selection != TW_SELECTION_NONE;
	view->lane = assessment->lane;
	view->points = assessment->points;
	memcpy(view->rank_key, assessment->rank_key, sizeof(view->rank_key));
	return view->hit_count == count;
}

/* ---- consignments ---- */

static struct tw_backtest_seen *seen_slot(struct tw_backtest_seen *seen, uint32_t room, struct tw_hash128 key)
{
	uint64_t at = key.low;
	while (seen[at & (room - 1)].used && (seen[at & (room - 1)].key.low != key.low || seen[at & (room - 1)].key.high != key.high)) {
		at++;
	}
	return &seen[at & (room - 1)];
}

static enum tw_code seen_grow(struct tw_backtest *backtest, struct tw_error *err)
{
	uint32_t room = backtest->seen_room * 2;
	if (backtest->seen_count >= TW_BACKTEST_CONSIGNMENTS_MAX) {
		return limit_passed("consignments", err);
	}
	struct tw_backtest_seen *grown = calloc(room, sizeof(*grown));
	if (!grown) {
		return memory_out(err);
	}
	for (uint32_t i = 0; i < backtest->seen_room; i++) {
		if (backtest->seen[i].used) {
			*seen_slot(grown, room, backtest->seen[i].key) = backtest->seen[i];
		}
	}
	free(backtest->seen);
	backtest->seen = grown;
	backtest->seen_room = room;
	return TW_OK;
}

static struct tw_hash128 key_of(struct tw_slice consignment)
{
	return tw_hash128(consignment.ptr, consignment.len);
}

static enum tw_code seen_of(struct tw_backtest *backtest, struct tw_slice consignment, struct tw_backtest_seen **out, struct tw_error *err)
{
	enum tw_code code = backtest->seen_count >= backtest->seen_room / 2 ? seen_grow(backtest, err) : TW_OK;
	if (code != TW_OK) {
		return code;
	}
	struct tw_backtest_seen *seen = seen_slot(backtest->seen, backtest->seen_room, key_of(consignment));
	if (!seen->used) {
		*seen = (struct tw_backtest_seen){.key = key_of(consignment), .latest = TW_BACKTEST_NONE, .of_day = TW_BACKTEST_NONE, .used = true};
		backtest->seen_count++;
	}
	*out = seen;
	return TW_OK;
}

static struct tw_backtest_case *case_at(const struct tw_backtest *backtest, uint32_t at)
{
	return &((struct tw_backtest_case *)backtest->cases.data)[at];
}

/* The consignment's case of that day, made where there is none. @return TW_BACKTEST_NONE: no memory */
static uint32_t case_of(struct tw_backtest *backtest, struct tw_backtest_seen *seen, struct tw_slice consignment, int32_t day)
{
	if (seen->of_day != TW_BACKTEST_NONE && case_at(backtest, seen->of_day)->day == day) {
		return seen->of_day;
	}
	struct tw_backtest_case *made = tw_list_push(&backtest->arena, &backtest->cases, sizeof(*made));
	if (made) {
		*made = (struct tw_backtest_case){.consignment = tw_arena_copy(&backtest->arena, consignment), .day = day};
		made->view[TW_BEFORE].lane = made->view[TW_AFTER].lane = TW_LANE_GREEN;
		seen->of_day = made->consignment.ptr ? backtest->cases.count - 1 : TW_BACKTEST_NONE;
	}
	return made ? seen->of_day : TW_BACKTEST_NONE;
}

/* Where nothing fires now and nothing was kept of the day, there is nothing to keep. */
static enum tw_code consignment_judged(struct tw_backtest *backtest, struct tw_slice consignment, int32_t day,
                                       const struct tw_backtest_said said[TW_SIDES], struct tw_error *err)
{
	struct tw_backtest_seen *seen;
	bool fired = said[TW_BEFORE].findings->count || said[TW_AFTER].findings->count;
	enum tw_code code = seen_of(backtest, consignment, &seen, err);
	if (code != TW_OK) {
		return code;
	}
	bool kept = seen->of_day != TW_BACKTEST_NONE && case_at(backtest, seen->of_day)->day == day;
	uint32_t at = fired || kept ? case_of(backtest, seen, consignment, day) : TW_BACKTEST_NONE;
	if (at == TW_BACKTEST_NONE && (fired || kept)) {
		return limit_passed("findings", err);
	}
	for (int side = TW_BEFORE; at != TW_BACKTEST_NONE && side < TW_SIDES; side++) {
		uint32_t count = rules_held(backtest, (enum tw_side)side, said[side].findings);
		if (!view_set(backtest, &case_at(backtest, at)->view[side], said[side].assessment, count)) {
			return limit_passed("findings", err);
		}
	}
	seen->latest = seen->result ? seen->latest : at;
	return TW_OK;
}

enum tw_code tw_backtest_judged(struct tw_backtest *backtest, const struct tw_event *event, struct tw_slice consignment,
                                const struct tw_backtest_said said[TW_SIDES], struct tw_error *err)
{
	enum tw_code code = TW_OK;
	backtest->judged++;
	backtest->quiet += !said[TW_BEFORE].findings->count && !said[TW_AFTER].findings->count;
	for (int side = TW_BEFORE; code == TW_OK && side < TW_SIDES; side++) {
		const struct tw_assessment *assessment = said[side].assessment;
		backtest->raised[side][assessment->selection != TW_SELECTION_NONE ? assessment->lane : 0]++;
		code = rules_count(backtest, (enum tw_side)side, rules_held(backtest, (enum tw_side)side, said[side].findings), err);
	}
	bool own = event->type == TW_CONSIGNMENT_DECLARED || event->type == TW_CONSIGNMENT_AMENDED;
	return code == TW_OK && own && consignment.len ? consignment_judged(backtest, consignment, tw_instant_day(event->time.ms), said, err) : code;
}

/* Of several, what was found outweighs that nothing was. */
void tw_backtest_inspected(struct tw_backtest *backtest, const struct tw_outcome *outcome)
{
	struct tw_slice consignment = tw_slice_of(outcome->consignment);
	uint8_t result = (uint8_t)outcome->inspection.result.value;
	struct tw_backtest_seen *seen = seen_slot(backtest->seen, backtest->seen_room, key_of(consignment));
	if (result == TW_RESULT_NOT_EXAMINED || result == 0) {
		backtest->not_examined++;
		return;
	}
	if (!seen->used) {
		backtest->unknown++;
		return;
	}
	backtest->inspected += !seen->result;
	seen->result = result > seen->result ? result : seen->result;
}

/* ---- at the end ---- */

static void seen_count(struct tw_backtest *backtest, const struct tw_backtest_seen *seen, enum tw_side side)
{
	const struct tw_backtest_view *view = seen->latest == TW_BACKTEST_NONE ? NULL : &case_at(backtest, seen->latest)->view[side];
	enum tw_lane lane = view ? view->lane : TW_LANE_GREEN;
	backtest->consignments[side][lane]++;
	if (!seen->result) {
		return;
	}
	bool found = seen->result != TW_RESULT_CONFORM;
	backtest->outcomes[side][lane].examined++;
	backtest->outcomes[side][lane].found += found;
	for (uint32_t i = 0; view && i < view->hit_count; i++) {
		struct tw_backtest_precision *precision = &backtest->rule[view->hits[i].rule].outcomes[side];
		precision->examined++;
		precision->found += found;
	}
}

static int pair_compare(const void *a, const void *b)
{
	const struct tw_backtest_pair *one = a, *other = b;
	uint64_t ones = one->together[TW_BEFORE] + one->together[TW_AFTER], others = other->together[TW_BEFORE] + other->together[TW_AFTER];
	if (ones != others) {
		return ones > others ? -1 : 1;
	}
	if (one->a != other->a) {
		return one->a < other->a ? -1 : 1;
	}
	return one->b < other->b ? -1 : one->b > other->b;
}

static void pairs_sort(struct tw_backtest *backtest)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < backtest->pair_room; i++) {
		if (backtest->pairs[i].b) {
			backtest->pairs[count++] = backtest->pairs[i];
		}
	}
	qsort(backtest->pairs, count, sizeof(*backtest->pairs), pair_compare);
}

enum tw_code tw_backtest_close(struct tw_backtest *backtest, struct tw_error *err)
{
	for (uint32_t i = 0; i < backtest->seen_room; i++) {
		for (int side = TW_BEFORE; backtest->seen[i].used && side < TW_SIDES; side++) {
			seen_count(backtest, &backtest->seen[i], (enum tw_side)side);
		}
	}
	pairs_sort(backtest);
	return tw_backtest_rank(backtest, err);
}
