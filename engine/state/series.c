/**
 * @file series.c
 * See series.h. What is answered from it is series_answer.c.
 */
#include "engine/state/series.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/event/keys.h"
#include "engine/event/serial.h"
#include "engine/state/series_part.h"

#define RUN_BYTES_MAX (3U * TW_VARINT_BYTES)

/* ---- a mark's series and run ---- */

/* What stands before the number, as written: a hash, so that look-alikes are told apart. */
static uint32_t letters_of(struct tw_slice written)
{
	uint32_t length = written.len;
	while (length && written.ptr[length - 1] >= '0' && written.ptr[length - 1] <= '9') {
		length--;
	}
	return (uint32_t)tw_hash64(written.ptr, length, 0);
}

struct end {
	struct tw_serial serial; /* folded */
	uint32_t letters;
	bool none;
};

static bool end_read(struct tw_slice text, struct tw_arena *arena, struct end *out)
{
	struct tw_slice written = tw_text_alnum(text, arena), folded = tw_text_confusable(text, arena);
	if (!written.ptr || !folded.ptr) {
		return false;
	}
	out->none = tw_serial_is_partial(text) || !tw_serial_read(folded, &out->serial);
	out->letters = letters_of(written);
	return true;
}

/* Folding may draw letters into the number (AB17 is A817): then a range must have kept its length. */
static bool is_run(const struct end *from, const struct end *to, const struct tw_marking *marking)
{
	uint32_t before = from->serial.length - from->serial.digits;
	bool alike = from->letters == to->letters && to->serial.length - to->serial.digits == before &&
	             memcmp(from->serial.text, to->serial.text, before) == 0 && from->serial.number <= to->serial.number;
	return alike && (to->serial.number - from->serial.number + 1) * 10000 == (uint64_t)marking->pieces.e4;
}

/* @param first out: the end that the run begins with @return false at the arena's ceiling; `first->none`: the mark is in no series */
static bool run_of(const struct tw_marking *marking, struct tw_arena *arena, struct end *first, struct tw_run *run)
{
	bool range = marking->kind.value == TW_MARKING_SERIAL_RANGE;
	struct end last;
	first->none = true;
	if (marking->kind.value == TW_MARKING_LOT || marking->kind.value == TW_MARKING_IMPORT_MARK || (range && !tw_stated(marking->pieces.span))) {
		return true;
	}
	if (!end_read(tw_slice_of(range ? marking->from : marking->value), arena, first)) {
		return false;
	}
	last = *first;
	if (range && !end_read(tw_slice_of(marking->to), arena, &last)) {
		return false;
	}
	first->none = first->none || last.none || (range && !is_run(first, &last, marking));
	if (!first->none) {
		*run = (struct tw_run){first->serial.number, last.serial.number, first->letters};
	}
	return true;
}

void tw_series_of(const struct tw_marking *marking, struct tw_slice make, struct tw_arena *arena, struct tw_slice *key, struct tw_run *run)
{
	struct end first;
	*key = (struct tw_slice){"", 0};
	if (!run_of(marking, arena, &first, run)) {
		key->ptr = NULL;
	} else if (!first.none) {
		*key = tw_key_series(tw_stated(marking->make.span) ? tw_slice_of(marking->make) : make,
		                     (struct tw_slice){first.serial.text, first.serial.length - first.serial.digits}, arena);
	}
}

/* ---- writing ---- */

/* One event says the same of most of its marks. */
static bool said_add(struct tw_list *list, const struct tw_run *run, struct tw_slice packed, struct tw_arena *arena)
{
	struct tw_said *said = list->data;
	packed = list->count >= TW_SAID_MAX ? (struct tw_slice){"", 0} : packed;
	for (uint32_t i = list->count; i; i--) {
		struct tw_said *same = &said[i - 1];
		if (same->packed.ptr == packed.ptr || tw_slice_equal(same->packed, packed)) {
			same->first = run->first < same->first ? run->first : same->first;
			same->last = run->last > same->last ? run->last : same->last;
			return true;
		}
	}
	said = list->count <= TW_SAID_MAX ? tw_list_push(arena, list, sizeof(*said)) : NULL;
	if (said) {
		*said = (struct tw_said){run->first, run->last, packed};
	}
	return said != NULL;
}

bool tw_runs_add(struct tw_drafts *drafts, uint32_t number, const struct tw_run *run, struct tw_slice packed)
{
	struct tw_draft *draft = tw_drafts_at(drafts, number);
	struct tw_run *kept = tw_list_push(drafts->arena, &draft->runs, sizeof(*kept));
	if (kept) {
		*kept = *run;
	}
	return kept && said_add(&draft->said, run, packed, drafts->arena);
}

/* So that a serial without its maker finds the series. @param series its key */
static uint32_t index_series(struct tw_drafts *drafts, struct tw_slice series)
{
	struct tw_slice index = tw_key_series_index(series, drafts->arena);
	struct tw_slice name = tw_element_key(TW_ELEMENT_MAKER, series, drafts->arena);
	drafts->code = name.ptr || drafts->code ? drafts->code : TW_E_MEMORY;
	uint32_t number = tw_drafts_mention(drafts, TW_ENTITY_MARKING, index, NULL, NULL);
	tw_drafts_put(drafts, number, (struct tw_element){name, {0, 0, 0}, {"", 0}});
	return number;
}

/* @return its draft's number; TW_NO_OPERATION: the mark is in none, or after a failure */
static uint32_t series_mention(struct tw_drafts *drafts, const struct tw_marking *marking, struct tw_slice make, struct tw_run *run)
{
	struct tw_series_last *last = &drafts->last;
	struct end first;
	if (!run_of(marking, drafts->arena, &first, run)) {
		drafts->code = TW_E_MEMORY;
		return TW_NO_OPERATION;
	}
	if (first.none) {
		return TW_NO_OPERATION;
	}
	struct tw_slice maker = tw_stated(marking->make.span) ? tw_slice_of(marking->make) : make;
	struct tw_slice letters = {first.serial.text, first.serial.length - first.serial.digits};
	if (last->number != TW_NO_OPERATION && maker.ptr == last->make.ptr && maker.len == last->make.len && letters.len == last->length &&
	    memcmp(letters.ptr, last->letters, letters.len) == 0) {
		return last->number;
	}
	last->number = tw_drafts_mention(drafts, TW_ENTITY_MARKING, tw_key_series(maker, letters, drafts->arena), NULL, NULL);
	last->index = TW_NO_OPERATION;
	last->make = maker;
	last->length = letters.len;
	memcpy(last->letters, letters.ptr, letters.len);
	return last->number;
}

bool tw_series_mention(struct tw_drafts *drafts, const struct tw_marking *marking, struct tw_slice make, struct tw_slice packed)
{
	struct tw_run run = {0, 0, 0};
	uint32_t number = drafts->code || drafts->series == TW_SERIES_MAX ? TW_NO_OPERATION : series_mention(drafts, marking, make, &run);
	if (number == TW_NO_OPERATION) {
		return false;
	}
	bool first = tw_drafts_at(drafts, number)->runs.count == 0;
	if (!tw_runs_add(drafts, number, &run, packed)) {
		drafts->code = TW_E_MEMORY;
		return false;
	}
	drafts->series += first;
	const uint32_t mention = drafts->mention.count - 1;
	if (drafts->last.index == TW_NO_OPERATION) {
		drafts->last.index = index_series(drafts, tw_drafts_at(drafts, number)->operation.key);
	}
	const struct tw_mark_parts *parts = tw_series_parts_mention(drafts, number, drafts->last.index, &run, packed);
	((struct tw_mention *)drafts->mention.data)[mention].parts = parts;
	return parts;
}

static int by_letters_then_first(const void *left, const void *right)
{
	const struct tw_run *a = left, *b = right;
	if (a->letters != b->letters) {
		return a->letters < b->letters ? -1 : 1;
	}
	return (a->first > b->first) - (a->first < b->first);
}

static void runs_join(struct tw_list *list)
{
	struct tw_run *runs = list->data;
	uint32_t kept = 0;
	qsort(runs, list->count, sizeof(*runs), by_letters_then_first);
	for (uint32_t i = 0; i < list->count; i++) {
		struct tw_run *last = kept ? &runs[kept - 1] : NULL;
		if (last && last->letters == runs[i].letters && runs[i].first <= last->last + 1) {
			last->last = runs[i].last > last->last ? runs[i].last : last->last;
		} else {
			runs[kept++] = runs[i];
		}
	}
	list->count = kept;
}

static size_t said_bytes(const struct tw_list *list)
{
	const struct tw_said *said = list->data;
	size_t bytes = TW_VARINT_BYTES;
	for (uint32_t i = 0; i < list->count; i++) {
		bytes += RUN_BYTES_MAX + said[i].packed.len;
	}
	return bytes;
}

static unsigned char *said_put(unsigned char *at, const struct tw_list *list)
{
	const struct tw_said *said = list->data;
	at = tw_varint_put(at, list->count);
	for (uint32_t i = 0; i < list->count; i++) {
		at = tw_varint_put(at, said[i].first);
		at = tw_varint_put(at, said[i].last - said[i].first);
		at = tw_varint_put(at, said[i].packed.len);
		memcpy(at, said[i].packed.ptr, said[i].packed.len);
		at += said[i].packed.len;
	}
	return at;
}

/* @param head the byte before the runs */
static struct tw_slice runs_write(struct tw_draft *draft, unsigned char head, struct tw_arena *arena)
{
	struct tw_list *list = &draft->runs;
	runs_join(list);
	const struct tw_run *runs = list->data;
	size_t bytes = 1 + TW_VARINT_BYTES + (size_t)list->count * RUN_BYTES_MAX + said_bytes(&draft->said);
	unsigned char *out = tw_arena_alloc_raw(arena, bytes);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	*out = head;
	unsigned char *at = tw_varint_put(out + 1, list->count);
	for (uint32_t i = 0; i < list->count; i++) {
		at = tw_varint_put(at, runs[i].letters);
		at = tw_varint_put(at, runs[i].first);
		at = tw_varint_put(at, runs[i].last - runs[i].first);
	}
	at = said_put(at, &draft->said);
	return (struct tw_slice){(const char *)out, (uint32_t)(at - out)};
}

/* Whose first byte is an event's type. */
bool tw_runs_are_typed(char class)
{
	return class == TW_ELEMENT_REPORTED || class == TW_ELEMENT_MET;
}

void tw_series_put(struct tw_drafts *drafts, char class, struct tw_slice name, struct tw_version version, enum tw_event_type type)
{
	unsigned char head = tw_runs_are_typed(class) ? (unsigned char)type : (unsigned char)TW_DRAW_STANDS;
	for (uint32_t i = 0; i < drafts->draft.count && drafts->series && !drafts->code; i++) {
		struct tw_draft *draft = tw_drafts_at(drafts, i);
		if (draft->runs.count) {
			struct tw_element element = {tw_element_key(class, name, drafts->arena), version, runs_write(draft, head, drafts->arena)};
			drafts->code = element.key.ptr && element.bytes.ptr ? drafts->code : TW_E_MEMORY;
			tw_drafts_put(drafts, i, element);
		}
	}
}

/* ---- reading ---- */

struct tw_cursor tw_runs_read(const struct tw_element *element, uint64_t *left)
{
	struct tw_cursor cursor = tw_cursor_of(element->bytes);
	char class = element->key.len ? element->key.ptr[0] : '\0';
	uint64_t head = tw_varint_take(&cursor);
	bool stands = tw_runs_are_typed(class) || head == TW_DRAW_STANDS;
	*left = stands ? tw_varint_take(&cursor) : 0;
	return cursor;
}

bool tw_runs_next(struct tw_cursor *cursor, uint64_t *left, struct tw_run *out)
{
	if (*left == 0) {
		return false;
	}
	--*left;
	out->letters = (uint32_t)tw_varint_take(cursor);
	out->first = tw_varint_take(cursor);
	uint64_t more = tw_varint_take(cursor);
	out->last = more > UINT64_MAX - out->first ? UINT64_MAX : out->first + more;
	return !cursor->bad;
}

void tw_runs_said(const struct tw_element *element, uint64_t number, struct tw_particulars *out)
{
	uint64_t left = 0;
	struct tw_run run;
	struct tw_cursor cursor = tw_runs_read(element, &left);
	bool any = left > 0;
	while (tw_runs_next(&cursor, &left, &run)) {
	}
	left = any && !cursor.bad ? tw_varint_take(&cursor) : 0;
	for (; left && !cursor.bad; left--) {
		uint64_t first = tw_varint_take(&cursor), more = tw_varint_take(&cursor);
		struct tw_slice packed = tw_bytes_take(&cursor);
		if (!cursor.bad && number >= first && number - first <= more) {
			tw_particulars_read(packed, out);
			return;
		}
	}
}

bool tw_has_runs(const struct tw_element *element)
{
	return tw_element_is(element, TW_ELEMENT_SHIPPED) || tw_element_is(element, TW_ELEMENT_COVERED) ||
	       tw_element_is(element, TW_ELEMENT_REPORTED) || tw_element_is(element, TW_ELEMENT_MET);
}

/* A view has a key from several records: it stands where it does in one of them. */
static bool key_stands(const struct tw_state *series, const struct tw_element *element)
{
	const struct tw_element *end = series->elements + series->element_count, *at = element;
	while (at > series->elements && tw_slice_equal(at[-1].key, element->key)) {
		at--;
	}
	for (; at < end && tw_slice_equal(at->key, element->key); at++) {
		if (tw_draws_stand(at->bytes)) {
			return true;
		}
	}
	return false;
}

bool tw_series_stands(const struct tw_state *series, struct tw_slice consignment)
{
	uint32_t from = 0, to = series ? series->element_count : 0;
	while (from < to) { /* elements ascend by class, then by name */
		const struct tw_element *element = &series->elements[from + (to - from) / 2];
		int order = tw_element_is(element, TW_ELEMENT_SHIPPED) ? tw_slice_compare(tw_element_tail(element), consignment)
		            : element->key.len                         ? (unsigned char)element->key.ptr[0] - TW_ELEMENT_SHIPPED
		                                                       : -1;
		if (order == 0) {
			return key_stands(series, element);
		}
		if (order < 0) {
			from = (uint32_t)(element - series->elements) + 1;
		} else {
			to = (uint32_t)(element - series->elements);
		}
	}
	return true;
}
