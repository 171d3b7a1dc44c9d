/**
 * @file draw_said.c
 * See draw_said.h. What it is held against: draw_answer.c.
 */
#include "engine/state/draw_said.h"

#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/event/keys.h"

#define FORMAT      1U
#define GOVERNMENT  32U /* in the place of a role: beside it */
#define GOODS_BYTES (TW_VARINT_BYTES + 2U * (TW_PAPER_CODE_MAX + 2U))
#define PARTY_BYTES (3U * TW_VARINT_BYTES + 2U * (TW_PAPER_TEXT_MAX + 2U))
#define RUN_BYTES   (4U * TW_VARINT_BYTES)
#define BYTES_MAX   (5U * TW_VARINT_BYTES + TW_DRAW_GOODS_MAX * GOODS_BYTES + TW_DRAW_PARTIES_MAX * PARTY_BYTES + TW_DRAW_RUNS_MAX * RUN_BYTES)

/* ---- goods ---- */

static bool is_said(const struct tw_draw_goods *goods, uint32_t count, const struct tw_draw_goods *one)
{
	for (uint32_t i = 0; i < count; i++) {
		if (goods[i].line == one->line && tw_slice_equal(goods[i].make, one->make) && tw_slice_equal(goods[i].model, one->model)) {
			return true;
		}
	}
	return false;
}

static unsigned char *goods_put(unsigned char *at, const struct tw_list *list)
{
	const struct tw_drawn *drawn = list->data;
	struct tw_draw_goods goods[TW_DRAW_GOODS_MAX];
	uint32_t count = 0;
	for (uint32_t i = 0; i < list->count && count < TW_DRAW_GOODS_MAX; i++) {
		struct tw_draw_goods one = {drawn[i].line, tw_slice_of(drawn[i].item->make), tw_slice_of(drawn[i].item->model)};
		if (one.make.len + one.model.len && !is_said(goods, count, &one)) {
			goods[count++] = one;
		}
	}
	at = tw_varint_put(at, count);
	for (uint32_t i = 0; i < count; i++) {
		at = tw_varint_put(at, (uint64_t)goods[i].line);
		at = tw_head_put(at, goods[i].make, TW_PAPER_CODE_MAX);
		at = tw_head_put(at, goods[i].model, TW_PAPER_CODE_MAX);
	}
	return at;
}

/* ---- parties ---- */

static bool is_to_be_named(const struct tw_party *party)
{
	uint32_t role = party->role.value;
	bool asked = role == TW_ROLE_CONSIGNOR || role == TW_ROLE_CONSIGNEE || role == TW_ROLE_END_USER || role == TW_ROLE_BROKER ||
	             role == TW_ROLE_INTERMEDIATE;
	return asked && tw_stated(party->name.span);
}

/* @return NULL at the arena's ceiling */
static unsigned char *party_put(unsigned char *at, const struct tw_party *party, struct tw_arena *arena)
{
	struct tw_slice key = tw_key_party(party, arena);
	if (!key.ptr) {
		return NULL;
	}
	struct tw_text country = tw_stated(party->country.span) ? party->country : party->address.country;
	at = tw_varint_put(at, party->role.value | (party->kind.value == TW_PARTY_GOVERNMENT ? GOVERNMENT : 0U));
	at = tw_varint_put(at, tw_country_code(tw_slice_of(country)));
	at = tw_varint_put(at, key.len ? tw_hash64(key.ptr, key.len, 0) : 0);
	at = tw_head_put(at, tw_slice_of(party->name), TW_PAPER_TEXT_MAX);
	return tw_head_put(at, tw_slice_of(party->original_name), TW_PAPER_TEXT_MAX);
}

static unsigned char *parties_put(unsigned char *at, const struct tw_list *list, struct tw_arena *arena)
{
	const struct tw_party *parties = list->data;
	uint32_t count = 0;
	for (uint32_t i = 0; i < list->count; i++) {
		count += count < TW_DRAW_PARTIES_MAX && is_to_be_named(&parties[i]);
	}
	at = tw_varint_put(at, count);
	for (uint32_t i = 0; i < list->count && count && at; i++) {
		if (is_to_be_named(&parties[i])) {
			at = party_put(at, &parties[i], arena);
			count--;
		}
	}
	return at;
}

/* ---- serials ---- */

/* @return false at the arena's ceiling */
static bool runs_of(const struct tw_list *list, struct tw_arena *arena, struct tw_list *runs)
{
	const struct tw_drawn *drawn = list->data;
	uint32_t left = TW_DRAW_MARKS_MAX;
	for (uint32_t i = 0; i < list->count; i++) {
		const struct tw_list *marks = &drawn[i].item->markings;
		bool again = i && drawn[i - 1].item == drawn[i].item;
		for (uint32_t k = 0; k < marks->count && !again && left; k++, left--) {
			if (!tw_draw_run_add(&((const struct tw_marking *)marks->data)[k], tw_slice_of(drawn[i].item->make), arena, runs)) {
				return false;
			}
		}
	}
	tw_draw_runs_join(runs);
	return true;
}

bool tw_draw_run_add(const struct tw_marking *mark, struct tw_slice make, struct tw_arena *arena, struct tw_list *runs)
{
	struct tw_slice key;
	struct tw_run run = {0, 0, 0};
	tw_series_of(mark, make, arena, &key, &run);
	struct tw_draw_run *kept = key.len ? tw_list_push(arena, runs, sizeof(*kept)) : NULL;
	if (kept) {
		*kept = (struct tw_draw_run){(uint32_t)tw_entity_hash(TW_ENTITY_MARKING, key), run};
	}
	return key.ptr && (key.len == 0 || kept);
}

int tw_draw_run_order(const void *left, const void *right)
{
	const struct tw_draw_run *a = left, *b = right;
	if (a->series != b->series) {
		return a->series < b->series ? -1 : 1;
	}
	if (a->run.letters != b->run.letters) {
		return a->run.letters < b->run.letters ? -1 : 1;
	}
	return (a->run.first > b->run.first) - (a->run.first < b->run.first);
}

void tw_draw_runs_join(struct tw_list *runs)
{
	struct tw_draw_run *run = runs->data;
	uint32_t kept = 0;
	if (runs->count > 1) {
		qsort(run, runs->count, sizeof(*run), tw_draw_run_order);
	}
	for (uint32_t i = 0; i < runs->count; i++) {
		struct tw_draw_run *last = kept ? &run[kept - 1] : NULL;
		bool same = last && last->series == run[i].series && last->run.letters == run[i].run.letters;
		if (same && run[i].run.first <= last->run.last + 1) {
			last->run.last = run[i].run.last > last->run.last ? run[i].run.last : last->run.last;
		} else {
			run[kept++] = run[i];
		}
	}
	runs->count = kept;
}

static unsigned char *runs_put(unsigned char *at, const struct tw_list *list)
{
	const struct tw_draw_run *runs = list->data;
	uint32_t count = list->count < TW_DRAW_RUNS_MAX ? list->count : TW_DRAW_RUNS_MAX;
	at = tw_varint_put(at, count);
	for (uint32_t i = 0; i < count; i++) {
		at = tw_varint_put(at, runs[i].series);
		at = tw_varint_put(at, runs[i].run.letters);
		at = tw_varint_put(at, runs[i].run.first);
		at = tw_varint_put(at, runs[i].run.last - runs[i].run.first);
	}
	return at;
}

/* ---- contract ---- */

uint64_t tw_contract_hash(struct tw_slice number, struct tw_arena *arena, bool *full)
{
	struct tw_slice reduced = number.len ? tw_text_alnum(number, arena) : number;
	*full = *full || (number.len && !reduced.ptr);
	return reduced.len ? tw_hash64(reduced.ptr, reduced.len, 0) | 1 : 0;
}

/* The first contract among the papers of a consignment. */
static unsigned char *contract_put(unsigned char *at, const struct tw_list *list, struct tw_arena *arena)
{
	const struct tw_document *documents = list->data;
	bool full = false;
	for (uint32_t i = 0; i < list->count; i++) {
		bool named = tw_slice_is(tw_slice_of(documents[i].kind), "contract") && tw_stated(documents[i].number.span);
		uint64_t hash = named ? tw_contract_hash(tw_slice_of(documents[i].number), arena, &full) : 0;
		if (hash || full) {
			return full ? NULL : tw_varint_put(at, hash);
		}
	}
	return at;
}

void tw_draw_said_put(struct tw_drafts *drafts, uint32_t number, const struct tw_consignment *consignment, struct tw_slice key,
                      struct tw_version version)
{
	unsigned char wide[BYTES_MAX];
	struct tw_list runs = {NULL, 0, 0};
	const struct tw_list *drawn = &tw_drafts_at(drafts, number)->drawn;
	if (drafts->code) {
		return;
	}
	unsigned char *at = goods_put(tw_varint_put(wide, FORMAT), drawn);
	at = runs_of(drawn, drafts->arena, &runs) ? parties_put(at, &consignment->parties, drafts->arena) : NULL;
	at = at ? contract_put(runs_put(at, &runs), &consignment->documents, drafts->arena) : NULL;
	struct tw_element element = {tw_element_key(TW_ELEMENT_DRAW_SAID, key, drafts->arena), version, {NULL, 0}};
	if (at) {
		element.bytes = tw_arena_copy(drafts->arena, (struct tw_slice){(const char *)wide, (uint32_t)(at - wide)});
	}
	drafts->code = element.key.ptr && element.bytes.ptr ? TW_OK : TW_E_MEMORY;
	tw_drafts_put(drafts, number, element);
}

/* ---- reading ---- */

/* @return how many, at most `most`; more than that are bytes of something else */
static uint32_t count_take(struct tw_cursor *cursor, uint32_t most)
{
	uint64_t count = tw_varint_take(cursor);
	cursor->bad = cursor->bad || count > most;
	return cursor->bad ? 0 : (uint32_t)count;
}

static void party_take(struct tw_cursor *cursor, struct tw_draw_party *out)
{
	uint64_t role = tw_varint_take(cursor);
	out->government = role & GOVERNMENT;
	role &= ~(uint64_t)GOVERNMENT;
	out->party.role = role <= TW_ROLE_EXPORTER ? (enum tw_party_role)role : (enum tw_party_role)0;
	out->party.country = (uint16_t)tw_varint_take(cursor);
	out->party.key = tw_varint_take(cursor);
	out->party.name = tw_bytes_take(cursor);
	out->original_name = tw_bytes_take(cursor);
}

bool tw_draw_said_read(const struct tw_element *element, struct tw_draw_said *out)
{
	struct tw_cursor cursor = tw_cursor_of(element->bytes);
	if (!tw_element_is(element, TW_ELEMENT_DRAW_SAID) || tw_varint_take(&cursor) != FORMAT) {
		return false;
	}
	out->goods_count = count_take(&cursor, TW_DRAW_GOODS_MAX);
	for (uint32_t i = 0; i < out->goods_count; i++) {
		out->goods[i].line = (int64_t)tw_varint_take(&cursor);
		out->goods[i].make = tw_bytes_take(&cursor);
		out->goods[i].model = tw_bytes_take(&cursor);
	}
	out->party_count = count_take(&cursor, TW_DRAW_PARTIES_MAX);
	for (uint32_t i = 0; i < out->party_count; i++) {
		party_take(&cursor, &out->party[i]);
	}
	out->run_count = count_take(&cursor, TW_DRAW_RUNS_MAX);
	for (uint32_t i = 0; i < out->run_count; i++) {
		struct tw_draw_run *run = &out->run[i];
		run->series = (uint32_t)tw_varint_take(&cursor);
		run->run.letters = (uint32_t)tw_varint_take(&cursor);
		run->run.first = tw_varint_take(&cursor);
		uint64_t more = tw_varint_take(&cursor);
		run->run.last = more > UINT64_MAX - run->run.first ? UINT64_MAX : run->run.first + more;
	}
	out->contract = !cursor.bad && cursor.at < cursor.end ? tw_varint_take(&cursor) : 0;
	return !cursor.bad && cursor.at == cursor.end;
}
