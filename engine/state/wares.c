/**
 * @file wares.c
 * See wares.h.
 */
#include "engine/state/wares.h"

#include <stdlib.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/state/question.h"
#include "engine/state/usual.h"

#define WARES_KEY_BYTES 9U /* class, hash */

static const struct tw_slice between = {" | ", 3}, marked = {"marked ", 7};

static uint32_t append(char *out, uint32_t used, struct tw_slice text)
{
	struct tw_slice head = tw_text_head(text, TW_WARES_BYTES_MAX - used);
	if (head.len) {
		memcpy(out + used, head.ptr, head.len);
	}
	return used + head.len;
}

/* "marked slide": what no description says, a mark may. A component that the line before it was marked on too is said once. */
static uint32_t components(const struct tw_item *item, char *out, uint32_t used)
{
	const struct tw_marking *marks = item->markings.data;
	const struct tw_text *last = NULL;
	for (uint32_t i = 0; i < item->markings.count && used + between.len + marked.len < TW_WARES_BYTES_MAX; i++) {
		const struct tw_text *component = &marks[i].component;
		if (component->len && !(last && tw_slice_equal(tw_slice_of(*last), tw_slice_of(*component)))) {
			used = used ? append(out, used, between) : used;
			used = append(out, append(out, used, marked), tw_slice_of(*component));
			last = component;
		}
	}
	return used;
}

static struct tw_slice goods_of(const struct tw_consignment *consignment, char out[TW_WARES_BYTES_MAX])
{
	const struct tw_item *items = consignment->items.data;
	uint32_t used = 0;
	for (uint32_t i = 0; i < consignment->items.count && used + between.len < TW_WARES_BYTES_MAX; i++) {
		if (items[i].description.len) {
			used = used ? append(out, used, between) : used;
			used = append(out, used, tw_slice_of(items[i].description));
		}
		used = components(&items[i], out, used);
	}
	return (struct tw_slice){out, used};
}

/* Key and bytes of the element. @return false at the arena's ceiling */
static bool element_of(struct tw_slice key, struct tw_slice goods, struct tw_arena *arena, struct tw_element *out)
{
	char *at = tw_arena_alloc_raw(arena, WARES_KEY_BYTES + TW_VARINT_BYTES + (size_t)key.len + goods.len);
	if (!at) {
		return false;
	}
	uint64_t hash = tw_hash64(key.ptr, key.len, 0);
	at[0] = TW_ELEMENT_WARES;
	for (uint32_t i = 0; i < 8; i++) {
		at[1 + i] = (char)(unsigned char)(hash >> (56 - 8 * i));
	}
	out->key = (struct tw_slice){at, WARES_KEY_BYTES};
	char *bytes = at + WARES_KEY_BYTES, *to = (char *)tw_varint_put((unsigned char *)bytes, key.len);
	memcpy(to, key.ptr, key.len);
	memcpy(to + key.len, goods.ptr, goods.len);
	out->bytes = (struct tw_slice){bytes, (uint32_t)(to - bytes) + key.len + goods.len};
	return true;
}

/* Of a receiver, or part of one. */
static bool receives(const struct tw_mention *mention, const struct tw_list *list)
{
	const struct tw_party *parties = list->data;
	bool kind = mention->kind == TW_ENTITY_PARTY || mention->kind == TW_ENTITY_ADDRESS || mention->kind == TW_ENTITY_PHONE ||
	            mention->kind == TW_ENTITY_EMAIL;
	for (uint32_t i = 0; kind && i < list->count; i++) {
		const char *begin = (const char *)&parties[i], *at = mention->subject;
		if (parties[i].role.value == TW_ROLE_CONSIGNEE && at >= begin && at < begin + sizeof(parties[i])) {
			return true;
		}
	}
	return false;
}

void tw_wares_put(struct tw_drafts *drafts, const struct tw_consignment *consignment, struct tw_version version, struct tw_slice key)
{
	char text[TW_WARES_BYTES_MAX];
	struct tw_measures measures = tw_measures_of(consignment);
	struct tw_slice goods = goods_of(consignment, text);
	struct tw_element element = {.version = {0, version.time_ms, version.id}};
	if (drafts->code || goods.len == 0 || measures.e4[TW_USUAL_KG] > TW_WARES_KG_MAX * INT64_C(10000)) {
		return;
	}
	if (!element_of(key, goods, drafts->arena, &element)) {
		drafts->code = TW_E_MEMORY;
		return;
	}
	for (uint32_t i = 0; i < drafts->mention.count && !drafts->code; i++) {
		const struct tw_mention *mention = &((const struct tw_mention *)drafts->mention.data)[i];
		if (receives(mention, &consignment->parties)) {
			tw_drafts_put(drafts, mention->operation, element);
		}
	}
}

/* ---- answers ---- */

bool tw_wares_read(const struct tw_element *element, struct tw_earlier *out)
{
	struct tw_cursor cursor = tw_cursor_of(element->bytes);
	if (element->key.len != WARES_KEY_BYTES || element->key.ptr[0] != TW_ELEMENT_WARES) {
		return false;
	}
	out->consignment = tw_bytes_take(&cursor);
	out->goods = (struct tw_slice){(const char *)cursor.at, (uint32_t)(cursor.end - cursor.at)};
	return !cursor.bad;
}

static int latest_first(const void *left, const void *right)
{
	const struct tw_element *const *a = left, *const *b = right;
	int order = tw_element_compare(*b, *a);
	return order ? order : tw_slice_compare((*a)->key, (*b)->key);
}

bool tw_answer_wares(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer)
{
	const struct tw_element *kept[TW_WARES_MAX];
	struct tw_earlier *earlier = tw_arena_alloc_raw(arena, TW_WARES_MAX * sizeof(*earlier));
	int32_t day = tw_instant_day(question->event->time.ms);
	uint32_t count = 0, window = question->query->window_days;
	if (!earlier) {
		return false;
	}
	for (uint32_t i = 0; i < question->state->element_count && count < TW_WARES_MAX; i++) {
		const struct tw_element *element = &question->state->elements[i];
		int64_t back = (int64_t)day - tw_instant_day(element->version.time_ms);
		bool own = !tw_wares_read(element, &earlier[0]) || tw_slice_equal(earlier[0].consignment, question->consignment);
		if (!own && (window == 0 || (back <= (int64_t)window && -back <= (int64_t)window))) {
			kept[count++] = element;
		}
	}
	qsort(kept, count, sizeof(*kept), latest_first);
	for (uint32_t i = 0; i < count; i++) {
		if (tw_wares_read(kept[i], &earlier[i]) && i < sizeof(answer->related) / sizeof(answer->related[0])) {
			answer->related[answer->related_count++] = earlier[i].consignment;
		}
	}
	answer->earlier = earlier;
	answer->earlier_count = count;
	tw_answer_value(answer, count);
	return true;
}
